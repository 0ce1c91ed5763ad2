"""TLS and proxies of the standard library's transport."""

from __future__ import annotations

import socket
import ssl
from datetime import datetime, timedelta, timezone

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from helpers import credentials_at, request, token_of
from servers import GOOD, Server, answer, proxying, replying, server_context
from shared import key
from yc_iam import Endpoints, NetworkError, default_transport


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate for localhost that nobody but itself vouches for."""
    now = datetime.now(timezone.utc)
    return certified(tmp_path_factory.mktemp("tls"), now - timedelta(hours=1), now + timedelta(hours=1))


def certified(directory, begin, end):
    """Files with a certificate for localhost, good from here to there, and its key."""
    private = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    usage = dict.fromkeys(
        "digital_signature content_commitment key_encipherment data_encipherment key_agreement "
        "key_cert_sign crl_sign encipher_only decipher_only".split(),
        False,
    )
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(end)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .add_extension(x509.KeyUsage(**{**usage, "digital_signature": True, "key_cert_sign": True}), True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(private.public_key()), False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(private.public_key()), False)
        .sign(private, hashes.SHA256())
    )
    paths = directory / "certificate.pem", directory / "key.pem"
    paths[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(
        private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return paths


@pytest.fixture
def tls_server(certificate):
    with Server(replying(answer()), tls=server_context(*certificate)) as server:
        yield server


def test_a_certificate_that_nobody_vouches_for(tls_server):
    with pytest.raises(NetworkError) as raised:
        credentials_at(f"https://localhost:{tls_server.port}").token()
    assert raised.value.code == "tls_failed"
    assert not raised.value.transient
    assert tls_server.received == []


def test_a_certificate_for_another_host(tls_server, certificate, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    with pytest.raises(ssl.SSLCertVerificationError):
        default_transport(request(f"https://127.0.0.1:{tls_server.port}"))


@pytest.mark.parametrize(("begin", "end"), [(-48, -1), (1, 48)], ids=["expired", "not yet"])
def test_a_certificate_of_another_time(begin, end, kind, tmp_path, monkeypatch):
    """Its authority is trusted, and the host is the right one."""
    now = datetime.now(timezone.utc)
    files = certified(tmp_path, now + timedelta(hours=begin), now + timedelta(hours=end))
    monkeypatch.setenv("SSL_CERT_FILE", str(files[0]))
    with Server(replying(answer()), tls=server_context(*files)) as server:
        endpoints = Endpoints.custom(iam=f"https://localhost:{server.port}")
        with pytest.raises(NetworkError) as raised:
            token_of(kind.service_account(key("plain"), endpoints=endpoints))
    assert (raised.value.code, raised.value.transient, server.received) == ("tls_failed", False, [])


def test_a_certificate_for_another_host_in_credentials(tls_server, certificate, kind, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    endpoints = Endpoints.custom(iam=f"https://127.0.0.1:{tls_server.port}")
    with pytest.raises(NetworkError) as raised:
        token_of(kind.service_account(key("plain"), endpoints=endpoints))
    assert (raised.value.code, raised.value.transient, tls_server.received) == ("tls_failed", False, [])


def test_a_good_certificate(tls_server, certificate, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    assert credentials_at(f"https://localhost:{tls_server.port}").token().value == "t1.token-of-a-test-server"


def test_tls_that_a_program_put_in_place(tls_server, certificate, monkeypatch):
    """That of gevent takes no bytes for a name, and what asks macOS or Windows for authorities does not either."""
    wrap_socket = ssl.SSLContext.wrap_socket

    def of_its_own(context, sock, *, server_hostname=None, **options):
        # The test's server is no client and names nobody.
        assert server_hostname in (None, "localhost")
        return wrap_socket(context, sock, server_hostname=server_hostname, **options)

    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    monkeypatch.setattr(ssl.SSLContext, "wrap_socket", of_its_own)
    assert default_transport(request(f"https://localhost:{tls_server.port}")).body == GOOD


def test_no_tls_where_it_was_expected():
    def plain(server, connection):
        connection.recv(1)
        connection.sendall(answer(b"", "400 Bad Request"))

    with Server(plain) as server:
        with pytest.raises(ssl.SSLError):
            default_transport(request(f"https://localhost:{server.port}", timeout=5))


def test_proxy(tls_server, certificate, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    url = f"https://localhost:{tls_server.port}/"
    with Server(proxying()) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"http://user:p%40ss@127.0.0.1:{proxy.port}")
        assert default_transport(request(url)).body == GOOD
        (head,) = proxy.received
        assert head[0] == f"CONNECT localhost:{tls_server.port} HTTP/1.1"
        # base64 of `user:p@ss`
        assert "proxy-authorization: Basic dXNlcjpwQHNz" in head
        # The service sees nothing of that.
        assert not [line for line in tls_server.received[0] if line.lower().startswith("proxy-")]
        default_transport(request(url, use_proxy=False))
        monkeypatch.setenv("NO_PROXY", "localhost")
        default_transport(request(url))
        assert len(proxy.received) == 1


def test_a_proxy_that_refuses(monkeypatch):
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    with Server(proxying("407 Proxy Authentication Required")) as proxy:
        monkeypatch.setenv("https_proxy", f"127.0.0.1:{proxy.port}")
        with pytest.raises(ConnectionError, match="407"):
            default_transport(request("https://localhost:1/"))


def test_a_proxy_of_an_unknown_kind(monkeypatch):
    monkeypatch.setenv("https_proxy", "socks5://user:secret@127.0.0.1:1080")
    with pytest.raises(NetworkError) as raised:
        credentials_at("https://localhost:1").token()
    assert raised.value.code == "transport_failed"
    assert "secret" not in str(raised.value)
    assert "is not an http:// one" in str(raised.value)


def ending_without_a_word(data):
    """A script that sends this over TLS and closes the connection below it, as whoever sits in between could."""

    def script(server, connection):
        server.read_request(connection)
        connection.sendall(data)
        socket.socket(fileno=connection.detach()).close()

    return script


@pytest.mark.parametrize("length", [b"", b"transfer-encoding: chunked\r\n"], ids=["until the end", "chunked"])
def test_a_body_without_a_length_ends_when_tls_says_so(certificate, monkeypatch, length):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    body = b"7\r\nhalf of\r\n0\r\n" if length else b"half of"
    head = b"HTTP/1.1 200 OK\r\n" + length + b"\r\n"
    with Server(ending_without_a_word(head + body), tls=server_context(*certificate)) as server:
        with pytest.raises(ssl.SSLEOFError):
            default_transport(request(f"https://localhost:{server.port}"))


def test_a_whole_body_needs_no_goodbye(certificate, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    with Server(ending_without_a_word(answer(b"whole")), tls=server_context(*certificate)) as server:
        assert default_transport(request(f"https://localhost:{server.port}")).body == b"whole"
