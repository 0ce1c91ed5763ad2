"""ydb, the SDK of YDB.

    driver = ydb.Driver(endpoint=…, database=…, credentials=YdbCredentials(credentials))

With `ydb.aio.Driver`, take `AsyncYdbCredentials`.
"""

from __future__ import annotations

from typing import Any

from ydb import credentials as ydb_credentials

from yc_iam._sync import Credentials
from yc_iam.integrations._bearer import AnyCredentials, blocking, check_url, either, token_of

__all__ = ["AsyncYdbCredentials", "YdbCredentials"]


class _Checked(ydb_credentials.Credentials):
    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]

    def _update_driver_config(self, driver_config: Any) -> None:
        """Called by each driver that is made with these."""
        secure = driver_config.secure_channel or driver_config.root_certificates is not None
        for endpoint in [driver_config.endpoint, *driver_config.endpoints]:
            check_url(f"{'https' if secure else 'http'}://{endpoint}")


class YdbCredentials(_Checked):
    """For `ydb.Driver`: the token of the moment, at every call. Any number of drivers and threads may share one.

    A driver raises `ConfigurationError` for an endpoint that is neither `grpcs` nor on a loopback address. Calls raise
    `YcIamError` where there is no token. The SDK does not say which token the database refused: after an
    `Unauthenticated`, call `credentials.invalidate(credentials.token())` and try again.
    """

    def __init__(self, credentials: Credentials) -> None:
        super().__init__()
        self._credentials = blocking(credentials)

    def auth_metadata(self) -> list[tuple[str, str]]:
        """What each call has in its metadata."""
        return [(ydb_credentials.YDB_AUTH_TICKET_HEADER, self._credentials.token().value)]


class AsyncYdbCredentials(_Checked):
    """The same for `ydb.aio.Driver`. Takes `AsyncCredentials`, or `Credentials`, which are asked in a thread."""

    def __init__(self, credentials: AnyCredentials) -> None:
        super().__init__()
        self._credentials = either(credentials)

    async def auth_metadata(self) -> list[tuple[str, str]]:
        """What each call has in its metadata."""
        return [(ydb_credentials.YDB_AUTH_TICKET_HEADER, await self.get_auth_token())]

    async def get_auth_token(self) -> str:  # type: ignore[override]
        """What a topic's reader or writer sends."""
        return (await token_of(self._credentials)).value
