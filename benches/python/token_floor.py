"""No contender: what any program pays that sends one request over TLS with the standard library."""

import http.client
import os
import ssl

host, port = os.environ["YC_IAM_ENDPOINT"].removeprefix("https://").split(":")
connection = http.client.HTTPSConnection(host, int(port), context=ssl.create_default_context())
connection.request("POST", "/iam/v1/tokens", b"{}", {"content-type": "application/json"})
with connection.getresponse() as response:
    assert response.read()
