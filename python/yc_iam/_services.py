"""What a token is used for, for code that blocks and for code that awaits alike: only what the methods give differs."""

from __future__ import annotations

from yc_iam._core import Task

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any, Callable, Generic, Protocol, TypeVar

    from typing_extensions import ParamSpec

    from yc_iam.types import Headers, Seconds

    P = ParamSpec("P")

    class Run(Protocol):
        """Makes a task and carries it out."""

        def __call__(
            self, timeout: Seconds | None, make: Callable[P, Task], /, *args: P.args, **kwargs: P.kwargs
        ) -> Any: ...

    ItemT = TypeVar("ItemT")
    ListT = TypeVar("ListT")
    PageT = TypeVar("PageT")
    NothingT = TypeVar("NothingT")
else:
    # As in `_base`.
    from yc_iam._base import Generic

    ItemT = ListT = PageT = NothingT = None


class Service:
    """Part of the cloud's API."""

    __slots__ = ("_run",)

    def __init__(self, run: Run) -> None:
        self._run = run


class Lockbox(Service, Generic[ItemT]):
    """Lockbox: the payload of secrets. Needs the role `lockbox.payloadViewer`.

    `timeout`: after how many seconds to give up; by default a minute.
    """

    __slots__ = ()

    def get(self, secret_id: str, *, version_id: str | None = None, timeout: Seconds | None = None) -> ItemT:
        """Reads a secret, in its current version or another: a `LockboxPayload`. Raises `YcIamError`."""
        return self._run(timeout, Task.lockbox_get, secret_id, version_id)  # type: ignore[no-any-return]

    def get_by_name(
        self, folder_id: str, name: str, *, version_id: str | None = None, timeout: Seconds | None = None
    ) -> ItemT:
        """Reads a secret by its folder's ID and its name. Otherwise as `get`."""
        return self._run(timeout, Task.lockbox_get_by_name, folder_id, name, version_id)  # type: ignore[no-any-return]


class FederatedCredentials(Service, Generic[ItemT, ListT, PageT, NothingT]):
    """Federated credentials: which external subject may act as which service account.

    Needs the role `iam.serviceAccounts.federatedCredentialEditor`, or `…federatedCredentialViewer` to read.
    `timeout`: after how many seconds to give up; by default a minute, and ten for `create` and `delete`.
    """

    __slots__ = ()

    def create(
        self,
        service_account_id: str,
        federation_id: str,
        external_subject_id: str,
        *,
        timeout: Seconds | None = None,
    ) -> ItemT:
        """Lets a subject of a federation act as a service account, and waits until it may.

        `external_subject_id`: the `sub` of the external tokens, letter for letter. Gives a `FederatedCredential`.
        Raises `YcIamError`.
        """
        return self._run(  # type: ignore[no-any-return]
            timeout, Task.federated_credentials_create, service_account_id, federation_id, external_subject_id
        )

    def get(self, federated_credential_id: str, *, timeout: Seconds | None = None) -> ItemT:
        """Reads one: a `FederatedCredential`. Raises `YcIamError`."""
        return self._run(timeout, Task.federated_credentials_get, federated_credential_id)  # type: ignore[no-any-return]

    def list(self, service_account_id: str, *, timeout: Seconds | None = None) -> ListT:
        """Reads all those of a service account, page after page: a list. Raises `YcIamError`."""
        return self._run(timeout, Task.federated_credentials_list, service_account_id)  # type: ignore[no-any-return]

    def list_page(
        self,
        service_account_id: str,
        *,
        page_size: int | None = None,
        page_token: str | None = None,
        timeout: Seconds | None = None,
    ) -> PageT:
        """Reads one page of those of a service account: a `Page`.

        `page_size`: from 1 to 1000. `page_token`: the `next_page_token` of the page before. Raises `YcIamError`.
        """
        return self._run(  # type: ignore[no-any-return]
            timeout, Task.federated_credentials_list_page, service_account_id, page_size, page_token
        )

    def delete(self, federated_credential_id: str, *, timeout: Seconds | None = None) -> NothingT:
        """Deletes one, and waits until it is gone. Raises `YcIamError`."""
        return self._run(  # type: ignore[no-any-return]
            timeout, Task.federated_credentials_delete, federated_credential_id
        )


