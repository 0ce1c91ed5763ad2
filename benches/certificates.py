"""A certificate authority of the bench's own and a certificate for loopback, made by OpenSSL."""

from __future__ import annotations

import pathlib
import subprocess

CURVE = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]


def make(directory: pathlib.Path) -> tuple[pathlib.Path, pathlib.Path, pathlib.Path]:
    """The authority, the certificate and its private key."""
    directory.mkdir(exist_ok=True)
    authority, authority_key, certificate, key = (
        directory / name for name in ("authority.pem", "authority-key.pem", "certificate.pem", "key.pem")
    )
    usage = ["-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=critical,keyCertSign"]
    openssl("req", "-x509", *CURVE, "-subj", "/CN=bench", *usage, "-keyout", authority_key, "-out", authority)
    names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
    request = directory / "request.pem"
    openssl("req", *CURVE[:-2], *names, "-keyout", key, "-out", request)
    signed_by = ["-CA", authority, "-CAkey", authority_key, "-CAcreateserial", "-days", "2"]
    openssl("x509", "-req", "-in", request, *signed_by, "-copy_extensions", "copy", "-out", certificate)
    return authority, certificate, key


def openssl(*arguments: object) -> None:
    subprocess.run(["openssl", *map(str, arguments)], check=True, stdin=subprocess.DEVNULL, capture_output=True)
