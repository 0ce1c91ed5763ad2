"""A Kubernetes cluster: its API server over TLS, and the files of its pods."""

from __future__ import annotations

import os
import ssl
import tempfile
from threading import Thread
from typing import TYPE_CHECKING, Callable

from yc_iam import _core
from yc_iam.testing._issuer import Issuer, TokenFile, replace_file
from yc_iam.testing._server import Server

if TYPE_CHECKING:
    from yc_iam._core import Reply


class Kubernetes:
    """The API server of a cluster, on a free port of 127.0.0.1 and over TLS, with a certificate of the cluster's own.

    It takes the tokens of `issuer`, whose service accounts may get and list the pods of their own namespaces, and the
    emulator's IAM tokens, with the role `k8s.cluster-api.viewer` on the resource `kubernetes`.
    """

    def __init__(self, core: _core.Emulator, now: Callable[[], float]) -> None:
        self._core = _core.EmulatedCluster(core)
        self._now = now
        self.issuer = Issuer(clock=now)
        """What signs the pods' tokens. After a rotation of its key, call `trust_issuer`."""
        self.trust_issuer()
        self.ca_certificate, certificate, private_key = _core.cluster_tls([], now())
        """The cluster's certificate authority, PEM."""
        self._server = Server(0, self._answer, _context(certificate, private_key))
        self._thread = Thread(target=self._server.serve_forever, args=(0.02,), name="yc-iam-kubernetes", daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """The API server's URL."""
        return self._server.url

    @property
    def environ(self) -> dict[str, str]:
        """The environment variables of a pod that say where the API server is."""
        host, port = self._server.server_address[:2]
        return {"KUBERNETES_SERVICE_HOST": str(host), "KUBERNETES_SERVICE_PORT": str(port)}

    def trust_issuer(self, issuer: Issuer | None = None, *, audiences: list[str] | None = None) -> None:
        """Takes the tokens of an issuer, by default its own, with the keys that the issuer has now.

        `audiences`: the values of `aud` that it takes, by default the issuer's URL.
        """
        if issuer is not None:
            self.issuer = issuer
        self._core.set_issuer(self.issuer._core, audiences or [])

    def add_pod(self, namespace: str, name: str) -> None:
        """Lets a pod run."""
        self._core.add_pod(namespace, name, self._now())

    def remove_pod(self, namespace: str, name: str) -> bool:
        """Removes a pod. True if it was there."""
        return self._core.remove_pod(namespace, name)

    def mount(
        self,
        path: str | os.PathLike[str],
        namespace: str = "default",
        service_account: str = "default",
        *,
        audiences: list[str] | None = None,
        lifetime: int = 3607,
    ) -> TokenFile:
        """Writes `ca.crt`, `namespace` and `token` into a directory, as a kubelet does for a pod; makes the directory.

        Gives the token's file: call its `rotate` from time to time, as the kubelet does. `audiences` and `lifetime`: as
        for `Issuer.token_file`.
        """
        os.makedirs(path, exist_ok=True)
        for name, content in [("ca.crt", self.ca_certificate), ("namespace", namespace)]:
            replace_file(os.path.join(path, name), content)
        token = os.path.join(path, "token")
        return self.issuer.token_file(token, namespace, service_account, audiences=audiences, lifetime=lifetime)

    def __repr__(self) -> str:
        return f"<Kubernetes at {self.url}>"

    def _answer(self, method: str, target: str, headers: list[tuple[str, str]], body: bytes) -> Reply:
        return self._core.handle(method, target, headers, body, self._now())

    def _stop(self) -> None:
        self._server.stop()
        self._thread.join()


def _context(certificate: str, private_key: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    # The standard library takes a private key out of a file only.
    with tempfile.TemporaryDirectory(prefix="yc-iam-") as directory:
        path = os.path.join(directory, "server.pem")
        replace_file(path, private_key + certificate)
        context.load_cert_chain(path)
    return context
