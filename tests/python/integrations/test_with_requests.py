"""requests with tokens of ours."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from http_services import GOOD, REFUSAL, bearers, redirect_to, redirecting, redirecting_once, serving
from servers import Server, answering
from yc_iam import AsyncCredentials, ConfigurationError, Credentials, YcIamError
from yc_iam.integrations.requests import YcIamAuth


class Stream:
    """Four bytes that are there once."""

    def __len__(self):
        return 4

    def __iter__(self):
        return iter([b"bo", b"dy"])


@pytest.fixture
def session(credentials):
    with requests.Session() as session:
        session.auth = YcIamAuth(credentials)
        yield session


def test_a_request_has_the_token(session, whoami, emulator):
    assert session.get(whoami).status_code == 200
    assert session.get(whoami).status_code == 200
    assert emulator.tokens_issued == 1


def test_tokens_are_renewed_in_time(session, whoami, emulator, clock):
    session.get(whoami)
    clock.offset = 12 * 3600
    assert session.get(whoami).status_code == 200
    assert emulator.tokens_issued == 2


def test_a_refused_token_is_renewed_once(session, whoami, emulator):
    session.get(whoami)
    emulator.revoke_all_tokens()
    answer = session.get(whoami)
    assert (answer.status_code, [old.status_code for old in answer.history]) == (200, [401])
    assert emulator.tokens_issued == 2
    with serving(REFUSAL) as server:
        assert session.get(server.url).status_code == 401
        first, second = bearers(server)
    assert first != second


@pytest.mark.parametrize("body", [b"body", "body", io.BytesIO(b"body")], ids=["bytes", "str", "file"])
def test_bodies_are_sent_again(session, body):
    with serving(REFUSAL, GOOD) as server:
        assert session.post(server.url, data=body).json() == GOOD
        assert server.bodies == [b"body", b"body"]


def test_a_stream_is_not_sent_again(session, emulator):
    with serving(REFUSAL, GOOD) as server:
        assert session.post(server.url, data=Stream()).status_code == 401
        assert session.get(server.url).json() == GOOD
        first, second = bearers(server)
    assert first != second and emulator.tokens_issued == 2


def test_a_redirect_elsewhere_takes_no_token_along(session, credentials, emulator):
    with serving(REFUSAL) as other, redirecting(f"{other.url}/x") as server:
        assert session.get(server.url).status_code == 401
        assert bearers(server) == [credentials.authorization()]
        assert bearers(other) == [None]
    assert emulator.tokens_issued == 1


def test_a_token_refused_after_a_redirect(session, whoami, emulator):
    session.get(whoami)
    emulator.revoke_all_tokens()
    with redirecting_once(REFUSAL, GOOD) as server:
        assert session.get(server.url).json() == GOOD
        sent = bearers(server)
    assert sent[0] == sent[1] != sent[2]


def test_only_https_and_loopback(session, emulator):
    for url in ["http://example.com/", "http://user:secret@127.0.0.1/"]:
        with pytest.raises(ConfigurationError) as raised:
            session.get(url)
        assert raised.value.code == "insecure_endpoint" and "secret" not in str(raised.value)
    assert emulator.tokens_issued == 0


def test_no_other_token(whoami):
    fixed = YcIamAuth(Credentials.fixed("t1.fixed"))
    with serving(REFUSAL) as server:
        answer = requests.get(server.url, auth=fixed, stream=True)
        assert answer.status_code == 401 and answer.json()["code"] == 16
        assert bearers(server) == ["Bearer t1.fixed"]
        with pytest.raises(YcIamError):
            requests.get(server.url, auth=fixed)
        assert len(server.received) == 1


def test_a_request_that_is_sent_again_by_hand(session, whoami, emulator):
    request = session.prepare_request(requests.Request("GET", whoami))
    assert session.send(request).status_code == 200
    emulator.revoke_all_tokens()
    for _ in range(3):
        answer = session.send(request)
        assert (answer.status_code, [old.status_code for old in answer.history]) == (200, [401])
    assert emulator.tokens_issued == 2
    with serving(REFUSAL) as server:
        request = session.prepare_request(requests.Request("GET", server.url))
        assert session.send(request).status_code == 401
        assert session.send(request).status_code == 401
        assert len(server.received) == 4


def test_a_redirect_after_a_refusal(session):
    # The token of the first try is the one that goes along.
    steps = [answering(REFUSAL), redirect_to("/there"), answering(REFUSAL), answering(GOOD)]
    with Server(lambda server, connection: steps[len(server.received)](server, connection)) as server:
        assert session.post(server.url, data=b"body").json() == GOOD
        assert server.bodies == [b"body"] * 4


def test_a_refusal_that_breaks_off(session):
    def script(server, connection):
        server.read_request(connection)
        if len(server.received) == 1:
            connection.sendall(b"HTTP/1.1 401 Unauthorized\r\ncontent-length: 100\r\n\r\nhalf")
        else:
            connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\ngood")

    with Server(script) as server:
        assert session.get(server.url).content == b"good"


def test_threads_share_one(credentials, whoami, emulator):
    auth = YcIamAuth(credentials)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: requests.get(whoami, auth=auth).status_code, range(16)))
    assert answers == [200] * 16 and emulator.tokens_issued == 1


def test_other_credentials_are_refused():
    with pytest.raises(TypeError, match="AsyncCredentials"):
        YcIamAuth(AsyncCredentials.fixed("t1.x"))