class Federations(Service, Generic[ItemT, ListT, PageT, NothingT]):
    """Workload identity federations of external OIDC issuers.

    Needs the role `iam.workloadIdentityFederations.editor` in the folder, or `….viewer` to read. `timeout`: after
    how many seconds to give up; by default a minute, and ten for `create`, `update` and `delete`.
    """

    __slots__ = ()

    def create(
        self,
        folder_id: str,
        *,
        name: str,
        issuer: str,
        audiences: Sequence[str],
        jwks_url: str,
        description: str | None = None,
        disabled: bool | None = None,
        labels: Mapping[str, str] | None = None,
        timeout: Seconds | None = None,
    ) -> ItemT:
        """Makes a federation, and waits until it is there.

        `issuer`: the claim `iss` of its tokens, letter for letter. `audiences`: the values of `aud`, one of which a
        token must have. `jwks_url`: where the issuer's public keys are. Gives a `Federation`. Raises `YcIamError`.
        """
        return self._run(  # type: ignore[no-any-return]
            timeout,
            Task.federations_create,
            folder_id,
            name=name,
            issuer=issuer,
            audiences=audiences,
            jwks_url=jwks_url,
            description=description,
            disabled=disabled,
            labels=None if labels is None else dict(labels),
        )

    def get(self, federation_id: str, *, timeout: Seconds | None = None) -> ItemT:
        """Reads one: a `Federation`. Raises `YcIamError`."""
        return self._run(timeout, Task.federations_get, federation_id)  # type: ignore[no-any-return]

    def list(self, folder_id: str, *, timeout: Seconds | None = None) -> ListT:
        """Reads all those of a folder, page after page: a list. Raises `YcIamError`."""
        return self._run(timeout, Task.federations_list, folder_id)  # type: ignore[no-any-return]

    def list_page(
        self,
        folder_id: str,
        *,
        page_size: int | None = None,
        page_token: str | None = None,
        timeout: Seconds | None = None,
    ) -> PageT:
        """Reads one page of those of a folder: a `Page`.

        `page_size`: from 1 to 1000. `page_token`: the `next_page_token` of the page before. Raises `YcIamError`.
        """
        return self._run(  # type: ignore[no-any-return]
            timeout, Task.federations_list_page, folder_id, page_size, page_token
        )

    def update(
        self,
        federation_id: str,
        *,
        name: str | None = None,
        audiences: Sequence[str] | None = None,
        jwks_url: str | None = None,
        description: str | None = None,
        disabled: bool | None = None,
        labels: Mapping[str, str] | None = None,
        timeout: Seconds | None = None,
    ) -> ItemT:
        """Changes the fields that are given and no other, and waits until it is done.

        Gives the `Federation` as it is then. Raises `YcIamError`.
        """
        return self._run(  # type: ignore[no-any-return]
            timeout,
            Task.federations_update,
            federation_id,
            name=name,
            audiences=audiences,
            jwks_url=jwks_url,
            description=description,
            disabled=disabled,
            labels=None if labels is None else dict(labels),
        )

    def delete(self, federation_id: str, *, timeout: Seconds | None = None) -> NothingT:
        """Deletes one, and waits until it is gone. Raises `YcIamError`."""
        return self._run(timeout, Task.federations_delete, federation_id)  # type: ignore[no-any-return]


class Operations(Service, Generic[ItemT]):
    """Operations: what the cloud does after it has answered.

    `timeout`: after how many seconds to give up; by default a minute, and ten for `wait`.
    """

    __slots__ = ()

    def get(self, operation_id: str, *, timeout: Seconds | None = None) -> ItemT:
        """Looks at an operation once: an `Operation`, whatever its state. Raises `YcIamError`."""
        return self._run(timeout, Task.operations_get, operation_id)  # type: ignore[no-any-return]

    def wait(self, operation_id: str, *, timeout: Seconds | None = None) -> ItemT:
        """Looks at an operation until it is done: an `Operation`.

        Raises `YcIamError`: with the code `operation_failed` if the operation fails, and `operation_unfinished` if the
        time is over before it is done; it goes on then.
        """
        return self._run(timeout, Task.operations_wait, operation_id)  # type: ignore[no-any-return]


def request(method: str, url: str, headers: Headers | None, body: str | bytes | None, json: object) -> Task:
    """A request with a body, or with an object's JSON as the body."""
    if json is not None:
        if body is not None:
            raise TypeError("pass body or json, not both")
        from json import dumps

        body = dumps(json)
        given = [] if headers is None else list(headers.items() if hasattr(headers, "items") else headers)
        if not any(name.lower() == "content-type" for name, _ in given):
            given.append(("content-type", "application/json"))
        headers = given
    return Task.request(method, url, headers, body)
