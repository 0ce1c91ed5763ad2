"""What the cloud's services answer, and servers on loopback that answer so."""

from __future__ import annotations

import base64

from servers import Server, answering
from yc_iam import Endpoints

SECRET = {
    "entries": [{"key": "user", "textValue": "ann"}, {"key": "blob", "binaryValue": base64.b64encode(b"\xff\0").decode()}],
    "versionId": "e6qv",
}  # fmt: skip
CREDENTIAL = {
    "id": "ajec1",
    "serviceAccountId": "ajes1",
    "federationId": "ajef1",
    "externalSubjectId": "system:serviceaccount:default:app",
    "createdAt": "2026-01-02T03:04:05.5Z",
}
FEDERATION = {
    "id": "ajef1",
    "name": "ci",
    "folderId": "b1gf1",
    "enabled": True,
    "audiences": ["a", "b"],
    "issuer": "https://issuer.example",
    "jwksUrl": "https://issuer.example/keys",
    "labels": {"env": "test"},
}


def running(**more):
    return {"id": "ajeo1", "done": False, "metadata": {"federationId": "ajef1"}, **more}


def serving(*answers):
    return Server(answering(*answers))


def fixed(kind, server, token="t1.fixed"):
    return kind.fixed(token, endpoints=Endpoints.all_at(server.url))


def lines(server):
    return [head[0].removesuffix(" HTTP/1.1") for head in server.received]


def header(head, name):
    (value,) = (line.split(": ", 1)[1] for line in head if line.lower().startswith(f"{name}: "))
    return value
