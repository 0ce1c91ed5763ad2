"""The service on loopback, as a process of its own, and the variables by which contenders find and trust it."""

from __future__ import annotations

import contextlib
import json
import pathlib
import subprocess
from collections.abc import Iterator

import certificates
from processes import ENVIRONMENT

SERVICE = pathlib.Path(__file__).resolve().parent / "service" / "serve.py"


class Loopback:
    def __init__(self, process: subprocess.Popen[str], key_file: pathlib.Path, authorities: pathlib.Path) -> None:
        self._process = process
        url, grpc_address, key = json.loads(self._line())
        key_file.write_text(key)
        self.environment = {
            "YC_IAM_ENDPOINT": url,
            "BENCH_GRPC_ADDRESS": grpc_address,
            "BENCH_AUTHORITIES": str(authorities),
            "SSL_CERT_FILE": str(authorities),
            "REQUESTS_CA_BUNDLE": str(authorities),
            "NODE_EXTRA_CA_CERTS": str(authorities.with_name("authority.pem")),
            "GRPC_DEFAULT_SSL_ROOTS_FILE_PATH": str(authorities),
        }

    def _line(self) -> str:
        assert self._process.stdout
        return self._process.stdout.readline()

    def tokens_issued(self) -> int:
        assert self._process.stdin
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        return int(self._line())


@contextlib.contextmanager
def running(python: str, directory: pathlib.Path, key_file: pathlib.Path) -> Iterator[Loopback]:
    authority, certificate, key = certificates.make(directory)
    # Whoever connects to the real service loads all the authorities of the system: so does everybody here.
    public = subprocess.run([python, "-m", "certifi"], check=True, capture_output=True, text=True).stdout.strip()
    authorities = directory / "authorities.pem"
    authorities.write_bytes(pathlib.Path(public).read_bytes() + authority.read_bytes())
    command = [python, str(SERVICE), str(certificate), str(key)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "env": ENVIRONMENT}
    with subprocess.Popen(command, **pipes) as process:  # type: ignore[call-overload]
        try:
            yield Loopback(process, key_file, authorities)
        finally:
            process.stdin.close()
