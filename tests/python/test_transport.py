"""HTTP by the standard library, against servers that do what servers should not."""

from __future__ import annotations

import contextlib
import gc
import http.client
import itertools
import socket
import subprocess
import sys
import threading
import time
import traceback
from types import SimpleNamespace

import pytest

from helpers import credentials_at, request, token_of
from servers import Server, answer, dripping, replying
from yc_iam import Endpoints, NetworkError, RemoteError, Request, default_transport


def test_sends_what_the_core_says_and_little_else():
    with Server(replying(answer())) as server:
        creds = credentials_at(server.url)
        assert creds.token().value == "t1.token-of-a-test-server"
        (head,) = server.received
    assert head[0] == "POST /iam/v1/tokens HTTP/1.1"
    names = {line.split(":")[0].lower() for line in head[1:]}
    assert names == {"host", "accept-encoding", "content-length", "content-type", "accept", "user-agent"}
    assert "accept-encoding: identity" in {line.lower() for line in head}
    assert f"host: 127.0.0.1:{server.port}" in {line.lower() for line in head}


def test_path_query_and_no_body():
    with Server(replying(answer(b"x", "404 Not Found", ["X-A: 1", "X-A: 2"]))) as server:
        response = default_transport(request(f"{server.url}/a/b?c=d", method="GET", body=None))
        assert server.received[0][0] == "GET /a/b?c=d HTTP/1.1"
    assert (response.status, response.body) == (404, b"x")
    assert [value for name, value in response.headers if name == "X-A"] == ["1", "2"]


def test_chunked_answers_are_put_together():
    chunks = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
    with Server(replying(chunks)) as server:
        assert default_transport(request(server.url)).body == b"abcde"


def test_redirects_are_not_followed():
    with Server(replying(answer())) as elsewhere:
        for status in ("301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"):
            location = f"location: {elsewhere.url}/iam/v1/tokens"
            with Server(replying(answer(b"", status, [location]))) as server:
                with pytest.raises(NetworkError) as raised:
                    credentials_at(server.url).token()
                assert raised.value.code == "redirect_refused"
        assert elsewhere.received == []


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\nshort",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n9\r\nshort",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nab\r\n",
    ],
    ids=["nothing", "body", "chunk", "last chunk"],
)
def test_a_broken_off_answer_is_a_broken_connection(data):
    with Server(replying(data)) as server:
        with pytest.raises(ConnectionError, match="closed before the whole answer"):
            default_transport(request(server.url))


@pytest.mark.parametrize("data", [b"\x00\x01\x02\x03\r\n\r\n", b"SSH-2.0-test\r\n", b"HTTP/1.1 nonsense\r\n\r\n"])
def test_what_is_not_http(data):
    with Server(replying(data)) as server:
        with pytest.raises(ConnectionError, match="not HTTP/1.1"):
            default_transport(request(server.url))


@pytest.mark.parametrize(
    "data",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nX-A: 1\r\nx-a: 2\r\n\r\nabc and more",
        b"HTTP/1.0 200 OK\r\n\r\nuntil the end",
        b"HTTP/1.1 200\r\ncontent-length: 0\r\n\r\n",
        b"HTTP/1.1 404 Not Found\ncontent-length: 2\n\nab",
        b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 503 Later\r\nretry-after: 3\r\ncontent-length: 1\r\n\r\nx",
        b"HTTP/1.1 204 No Content\r\ncontent-length: 5\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nx: \xe9\r\ncontent-length: 1\r\n\r\n\xff",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nA;x=y\r\n0123456789\r\n1\r\na\r\n0\r\nlate: 1\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\ncontent-length: 9\r\n\r\n1\r\na\r\n0\r\n\r\n",
    ],
)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_the_standard_library_reads_the_same(data, method):
    def by_http_client(url):
        connection = http.client.HTTPConnection(url.removeprefix("http://"))
        with contextlib.closing(connection):
            connection.request(method, "/")
            answer = connection.getresponse()
            return answer.status, answer.getheaders(), answer.read()

    with Server(replying(data)) as server:
        ours = default_transport(request(server.url, method=method, body=None))
        expected = by_http_client(server.url)
    assert (ours.status, [(name, value) for name, value in ours.headers], ours.body) == expected


