import json
import os
import sys
import time
import urllib.request

import jwt

with open(sys.argv[1]) as file:
    key = json.load(file)
now = int(time.time())
claims = {
    "aud": "https://iam.api.cloud.yandex.net/iam/v1/tokens",
    "iss": key["service_account_id"],
    "iat": now,
    "exp": now + 3600,
}
signed = jwt.encode(claims, key["private_key"], algorithm="PS256", headers={"kid": key["id"]})
url = os.environ["YC_IAM_ENDPOINT"] + "/iam/v1/tokens"
request = urllib.request.Request(url, json.dumps({"jwt": signed}).encode(), {"content-type": "application/json"})
with urllib.request.urlopen(request, timeout=10) as response:
    answer = json.load(response)
assert answer["iamToken"].startswith("t1.")
