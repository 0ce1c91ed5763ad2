"""Every call of the services, over sockets and to the emulator too: marked secrets are found nowhere."""

from __future__ import annotations

import json

import pytest

from looks import assert_quiet, look_at
from marked import ACCOUNT, views
from outcomes import OUTCOMES
from servers import Server
from yc_iam import Credentials, Endpoints
from yc_iam.testing import Emulator

ENDPOINTS = Endpoints.all_at("http://127.0.0.1:9")


def calls(credentials, marked):
    """A call of every API. What is given is text of the caller's."""
    lockbox, federations = credentials.lockbox, credentials.federations
    federated, operations = credentials.federated_credentials, credentials.operations
    more = {"timeout": 600}
    return {
        "lockbox.get": lambda: lockbox.get("e6q", **more),
        "lockbox.get_by_name": lambda: lockbox.get_by_name("b1g", "n", **more),
        "federations.create": lambda: federations.create("b1g", name="n", issuer="https://a.example", audiences=["a"], jwks_url="https://a.example/k", **more),
        "federations.get": lambda: federations.get("a", **more),
        "federations.list": lambda: federations.list("b1g", **more),
        "federations.list_page": lambda: federations.list_page("b1g", **more),
        "federations.update": lambda: federations.update("a", name="n", **more),
        "federations.delete": lambda: federations.delete("a", **more),
        "federated_credentials.create": lambda: federated.create(ACCOUNT, "a", "b", **more),
        "federated_credentials.get": lambda: federated.get("a", **more),
        "federated_credentials.list": lambda: federated.list(ACCOUNT, **more),
        "federated_credentials.delete": lambda: federated.delete("a", **more),
        "operations.get": lambda: operations.get("a", **more),
        "operations.wait": lambda: operations.wait("a", **more),
        "request": lambda: credentials.request("POST", "https://a.example", body="x", **more),
        "revoke": lambda: credentials.revoke(marked.iam, **more),
    }  # fmt: skip


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_every_api(outcome, kind, marked, records, capfd):
    credentials = kind.fixed(marked.iam, endpoints=ENDPOINTS, transport=lambda request: OUTCOMES[outcome](marked, request))
    errors = {name: look_at(marked, work) for name, work in calls(credentials, marked).items()}
    if outcome == "good":
        assert not any(errors.values()), errors
    elif outcome in ("400", "503", "OSError", "a chain", "nothing"):
        assert sum(error is not None for error in errors.values()) >= len(errors) - 1
    assert_quiet(marked, records, capfd)


def test_over_real_sockets(kind, marked, records, capfd):
    """The package's own HTTP, with the standard library told to print what it sends."""

    def repeats(status):
        def run(server, connection):
            head = server.read_request(connection)
            body = json.dumps({"message": f"{head} {server.bodies[-1]} {marked.iam}"}).encode()
            lines = [f"HTTP/1.1 {status} Status", "content-type: application/json", f"content-length: {len(body)}"]
            connection.sendall("\r\n".join([*lines, "connection: close", "", ""]).encode() + body)

        return run

    def breaks(server, connection):
        server.read_request(connection)
        connection.sendall(f"HTTP/1.1 {marked.iam}\r\n{marked.oauth}\r\n\r\n".encode())

    for script in (repeats(200), repeats(400), repeats(503), breaks):
        with Server(script) as server:
            at = {"endpoints": Endpoints.all_at(server.url)}
            for credentials in (kind.service_account(marked.key, **at), kind.oauth(marked.oauth, **at)):
                assert look_at(marked, credentials.token) is not None
            assert look_at(marked, lambda: kind.fixed(marked.iam, **at).lockbox.get("e6q", timeout=600)) is not None
            assert server.received
    assert_quiet(marked, records, capfd)


def test_the_emulator(marked, capfd, records):
    with Emulator() as emulator:
        content = emulator.service_account_key(private_key=marked.pem)
        endpoints = emulator.endpoints
        emulator.order_fault(status=503)
        tokens = [
            Credentials.service_account(content, endpoints=endpoints).token(),
            look_at(marked, Credentials.oauth(marked.oauth, endpoints=endpoints).token),
            look_at(marked, Credentials.workload_identity(ACCOUNT, token=marked.subject, endpoints=endpoints).token),
        ]
        for received in emulator.requests:
            for text in (*views(received), received.body, str(received.headers), received.verdict, received.target):
                marked.assert_hidden(text)
                assert tokens[0].value not in text
        for text in (*views(emulator), *views(emulator._core)):
            marked.assert_hidden(text)
    assert_quiet(marked, records, capfd)