def test_a_request_in_the_clear_loads_no_tls_and_no_client():
    program = (
        "import sys, types, yc_iam; url = sys.argv[1]; "
        "request = types.SimpleNamespace(method='GET', url=url, headers={}, body=None, timeout=9, use_proxy=False, ca_certificate=None); "
        "assert yc_iam.default_transport(request).body; print(*sys.modules)"
    )
    with Server(replying(answer(b"x"))) as server:
        command = [sys.executable, "-c", program, server.url]
        loaded = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    assert not {"ssl", "http.client", "email", "urllib.parse", "asyncio", "json", "encodings.idna"} & set(loaded)


def test_a_large_answer_is_whole():
    megabyte = b"x" * (1024 * 1024)
    with Server(replying(answer(megabyte * 4))) as server:
        assert default_transport(request(server.url)).body == megabyte * 4
        with pytest.raises(RemoteError) as raised:
            credentials_at(server.url).token()
        assert raised.value.code == "oversize_response"


@pytest.mark.parametrize("chunked", [False, True])
def test_an_answer_that_is_too_large_is_not_read_to_its_end(monkeypatch, chunked):
    monkeypatch.setattr("yc_iam._transport._MAX_BODY", 1000)
    head = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"
    whole = {size: head + b"%x\r\n%s\r\n0\r\n\r\n" % (size, b"x" * size) for size in (1000, 1001)}
    if not chunked:
        whole = {size: answer(b"x" * size) for size in (1000, 1001)}
    with Server(replying(whole[1000])) as server:
        assert len(default_transport(request(server.url)).body) == 1000
    with Server(replying(whole[1001])) as server, pytest.raises(ValueError, match="more than 1000 bytes"):
        default_transport(request(server.url))


