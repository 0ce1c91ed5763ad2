"""Credentials for Yandex Cloud: from a key, a workload identity or another source to IAM tokens, renewed in time.

    from yc_iam import Credentials

    credentials = Credentials.service_account("key.json")
    headers = {"Authorization": credentials.authorization()}

Importing this package costs about a millisecond: HTTP, TLS and asyncio are imported when they are first needed.
"""

try:
    from yc_iam._core import (
        Endpoints,
        LockboxPayload,
        Request,
        Response,
        ServiceAccountKey,
        Token,
        __version__,
        error_codes,
        redact,
    )
except ImportError as error:
    if "subinterpreter" not in str(error):
        raise
    raise ImportError(
        "yc_iam works in one interpreter of a process, and in no subinterpreter with a GIL of its own: import it in the "
        "main interpreter and hand tokens on from there, or use processes (mod_wsgi: `WSGIApplicationGroup %{GLOBAL}`)"
    ) from error

# Importing `typing` for its constant of this name would take longer than everything else here.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from yc_iam._async import AsyncCredentials
    from yc_iam._explain import Explanation, Fact, Finding, explain
    from yc_iam._sync import Credentials
    from yc_iam._transport import default_transport
    from yc_iam.errors import (
        ClockError,
        ConfigurationError,
        InvalidKeyError,
        NetworkError,
        RemoteError,
        UsageError,
        YcIamError,
    )
    from yc_iam.resources import FederatedCredential, Federation, Operation, OperationError, Page

__all__ = [
    "AsyncCredentials",
    "ClockError",
    "ConfigurationError",
    "Credentials",
    "Endpoints",
    "Explanation",
    "Fact",
    "FederatedCredential",
    "Federation",
    "Finding",
    "InvalidKeyError",
    "LockboxPayload",
    "NetworkError",
    "Operation",
    "OperationError",
    "Page",
    "RemoteError",
    "Request",
    "Response",
    "ServiceAccountKey",
    "Token",
    "UsageError",
    "YcIamError",
    "__version__",
    "default_transport",
    "error_codes",
    "explain",
    "redact",
]

_LATER = {
    "AsyncCredentials": "_async",
    "ClockError": "errors",
    "ConfigurationError": "errors",
    "Credentials": "_sync",
    "Explanation": "_explain",
    "Fact": "_explain",
    "FederatedCredential": "resources",
    "Federation": "resources",
    "Finding": "_explain",
    "InvalidKeyError": "errors",
    "NetworkError": "errors",
    "Operation": "resources",
    "OperationError": "resources",
    "Page": "resources",
    "RemoteError": "errors",
    "UsageError": "errors",
    "YcIamError": "errors",
    "default_transport": "_transport",
    "explain": "_explain",
}


# Type checkers have the names from above, and would take any name for good if they saw this.
if not TYPE_CHECKING:

    def __getattr__(name):
        """Imports what is not needed for a signature when it is first asked for."""
        if name not in _LATER:
            raise AttributeError(f"module 'yc_iam' has no attribute {name!r}")
        module = __import__("yc_iam." + _LATER[name], fromlist=(name,))
        value = globals()[name] = getattr(module, name)
        return value


def __dir__() -> list[str]:
    return sorted(set(globals()) | set(__all__))
