"""The testing kit itself: its server, its life, and the program that runs it alone."""

from __future__ import annotations

import json
import os
import signal
import socket
import stat
import subprocess
import sys
import threading
import urllib.error
import urllib.request

import pytest

from yc_iam import Credentials, Endpoints, ServiceAccountKey, UsageError, YcIamError
from yc_iam.testing import Emulator, generate_private_key


def get(url, **headers):
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=10) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)


def test_life():
    emulator = Emulator()
    for use in (lambda: emulator.url, lambda: emulator.endpoints):
        with pytest.raises(RuntimeError, match="does not run"):
            use()
    with emulator:
        url = emulator.url
        assert emulator.start() is emulator and emulator.url == url
        assert emulator.endpoints == Endpoints.all_at(url)
        assert url in repr(emulator)
    emulator.stop()
    assert "stopped" in repr(emulator)
    with pytest.raises(OSError):
        socket.create_connection(("127.0.0.1", int(url.rsplit(":", 1)[1])), 5)
    # What it knows outlives its server.
    key = emulator.service_account_key()
    with emulator:
        assert Credentials.service_account(key, endpoints=emulator.endpoints).token().value.startswith("t1.")


def test_a_port_of_the_callers_choice():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(OSError):
            Emulator(port=port).start()
    with Emulator(port=port) as emulator:
        assert emulator.url == f"http://127.0.0.1:{port}"


def test_whoami(emulator, key_file_content):
    credentials = Credentials.service_account(key_file_content, endpoints=emulator.endpoints)
    url = f"{emulator.url}/emulator/whoami"
    status, answer = get(url, authorization=credentials.authorization())
    assert (status, answer["subjectId"]) == (200, ServiceAccountKey.from_json(key_file_content).service_account_id)
    assert get(url)[0] == get(url, authorization="Bearer t1.another")[0] == 401
    emulator.revoke_all_tokens()
    assert get(url, authorization=credentials.authorization())[0] == 401


def test_keys():
    with Emulator() as emulator:
        account = emulator.create_service_account("robot")
        first = ServiceAccountKey.from_json(emulator.service_account_key(account))
        second = ServiceAccountKey.from_json(emulator.service_account_key(account, bits=3072))
        own = ServiceAccountKey.from_json(emulator.service_account_key())
        assert first.service_account_id == second.service_account_id == account != own.service_account_id
        assert first.id != second.id
        assert second.modulus_bits == 3072
        assert emulator.delete_key(first.id) and not emulator.delete_key(first.id)
    with pytest.raises(UsageError):
        generate_private_key(1024)


def test_the_same_seed_gives_the_same(private_key):
    def values(seed):
        with Emulator(seed=seed, clock=lambda: 1767225600.0, port=0) as emulator:
            return ServiceAccountKey.from_json(emulator.service_account_key(private_key=private_key)).id

    assert values(1) == values(1) != values(2)


def test_a_clock_of_the_callers_choice(private_key, clock):
    moved = [0.0]
    with Emulator(clock=lambda: clock() + moved[0], token_lifetime=600) as emulator:
        credentials = Credentials.service_account(
            emulator.service_account_key(private_key=private_key), endpoints=emulator.endpoints
        )
        authorization = credentials.authorization()
        assert credentials.token().expires_at - credentials.token().issued_at == pytest.approx(600, abs=5)
        url = f"{emulator.url}/emulator/whoami"
        assert get(url, authorization=authorization)[0] == 200
        moved[0] = 601
        assert get(url, authorization=authorization)[0] == 401


def test_record(emulator, key_file_content):
    credentials = Credentials.service_account(key_file_content, endpoints=emulator.endpoints)
    credentials.token()
    (received,) = emulator.requests
    assert (received.method, received.target, received.status) == ("POST", "/iam/v1/tokens", 200)
    assert received.accepted and "accepted" in received.verdict
    assert json.loads(received.jwt_header)["alg"] == "PS256"
    assert json.loads(received.jwt_claims)["aud"] == emulator.endpoints.audience
    assert ("user-agent", "yc-iam/") in [(name.lower(), value[:7]) for name, value in received.headers]
    assert received.faults == []
    assert emulator.tokens_issued == 1
    emulator.forget_requests()
    assert emulator.requests == []


def test_a_fault_for_one_path(emulator, key_file_content):
    emulator.order_fault("/emulator/whoami", status=503)
    credentials = Credentials.service_account(key_file_content, endpoints=emulator.endpoints)
    authorization = credentials.authorization()
    assert get(f"{emulator.url}/emulator/whoami", authorization=authorization)[0] == 503
    assert get(f"{emulator.url}/emulator/whoami", authorization=authorization)[0] == 200


def raw(emulator, data):
    """What comes back for these bytes, to the end."""
    with socket.create_connection(("127.0.0.1", int(emulator.url.rsplit(":", 1)[1])), 10) as connection:
        connection.sendall(data)
        return connection.makefile("rb").read()