def test_methods_with_and_without_a_body():
    with Server(replying(answer(b"", "204 No Content"))) as server:
        for method, body in [("DELETE", None), ("PATCH", b"{}"), ("PUT", b""), ("OPTIONS", None)]:
            assert default_transport(request(f"{server.url}/x", method=method, body=body)).status == 204
        heads = server.received
    assert [head[0].split()[0] for head in heads] == ["DELETE", "PATCH", "PUT", "OPTIONS"]
    with Server(replying(b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n")) as server:
        assert default_transport(request(server.url, method="HEAD", body=None)).body == b""


@pytest.mark.parametrize("head", [b"", b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n"], ids=["head", "body"])
def test_the_deadline_is_for_the_whole(head):
    # Each byte comes well within the time, and all of them do not.
    data = b"HTTP/1.1 200 OK\r\n" + b"x: " + b"y" * 1000

    def script(server, connection):
        server.read_request(connection)
        connection.sendall(head)
        dripping(data, 0.02)(SimpleNamespace(read_request=lambda _: None, stopping=server.stopping), connection)

    with Server(script) as server:
        begin = time.monotonic()
        with pytest.raises((TimeoutError, socket.timeout)):
            default_transport(request(server.url, timeout=0.3))
        assert 0.25 < time.monotonic() - begin < 5


@pytest.mark.skipif(sys.platform == "win32", reason="it has one such clock only")
def test_a_clock_that_only_some_frames_see_stopped(monkeypatch):
    """freezegun looks who asks: within a thread's first frames it gives the real time, and further down the test's."""
    said = itertools.cycle([time.monotonic(), 1767225600.0])
    with Server(replying(answer(b"x"))) as server, monkeypatch.context() as patched:
        patched.setattr(time, "monotonic", lambda: next(said))
        assert default_transport(request(server.url)).body == b"x"


def test_silence_ends_at_the_deadline():
    def silent(server, connection):
        server.stopping.wait(10)

    with Server(silent) as server:
        with pytest.raises((TimeoutError, socket.timeout)):
            default_transport(request(server.url, timeout=0.2))
        with pytest.raises((TimeoutError, socket.timeout)):
            default_transport(request(f"https://127.0.0.1:{server.port}", timeout=0.2))


def closed_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def test_connection_refused():
    with pytest.raises(NetworkError) as raised:
        credentials_at(f"http://127.0.0.1:{closed_port()}").token()
    assert raised.value.code == "connection_failed"
    assert raised.value.transient
    assert "refused" in str(raised.value).lower()


def test_no_such_host():
    with pytest.raises(OSError):
        default_transport(request("https://no-such-host.invalid/"))


@pytest.mark.parametrize("by", ["cached", "IPv4 only"])
def test_names_are_looked_up_by_what_a_program_put_in_place(monkeypatch, by):
    resolve, asked = socket.getaddrinfo, []

    def cached(*arguments):
        asked.append(arguments[0])
        return resolve(*arguments)

    def ipv4_only(host, port, family=0, socktype=0, proto=0, flags=0):
        asked.append(host)
        return resolve(host, port, socket.AF_INET, socktype, proto, flags)

    monkeypatch.setattr(socket, "getaddrinfo", cached if by == "cached" else ipv4_only)
    with Server(replying(answer(b"x"))) as server:
        assert default_transport(request(f"http://localhost:{server.port}")).body == b"x"
        assert asked == ["localhost"]


def test_plain_http_through_a_proxy(monkeypatch):
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    with Server(replying(answer(b"by proxy"))) as proxy:
        monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{proxy.port}")
        assert default_transport(request("http://127.0.0.1:9/path")).body == b"by proxy"
        assert proxy.received[0][0] == "POST http://127.0.0.1:9/path HTTP/1.1"
        assert "Host: 127.0.0.1:9" in proxy.received[0]


@pytest.mark.parametrize(
    "proxy",
    [
        "http://user:S3cr3t#pass@127.0.0.1:3128",
        "http://user:S3cr3t/pass@127.0.0.1:3128",
        "http://user:S3cr3t?pass@127.0.0.1:3128",
        "user:S3cr3t#pass@127.0.0.1:3128",
        "http://user:S3cr3t[@127.0.0.1:3128",
        "http://user:S3cr3t\u2100@127.0.0.1:3128",
    ],
)
def test_a_proxys_password_is_in_no_error(monkeypatch, proxy, kind):
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("https_proxy", proxy)
    creds = kind.oauth("y0_AgAAAAtest", endpoints=Endpoints.custom(iam="https://iam.invalid"))
    with pytest.raises(NetworkError, match="proxy is not a URL.*%23") as raised:
        token_of(creds)
    shown = "".join(traceback.format_exception(type(raised.value), raised.value, raised.value.__traceback__))
    assert "S3cr" not in shown
    assert raised.value.code == "transport_failed"


def test_an_address_of_a_family_that_the_system_lacks(monkeypatch):
    with Server(replying(answer(b"x"))) as server:
        here = socket.getaddrinfo("127.0.0.1", server.port, type=socket.SOCK_STREAM)
        # No system has all of them.
        lacking = next(family for family in range(1000, 1100) if not may_be_made(family))
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [(lacking, socket.SOCK_STREAM, 0, "", None), *here])
        assert default_transport(request(server.url)).body == b"x"


def may_be_made(family):
    try:
        socket.socket(family, socket.SOCK_STREAM).close()
    except OSError:
        return False
    return True


@pytest.mark.parametrize("stub", [None, SimpleNamespace()], ids=["blocked", "half imported"])
def test_a_module_that_is_not_what_it_should_be(monkeypatch, stub):
    for name in ("trio", "http.client"):
        monkeypatch.setitem(sys.modules, name, stub)
    with pytest.raises(NetworkError) as raised:
        credentials_at(f"http://127.0.0.1:{closed_port()}").token()
    assert raised.value.code == "connection_failed"


def test_a_failure_leaves_nothing_for_the_garbage_collector(kind):
    """Whoever never collects would keep each request that failed, and the credential in it."""
    creds = kind.oauth("y0_AgAAAAtest", endpoints=Endpoints.custom(iam=f"http://127.0.0.1:{closed_port()}"))
    gc.collect()
    others = failed_requests()
    gc.disable()
    try:
        with pytest.raises(NetworkError):
            token_of(creds)
        for thread in threading.enumerate():
            if thread.name == "yc-iam":
                thread.join()
        left = [each for each in failed_requests() if not any(each is other for other in others)]
    finally:
        gc.enable()
    assert left == []


def failed_requests():
    return [each for each in gc.get_objects() if isinstance(each, (Request, OSError))]
