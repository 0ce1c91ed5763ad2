"""yandexcloud, the cloud's own SDK.

    client = sdk(credentials).client(InstanceServiceStub)
"""

from __future__ import annotations

from typing import Any

import grpc
from yandexcloud import SDK  # type: ignore[attr-defined]

from yc_iam._sync import Credentials
from yc_iam.integrations._bearer import blocking
from yc_iam.integrations.grpc import call_credentials, interceptor

__all__ = ["sdk"]


def sdk(credentials: Credentials, **options: Any) -> SDK:
    """An `SDK` whose tokens are those of these credentials, at every call.

    `options`: what `SDK` takes besides credentials, such as `endpoint`, `endpoints` or `retry_policy`. A token that is
    refused is renewed and the call made once more, unless an `interceptor` of another kind is passed, here or to
    `client`. Raises `TypeError` for options that are credentials too.
    """
    for name in ("token", "iam_token", "service_account_key"):
        if options.get(name) is not None:
            raise TypeError(f"pass credentials or {name}, not both")
    options.setdefault("interceptor", interceptor(blocking(credentials)))
    # The SDK has no place for credentials that are not its own: this token is never used.
    made = SDK(**{**options, "iam_token": "replaced"})
    channels = made._channels
    calls = call_credentials(credentials)

    def channel_credentials(_iam_endpoint: str) -> grpc.ChannelCredentials:
        return grpc.composite_channel_credentials(channels._channel_creds, calls)

    if not callable(getattr(channels, "_get_creds", None)):
        raise RuntimeError("this version of yandexcloud makes its channels in another way")
    setattr(channels, "_get_creds", channel_credentials)  # noqa: B010
    return made
