"""What the tests of both kinds of credentials need."""

from __future__ import annotations

import asyncio
import inspect
import json
import urllib.request
from types import SimpleNamespace

from shared import key
from yc_iam import Credentials, Endpoints, Response


def subject(emulator, authorization):
    """Whom the emulator sees behind an `Authorization` header."""
    request = urllib.request.Request(f"{emulator.url}/emulator/whoami", headers={"authorization": authorization})
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)["subjectId"]


def exchanges(emulator):
    return [received for received in emulator.requests if received.method == "POST"]


def result(answer):
    """What a method gave, whichever kind its credentials are."""
    return asyncio.run(answer) if inspect.isawaitable(answer) else answer


def token_of(credentials):
    """A token, whichever kind the credentials are."""
    return result(credentials.token())


def whose(emulator, credentials):
    """Whom the emulator sees behind the credentials' token."""
    return subject(emulator, token_of(credentials).authorization())


def token_answer(value="t1.by-a-transport"):
    body = json.dumps({"iamToken": value, "expiresAt": "2099-01-01T00:00:00Z"}).encode()
    return Response(200, {"content-type": "application/json"}, body)


def with_transport(key_file_content, transport):
    return Credentials.service_account(key_file_content, endpoints=Endpoints.default(), transport=transport)


def request(url, timeout=10.0, method="POST", body=b"{}", use_proxy=True, ca_certificate=None):
    """A request such as the core makes, with what a test needs to be otherwise."""
    return SimpleNamespace(
        method=method,
        url=url,
        headers={"content-type": "application/json"},
        body=body,
        timeout=timeout,
        use_proxy=use_proxy,
        ca_certificate=ca_certificate,
    )


def credentials_at(url):
    return Credentials.service_account(key("plain"), endpoints=Endpoints.custom(iam=url))
