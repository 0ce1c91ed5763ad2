"""An external issuer of OIDC tokens, for tests of workload identities."""

from __future__ import annotations

import json
import os
import time
from typing import TYPE_CHECKING, Any, Callable

from yc_iam import _core

if TYPE_CHECKING:
    from collections.abc import Mapping


class Issuer:
    """Signs tokens as a Kubernetes cluster does for its pods, or any others.

    `url`: the claim `iss`. `private_key`: a PKCS#8 PEM block, RSA (RS256) or P-256 (ES256); by default a fresh RSA key.
    `clock`: what tells it the time, in seconds since the epoch; the system's by default.
    """

    def __init__(
        self,
        url: str = "https://storage.yandexcloud.net/mk8s-oidc/v1/clusters/catexample",
        *,
        private_key: str | None = None,
        clock: Callable[[], float] | None = None,
    ) -> None:
        self._core = _core.Issuer(url, private_key or _core.generate_private_key())
        # `time.time` is looked up at each call, so that whoever replaces it replaces it here too.
        self._now = clock or (lambda: time.time())

    @property
    def url(self) -> str:
        """The claim `iss`."""
        return self._core.url

    @property
    def jwks_url(self) -> str:
        """Where its keys would be found."""
        return self._core.jwks_url

    @property
    def jwks(self) -> str:
        """Its public keys, as JSON (RFC 7517, section 5)."""
        return self._core.jwks

    @property
    def key_id(self) -> str:
        """The `kid` of the tokens that it signs now."""
        return self._core.key_id

    def rotate_key(self, private_key: str | None = None, *, retire_old: bool = False) -> None:
        """Signs with another key from now on. The old ones stay in `jwks`, unless they are retired."""
        self._core.rotate_key(private_key or _core.generate_private_key())
        if retire_old:
            self._core.retire_old_keys()

    def sign(self, claims: Mapping[str, Any]) -> str:
        """A token with these claims, and no others."""
        return self._core.sign(json.dumps(dict(claims)))

    def pod_token(
        self, namespace: str, service_account: str, *, audiences: list[str] | None = None, lifetime: int = 3607
    ) -> str:
        """A token for a pod, with a `sub` of `system:serviceaccount:NAMESPACE:SERVICE_ACCOUNT`.

        `audiences`: the claim `aud`, by default the issuer's own URL. `lifetime`: in seconds.
        """
        file = _core.TokenFile(namespace, service_account, audiences=audiences, lifetime=lifetime)
        return file.read(self._core, self._now())

    def token_file(
        self,
        path: str | os.PathLike[str],
        namespace: str,
        service_account: str,
        *,
        audiences: list[str] | None = None,
        lifetime: int = 3607,
    ) -> TokenFile:
        """Writes a pod's token to a file, as a kubelet does; call `rotate` from time to time, as it does too."""
        file = _core.TokenFile(namespace, service_account, audiences=audiences, lifetime=lifetime)
        return TokenFile(path, lambda: file.read(self._core, self._now()))


class TokenFile:
    """The file with a pod's token."""

    def __init__(self, path: str | os.PathLike[str], token: Callable[[], str]) -> None:
        self.path = path
        """Where it is."""
        self._token = token
        self.rotate()

    def rotate(self) -> str:
        """Writes a new token once four fifths of the old one's life are over, and else the old one; gives it."""
        token = self._token()
        replace_file(self.path, token)
        return token


def replace_file(path: str | os.PathLike[str], content: str) -> None:
    """Writes a file that only its owner can read. Whoever reads it meanwhile gets the old or the new one, whole."""
    fresh = f"{os.fspath(path)}.new"
    with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii") as file:
        file.write(content)
    os.replace(fresh, path)
