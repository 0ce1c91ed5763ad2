"""The emulator with its server: what a test holds in its hands."""

from __future__ import annotations

import time
from threading import Thread
from typing import TYPE_CHECKING, Callable

from yc_iam import _core
from yc_iam._base import token_value
from yc_iam.testing._resources import Resources
from yc_iam.testing._server import Server

if TYPE_CHECKING:
    from types import TracebackType

    from typing_extensions import Self

    from yc_iam._core import Endpoints, Received
    from yc_iam.testing._issuer import Issuer
    from yc_iam.testing._kubernetes import Kubernetes


class Emulator(Resources):
    """An emulator of the service on a free port of 127.0.0.1. It runs from `with` or `start()` until `stop()`.

    It judges JWTs as strictly as the service does, issues tokens and knows them again: `GET /emulator/whoami` with a
    good bearer answers `{"subjectId": …}`. Any thread may call its methods.

    `port`: a free one by default. `audiences`: values of the claim `aud` that it accepts besides its own, by default
    that of the real service. `clock_tolerance`: by how many seconds a JWT's times may be off. `token_lifetime`: in
    seconds. `clock_offset`: by how many seconds its clock is ahead. `seed`: the same seed gives the same IDs and
    tokens. `operation_polls`: which look finds an operation done, 2 by default; 0: it is done at once. `strict_access`:
    whether federations, federated credentials and operations take the roles that they take at the service; without it,
    any token will do. `clock`: what tells it the time, in seconds since the epoch; the system's by default.
    """

    def __init__(
        self,
        *,
        port: int = 0,
        audiences: list[str] | None = None,
        clock_tolerance: int | None = None,
        token_lifetime: int | None = None,
        clock_offset: int | None = None,
        seed: int | None = None,
        operation_polls: int | None = None,
        strict_access: bool | None = None,
        clock: Callable[[], float] | None = None,
    ) -> None:
        self._port = port
        # `time.time` is looked up at each call, so that whoever replaces it replaces it here too.
        self._now = clock or (lambda: time.time())
        self._core = _core.Emulator(
            audiences=audiences,
            clock_tolerance=clock_tolerance,
            token_lifetime=token_lifetime,
            clock_offset=clock_offset,
            seed=seed,
            operation_polls=operation_polls,
            strict_access=strict_access,
        )
        super().__init__(self._core)
        self._account: str | None = None
        self._running: tuple[Server, Thread, Endpoints] | None = None
        self._kubernetes: Kubernetes | None = None

    def start(self) -> Self:
        """Opens the port and begins to answer. Raises `OSError` if the port is taken."""
        if self._running is None:
            server = Server(self._port, self._answer)
            endpoints = self._core.serve_at(server.url)
            thread = Thread(target=server.serve_forever, args=(0.02,), name="yc-iam-emulator", daemon=True)
            thread.start()
            self._running = server, thread, endpoints
        return self

    def stop(self) -> None:
        """Closes the port and every connection; answers that were to be delayed are never sent."""
        cluster, self._kubernetes = self._kubernetes, None
        if cluster is not None:
            cluster._stop()
        running, self._running = self._running, None
        if running is not None:
            server, thread, _ = running
            server.stop()
            thread.join()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def url(self) -> str:
        """Its base URL. Raises `RuntimeError` while it does not run."""
        return self._serving()[0].url

    @property
    def endpoints(self) -> Endpoints:
        """Endpoints that lead to it. Raises `RuntimeError` while it does not run."""
        return self._serving()[2]

    @property
    def kubernetes(self) -> Kubernetes:
        """A Kubernetes cluster whose API server runs from its first use until the emulator stops.

        Raises `RuntimeError` while the emulator does not run.
        """
        self._serving()
        if self._kubernetes is None:
            from yc_iam.testing._kubernetes import Kubernetes

            self._kubernetes = Kubernetes(self._core, self._now)
        return self._kubernetes

    def create_service_account(self, name: str) -> str:
        """Creates a service account and gives its ID."""
        return self._core.create_service_account(name)

    def service_account_key(
        self, service_account_id: str | None = None, *, private_key: str | None = None, bits: int = 2048
    ) -> str:
        """Creates a key and gives the key file's content, in the form in which the service hands it out.

        The key belongs to `service_account_id`, or to an account of the emulator's own. `private_key` is a PEM block,
        by default a fresh one of `bits` bits. Raises `UsageError` for an unknown service account or an impossible size,
        and `InvalidKeyError` for an impossible private key.
        """
        if service_account_id is None:
            if self._account is None:
                self._account = self._core.create_service_account("emulated")
            service_account_id = self._account
        if private_key is None:
            private_key = _core.generate_private_key(bits)
        return self._core.create_key(service_account_id, private_key, self._now())

    def delete_key(self, key_id: str) -> bool:
        """Deletes a key: JWTs that it signed are refused from now on. True if it was there."""
        return self._core.delete_key(key_id)

    def create_user(self, login: str) -> str:
        """Creates a Yandex account and gives its ID."""
        return self._core.create_user(login)

    def create_oauth_token(self, user_id: str) -> str:
        """Creates an OAuth token for a Yandex account. Raises `UsageError` for an unknown one."""
        return self._core.create_oauth_token(user_id)

    def revoke_oauth_token(self, token: str) -> bool:
        """Ends an OAuth token; IAM tokens that it brought live on. True if it was there."""
        return self._core.revoke_oauth_token(token)

    def attach_service_account(self, service_account_id: str | None) -> None:
        """Attaches a service account to the machine that asks for metadata; `None` takes it away.

        Raises `UsageError` for an unknown one.
        """
        self._core.attach_service_account(service_account_id)

    def allow_impersonation(self, subject_id: str, service_account_id: str) -> None:
        """Lets an account create tokens for a service account: the role `iam.serviceAccounts.tokenCreator`.

        Raises `UsageError` for an unknown service account.
        """
        self._core.allow_impersonation(subject_id, service_account_id)

    def trust(self, issuer: Issuer) -> str:
        """Creates a federation that takes this issuer's tokens for the issuer's own URL, as a cluster's are.

        It knows the keys that the issuer has now; `publish` tells it about others. Gives the federation's ID.
        """
        return self._core.trust(issuer._core, self._now())

    def create_federation(self, name: str, *, issuer: str, audiences: list[str], jwks_url: str) -> str:
        """Creates a federation that takes tokens with this `iss` and one of these values of `aud`; gives its ID."""
        return self._core.create_federation(name, issuer, audiences, jwks_url, self._now())

    def delete_federation(self, federation_id: str) -> bool:
        """Deletes a federation. True if it was there."""
        return self._core.delete_federation(federation_id)

    def create_federated_credential(self, service_account_id: str, federation_id: str, external_subject_id: str) -> str:
        """Lets the tokens of a federation that have this `sub` act as a service account. Gives the credential's ID.

        Raises `UsageError` for an unknown service account or federation.
        """
        return self._core.create_federated_credential(
            service_account_id, federation_id, external_subject_id, self._now()
        )

    def delete_federated_credential(self, federated_credential_id: str) -> bool:
        """Deletes a federated credential. True if it was there."""
        return self._core.delete_federated_credential(federated_credential_id)

    def publish(self, issuer: Issuer) -> None:
        """Publishes the keys that the issuer has now, where federations look for them."""
        self._core.publish_keys(issuer.jwks_url, issuer.jwks)

    def publish_keys(self, jwks_url: str, jwks: str) -> None:
        """Publishes a key set (RFC 7517, section 5) at a federation's `jwks_url`: nothing is ever fetched.

        Raises `UsageError` for what is no key set.
        """
        self._core.publish_keys(jwks_url, jwks)

    def revoke_token(self, token: _core.Token | str) -> bool:
        """Ends a token that was issued. True if it was there."""
        return self._core.revoke_token(token_value(token))

    def revoke_all_tokens(self) -> None:
        """Ends every token that was issued."""
        self._core.revoke_all_tokens()

    @property
    def tokens_issued(self) -> int:
        """How many tokens have been issued so far."""
        return self._core.tokens_issued

    @property
    def requests(self) -> list[Received]:
        """The latest requests, the oldest first, without their secrets."""
        return self._core.requests

    def log(self) -> str:
        """`requests` as text: when (UTC), what, the answer's status, and what was decided and why.

        A request that was not accepted is followed by its JWT's header and claims, where it had a JWT. There is no secret
        in it.
        """
        return self._core.log()

    def forget_requests(self) -> None:
        """Empties `requests`."""
        self._core.forget_requests()

    def order_fault(
        self,
        path: str | None = None,
        times: int = 1,
        *,
        status: int | None = None,
        retry_after: str | None = None,
        truncated: bool = False,
        html: bool = False,
        delay: float | None = None,
        dropped: bool = False,
        clock_offset: int | None = None,
    ) -> None:
        """Makes one thing go wrong with the next `times` requests, for this path only if one is given.

        Exactly one of: `status`, a refusal with this HTTP status, 400 to 599, perhaps with `retry_after` (a
        `Retry-After` value); `truncated`, half of the body is missing; `html`, a web page, perhaps with a `status`, 200
        to 599; `delay`, the answer comes so many seconds late, a day at most; `dropped`, the connection closes without
        an answer; `clock_offset`, the clock that judges the request is so many seconds ahead. Raises `UsageError` for
        none or two of them, and for a value that cannot be.
        """
        self._core.order_fault(
            path,
            times,
            status=status,
            retry_after=retry_after,
            truncated=truncated,
            html=html,
            delay=delay,
            dropped=dropped,
            clock_offset=clock_offset,
        )

    def cancel_faults(self) -> None:
        """Takes back every order that is not used up."""
        self._core.cancel_faults()

    def set_clock_offset(self, secs: int) -> None:
        """Puts its clock so many seconds ahead of `clock`."""
        self._core.set_clock_offset(secs)

    def __repr__(self) -> str:
        return f"<Emulator at {self.url}>" if self._running else "<Emulator, stopped>"

    def _answer(self, method: str, target: str, headers: list[tuple[str, str]], body: bytes) -> _core.Reply:
        return self._core.handle(method, target, headers, body, self._now())

    def _serving(self) -> tuple[Server, Thread, Endpoints]:
        if self._running is None:
            raise RuntimeError("the emulator does not run: use it in a `with` statement, or call `start()`")
        return self._running
