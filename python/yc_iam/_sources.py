"""Every place that credentials come from, for code that blocks and for code that awaits alike."""

from __future__ import annotations

import os
import time

from yc_iam._base import CredentialsBase, SignerT, SupplierT, TransportT
from yc_iam._core import ServiceAccountKey, Source, SubjectToken

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from typing_extensions import Self

    from yc_iam._core import Endpoints
    from yc_iam.types import Headers, KeyLike, Seconds


class CredentialsFrom(CredentialsBase[TransportT, SupplierT, SignerT]):
    """The constructors. None of them sends anything yet."""

    __slots__ = ()

    @classmethod
    def service_account(
        cls,
        key: KeyLike,
        *,
        signer: SignerT | None = None,
        endpoints: Endpoints | None = None,
        transport: TransportT | None = None,
    ) -> Self:
        """Credentials of a service account.

        `key`: a `ServiceAccountKey`, a key file's path, its content, or a mapping. `signer`: makes the signatures in
        place of this package, from the bytes to sign: PS256 (RFC 7518, section 3.5) with this very key.

        Raises `InvalidKeyError`, or `ConfigurationError` if the file cannot be read.
        """
        source = Source.service_account(ServiceAccountKey.from_any(key), external_signing=signer is not None)
        return cls(source, endpoints, transport, signer=signer)

    @classmethod
    def oauth(cls, token: str, *, endpoints: Endpoints | None = None, transport: TransportT | None = None) -> Self:
        """Credentials of a Yandex account, by its OAuth token.

        Raises `ConfigurationError` for what cannot be an OAuth token.
        """
        return cls(Source.oauth(token), endpoints, transport)

    @classmethod
    def workload_identity(
        cls,
        service_account_id: str,
        *,
        token_file: str | os.PathLike[str] | None = None,
        token_env: str | None = None,
        token: str | SupplierT | None = None,
        token_url: str | None = None,
        token_headers: Headers | None = None,
        token_field: str | None = None,
        github_actions: bool = False,
        audience: str | None = None,
        endpoints: Endpoints | None = None,
        transport: TransportT | None = None,
    ) -> Self:
        """Credentials of a service account by workload identity federation (RFC 8693), without any key.

        Exactly one of these says where the external OIDC token is; it is looked up anew at each renewal:

        - `token_file`: a file, as Kubernetes projects one into a pod;
        - `token_env`: an environment variable, as GitLab's `id_tokens` set one;
        - `token`: a function that returns it, or the token itself, which then serves until it ends;
        - `token_url`: an address to `GET` it from, with `token_headers`; it is `token_field` of the JSON answer, or the
          whole answer;
        - `github_actions=True`: the issuer of GitHub Actions, with `audience` as the claim `aud`, by default the URL of
          the repository's owner.

        Raises `UsageError` for an impossible ID or header, `ConfigurationError` for an impossible URL and outside of a
        GitHub job that may ask for tokens, and `TypeError` unless there is exactly one place.
        """
        places = (token_file, token_env, token, token_url, github_actions or None)
        if sum(place is not None for place in places) != 1:
            raise TypeError("pass exactly one of token_file, token_env, token, token_url and github_actions=True")
        if token_url is None and (token_headers is not None or token_field is not None):
            raise TypeError("token_headers and token_field go with token_url only")
        if audience is not None and not github_actions:
            raise TypeError("audience goes with github_actions only")
        supplier = None
        if token_file is not None:
            subject_token = SubjectToken.file(os.fsdecode(token_file))
        elif token_env is not None:
            subject_token = SubjectToken.variable(token_env)
        elif token_url is not None:
            subject_token = SubjectToken.url(token_url, token_headers, token_field)
        elif github_actions:
            subject_token = SubjectToken.github_actions(audience)
        elif isinstance(token, str):
            subject_token = SubjectToken.value(token)
        elif callable(token):
            subject_token, supplier = SubjectToken.supplier(), token
        else:
            raise TypeError(f"token is a str or a function, and not an object of type {type(token).__name__}")
        source = Source.workload_identity(service_account_id, subject_token)
        return cls(source, endpoints, transport, supplier)

    @classmethod
    def metadata(cls, *, endpoints: Endpoints | None = None, transport: TransportT | None = None) -> Self:
        """Credentials of the service account that is attached to this VM or pod, by the metadata service.

        Anywhere else, `token()` raises `ConfigurationError` within a second. `YC_METADATA_ADDR` says where else the
        service is: an https URL, or a host on loopback.
        """
        return cls(Source.metadata(), endpoints, transport)

    @classmethod
    def function(
        cls, context: object, *, endpoints: Endpoints | None = None, transport: TransportT | None = None
    ) -> Self:
        """Credentials of a function's service account, for one invocation.

        `context`: what the handler gets as its second argument, or the `token` of it, an object or JSON text. Raises
        `ConfigurationError` if the function has no service account.
        """
        return cls(Source.function(_context_token(context), time.time()), endpoints, transport)

    @classmethod
    def fixed(
        cls,
        token: str,
        expires_at: Seconds | None = None,
        *,
        endpoints: Endpoints | None = None,
        transport: TransportT | None = None,
    ) -> Self:
        """An IAM token that somebody else got, and cannot be renewed.

        `expires_at`: when it ends, in seconds since the epoch. Without it, the token is served until `invalidate` says
        that a service refused it. Raises `ConfigurationError` for what cannot be an IAM token.
        """
        return cls(Source.fixed(token, expires_at), endpoints, transport)

    @classmethod
    def impersonate(
        cls,
        service_account_id: str,
        source: CredentialsBase[Any, Any, Any],
        *,
        endpoints: Endpoints | None = None,
        transport: TransportT | None = None,
    ) -> Self:
        """Credentials of another service account, through credentials that may create tokens for it: their account
        has the role `iam.serviceAccounts.tokenCreator`.

        `source` shows the way and stays what it is: these get a token of their own through it. `endpoints` and
        `transport` are its own by default. Raises `UsageError` for an impossible ID.
        """
        if not isinstance(source, CredentialsBase):
            raise TypeError(f"source is credentials, and not an object of type {type(source).__name__}")
        return cls(
            Source.impersonate(service_account_id, source._source),
            source._endpoints if endpoints is None else endpoints,
            source._transport if transport is None else transport,
            source._supplier,
            source._signer,
        )

    @classmethod
    def default(
        cls,
        *,
        context: object = None,
        probe_metadata: bool = True,
        endpoints: Endpoints | None = None,
        transport: TransportT | None = None,
    ) -> Self:
        """Credentials by the environment, which is looked at now, and once: the first of these that is there is used,
        and no other is tried.

        1. `YC_SERVICE_ACCOUNT_KEY_FILE`: a key file's path, or its content
        2. `YDB_SERVICE_ACCOUNT_KEY_FILE_CREDENTIALS`: a key file's path
        3. `YDB_SERVICE_ACCOUNT_KEY_CREDENTIALS`: a key file's content
        4. `YC_IAM_TOKEN`: an IAM token
        5. `YC_TOKEN`: an IAM token or an OAuth token
        6. `YDB_ACCESS_TOKEN_CREDENTIALS`: an IAM token
        7. `YC_OAUTH_TOKEN`: an OAuth token
        8. `YC_WORKLOAD_IDENTITY_TOKEN_FILE` and `YC_SERVICE_ACCOUNT_ID`: an external token's path, and whose it is
        9. `context`: a function's, as `function` takes it
        10. `YDB_METADATA_CREDENTIALS=1` or `YC_METADATA_ADDR`: the metadata service
        11. the metadata service if it answers within a second with an IAM token, unless `probe_metadata` is false

        An empty variable counts as not set. `repr()` says what is used. Raises what is wrong with the first that is
        set; `ConfigurationError`, here or from `token()`, lists everything that was tried if there is nothing.
        """
        token = None if context is None else _context_token(context)
        source = Source.default(time.time(), function_token=token, probe_metadata=probe_metadata)
        return cls(source, endpoints, transport)


def _context_token(context: object) -> str:
    """The JSON of `context.token`, whichever of the two was passed in."""
    token = getattr(context, "token", context)
    if isinstance(token, str):
        return token
    import json

    return json.dumps(token, default=_fields)


def _fields(thing: Any) -> Any:
    if hasattr(thing, "keys"):
        return dict(thing)
    if hasattr(thing, "__dict__"):
        return vars(thing)
    raise TypeError(f"context is a function's context or its token, and not an object of type {type(thing).__name__}")