def test_truncated_on_the_wire(emulator):
    request = b"GET /emulator/whoami HTTP/1.1\r\nhost: x\r\n\r\n"
    body = raw(emulator, request).split(b"\r\n\r\n", 1)[1]
    emulator.order_fault(truncated=True)
    cut_head, cut_body = raw(emulator, request).split(b"\r\n\r\n", 1)
    length = [line for line in cut_head.lower().splitlines() if line.startswith(b"content-length:")]
    assert 0 < len(cut_body) < len(body)
    assert length and int(length[0].split(b":")[1]) > len(cut_body)


def test_dropped_on_the_wire(emulator):
    emulator.order_fault(dropped=True)
    assert raw(emulator, b"GET / HTTP/1.1\r\nhost: x\r\n\r\n") == b""


@pytest.mark.parametrize(
    "data",
    [
        b"nonsense\r\n\r\n",
        b"POST / HTTP/1.1\r\ncontent-length: x\r\n\r\n",
        b"POST / HTTP/1.1\r\ncontent-length: 9999999\r\n\r\n",
    ],
)
def test_what_is_no_request(emulator, data):
    assert raw(emulator, data).startswith(b"HTTP/1.1 4") or b"Error code: 4" in raw(emulator, data)
    assert get(f"{emulator.url}/emulator/whoami")[0] == 401


def test_stopping_does_not_wait_for_a_delay():
    emulator = Emulator().start()
    emulator.order_fault(delay=3600)
    results = []
    thread = threading.Thread(target=lambda: results.append(raw(emulator, b"GET / HTTP/1.1\r\nhost: x\r\n\r\n")))
    thread.start()
    while not emulator.requests:
        pass
    emulator.stop()
    thread.join(30)
    assert results == [b""]


@pytest.fixture
def alone(tmp_path):
    """Starts `python -m yc_iam.testing`, and gives the process and what it said."""
    processes = []

    def start(*arguments):
        process = subprocess.Popen(
            [sys.executable, "-m", "yc_iam.testing", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=tmp_path,
        )
        processes.append(process)
        return process, json.loads(process.stdout.readline())

    yield start
    for process in processes:
        with process:
            process.kill()


def test_alone(alone):
    process, said = alone()
    assert set(said) == {"url", "key_file"}
    credentials = Credentials.service_account(said["key_file"], endpoints=Endpoints.all_at(said["url"]))
    assert get(f"{said['url']}/emulator/whoami", authorization=credentials.authorization())[0] == 200
    if os.name == "posix":
        assert stat.S_IMODE(os.stat(said["key_file"]).st_mode) == 0o600
    process.stdin.close()
    assert process.wait(30) == 0
    assert not os.path.exists(said["key_file"])


def test_alone_with_a_key_file(alone, tmp_path):
    process, said = alone("--key-file", "mine.json")
    assert said["key_file"] == "mine.json"
    assert ServiceAccountKey.from_file(tmp_path / "mine.json")
    process.stdin.close()
    assert process.wait(30) == 0
    assert (tmp_path / "mine.json").exists()


@pytest.mark.parametrize("linked", [False, True], ids=["file", "link"])
def test_alone_overwrites_no_file(tmp_path, linked):
    mine, path = tmp_path / "mine.json", tmp_path / "mine.json"
    mine.write_text("mine")
    if linked:
        path = tmp_path / "link.json"
        try:
            path.symlink_to(mine)
        except OSError:
            pytest.skip("links cannot be made here")
    command = [sys.executable, "-m", "yc_iam.testing", "--key-file", str(path)]
    ended = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)
    assert ended.returncode == 2, ended
    assert ended.stdout == ""
    assert "cannot be written" in ended.stderr and "Traceback" not in ended.stderr
    assert mine.read_text() == "mine"


@pytest.mark.skipif(os.name != "posix", reason="there are no such signals")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=str)
def test_alone_and_ended(alone, number):
    process, said = alone()
    process.send_signal(number)
    assert process.wait(30) in (0, 130)
    assert not os.path.exists(said["key_file"])


def test_the_log_says_what_was_decided_and_why(emulator, key_file_content):
    creds = Credentials.service_account(key_file_content, endpoints=emulator.endpoints)
    assert emulator.log() == ""
    emulator.order_fault(status=503)
    emulator.order_fault(delay=0.01)
    creds.token()
    emulator.delete_key(ServiceAccountKey.from_json(key_file_content).id)
    creds.invalidate(creds.token())
    with pytest.raises(YcIamError):
        creds.token()
    lines = emulator.log().splitlines()
    times = [line[:24] for line in lines if not line.startswith(" ")]
    assert times == sorted(times) and all(time.endswith("Z") for time in times)
    said = [line if line.startswith(" ") else line[25:] for line in lines]
    account = ServiceAccountKey.from_json(key_file_content).service_account_id
    assert said[0] == "POST /iam/v1/tokens -> 503 not judged: status 503 [delay of 10 ms]"
    assert said[3] == f"POST /iam/v1/tokens -> 200 accepted for {account}"
    assert said[4].startswith("POST /iam/v1/tokens -> 401 refused: Key ")
    for header, claims in (said[1:3], said[5:7]):
        assert json.loads(header)["alg"] == "PS256" and json.loads(claims)["iss"] == account
    assert len(said) == 7 and "eyJ" not in emulator.log()
