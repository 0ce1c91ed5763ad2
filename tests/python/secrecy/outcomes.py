"""Whatever can come of a request, with marked secrets wherever a service, a proxy or a library may put them."""

from __future__ import annotations

import http.client
import json
import ssl

from marked import ACCOUNT
from services import CREDENTIAL, FEDERATION
from yc_iam import Response

JSON = {"content-type": "application/json"}


def said(request):
    return f"{request.method} {request.url} {request.headers} {(request.body or b'').decode()}"


def good(marked, request):
    """An answer that every kind of request takes for its own."""
    whole = {
        "iamToken": marked.iam,
        "access_token": marked.iam,
        "issued_token_type": "urn:ietf:params:oauth:token-type:access_token",
        "token_type": "Bearer",
        "expires_in": 3600,
        "expiresAt": "2099-01-01T00:00:00Z",
        "value": marked.subject,
        "subjectId": ACCOUNT,
        "entries": [{"key": "k", "textValue": marked.value}],
        "versionId": "e6qv",
        "done": True,
        "response": FEDERATION if "ederations" in request.url else CREDENTIAL,
        **{name: value for name, value in FEDERATION.items() if name != "id"},
        **CREDENTIAL,
    }
    return Response(200, JSON, json.dumps(whole).encode())


def refusing(status, **headers):
    def answer(marked, request):
        words = f"cannot take {said(request)}, {marked.iam}, {marked.oauth} or {marked.subject} of {marked.pem}"
        body = {"code": 3, "message": words, "error": words, "error_description": words, "details": [{"a": words}]}
        return Response(status, {**JSON, **headers}, json.dumps(body).encode())

    return answer


def saying(status, kind, text):
    return lambda marked, request: Response(
        status, {"content-type": kind}, text.format(said=said(request), iam=marked.iam, oauth=marked.oauth).encode()
    )


def headed(status):
    def answer(marked, request):
        names = ("location", "x-request-id", "x-server-trace-id", "date", "retry-after", "www-authenticate", "content-type")
        return Response(status, {name: f"https://a.example/?{marked.iam}" for name in names}, b"{}")

    return answer


def raising(make):
    def answer(marked, request):
        raise make(f"cannot send {said(request)} with {marked.iam}, {marked.oauth}, {marked.subject}, {marked.pem}")

    return answer


OUTCOMES = {
    "good": good,
    **{f"{status}": refusing(status) for status in (400, 401, 403, 404, 409, 429, 500, 503)},
    "429 and wait": refusing(429, **{"retry-after": "1"}),
    "html": saying(200, "text/html", "<html>{said} {iam} {oauth}</html>"),
    "text": saying(400, "text/plain", "{said} {iam} {oauth}"),
    "no JSON": saying(200, "application/json", "{said} {iam} {oauth}"),
    "cut off": saying(200, "application/json", '{{"iamToken": "{iam}", "access_token": "{iam}", "value": "{iam}'),
    "another field": saying(200, "application/json", '{{"tokens": ["{iam}"], "{iam}": {{"{oauth}": 1}}}}'),
    "an unfit token": saying(200, "application/json", '{{"iamToken": "{iam}\\r\\n", "access_token": "{iam} ", "entries": "{iam}"}}'),
    "a token that has ended": saying(200, "application/json", '{{"iamToken": "{iam}", "access_token": "{iam}", "expiresAt": "{iam}"}}'),
    "a redirect": headed(302),
    "odd headers": headed(400),
    "OSError": raising(OSError),
    "TimeoutError": raising(TimeoutError),
    "SSLError": raising(ssl.SSLError),
    "HTTPException": raising(http.client.HTTPException),
    "RuntimeError": raising(RuntimeError),
    "KeyError": raising(KeyError),
    "UnicodeError": raising(lambda text: UnicodeDecodeError("utf-8", text.encode(), 0, 1, text)),
    "a chain": raising(lambda text: chained(text)),
    "nothing": lambda marked, request: said(request),
}  # fmt: skip


def chained(text):
    error = RuntimeError(text)
    error.__cause__ = OSError(text)
    error.__context__ = ValueError(text)
    return error
