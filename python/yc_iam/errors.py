"""Why there is no token, or no key.

Every error of this package is a `YcIamError`; its subclasses follow from the fault: who must act so that it works
next time.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from yc_iam.types import ErrorCode, Fault

__all__ = [
    "ClockError",
    "ConfigurationError",
    "InvalidKeyError",
    "NetworkError",
    "RemoteError",
    "UsageError",
    "YcIamError",
]


class YcIamError(Exception):
    """The base of every error here. `str()` says what happened and what to do, and never holds a secret."""

    code: ErrorCode
    """What went wrong; stable. `yc_iam.error_codes()` lists all codes with their meanings."""
    fault: Fault
    """Who must act: `key`, `config`, `caller`, `remote`, `network` or `clock`."""
    transient: bool
    """Whether the same call can succeed later with nothing changed."""
    hint: str
    """What to do next; may be empty. Part of `str()` too."""
    status: int | None
    """The HTTP status, where a service answered."""
    request_id: str | None
    """The ID under which the service's support finds the request."""
    retry_after: float | None
    """For how many seconds the service asked not to be called again."""

    def __init__(
        self,
        message: str,
        *,
        code: ErrorCode,
        fault: Fault,
        transient: bool = False,
        hint: str = "",
        status: int | None = None,
        request_id: str | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.fault = fault
        self.transient = transient
        self.hint = hint
        self.status = status
        self.request_id = request_id
        self.retry_after = retry_after

    def __reduce__(self) -> tuple[Any, ...]:
        """Errors cross process borders whole, unlike what they are about."""
        return _restored, (type(self), self.args, self.__dict__)


class InvalidKeyError(YcIamError):
    """The key file is damaged, or it is something else."""


class ConfigurationError(YcIamError):
    """An endpoint, a path or an option is wrong."""


class UsageError(YcIamError):
    """The program called this package with an impossible value."""


class RemoteError(YcIamError):
    """The service refused, or answered with something that it should not."""


class NetworkError(YcIamError):
    """The way to the service is broken."""


class ClockError(YcIamError):
    """This machine's clock, or the service's, is off."""


# The core makes its exceptions of these, without `__init__`.
_BY_FAULT: dict[str, type[YcIamError]] = {
    "key": InvalidKeyError,
    "config": ConfigurationError,
    "caller": UsageError,
    "remote": RemoteError,
    "network": NetworkError,
    "clock": ClockError,
}


def _restored(cls: type[YcIamError], args: tuple[Any, ...], attributes: dict[str, Any]) -> YcIamError:
    error = cls.__new__(cls, *args)
    error.__dict__.update(attributes)
    return error
