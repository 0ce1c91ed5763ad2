"""Names for annotations. The package itself imports them for type checkers only: `typing` takes its time."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Iterable, Mapping
from typing import Any, Callable, Literal, SupportsFloat, SupportsIndex, Union

from yc_iam._core import (
    Authorize,
    AuthorizeWith,
    Done,
    Emulate,
    Exit,
    Fail,
    Perform,
    ReadFile,
    ReadInput,
    ReadVariable,
    Request,
    Response,
    ServiceAccountKey,
    Sign,
    Supply,
    Use,
    Wait,
)

Seconds = Union[SupportsFloat, SupportsIndex]
"""Any number of seconds; a time counts from the epoch."""

Headers = Union[Mapping[str, str], Iterable[tuple[str, str]]]
"""Names and values."""

KeyLike = Union[ServiceAccountKey, "os.PathLike[str]", str, bytes, bytearray, Mapping[str, Any]]
"""A service account's key, or where or what it is."""

Transport = Callable[[Request], Response]
"""Sends a request, follows no redirect, and returns the response whatever its status.

Where there is no response it raises `TimeoutError`, `ssl.SSLError` or another `OSError`, or what one of these caused.
"""

AsyncTransport = Callable[[Request], Union[Response, Awaitable[Response]]]
"""The same for `AsyncCredentials`: an `async def`, or a plain function, which is run in a thread."""

Supplier = Callable[[], Union[str, bytes]]
"""Gives an external token. Whatever it raises is the reason why there is none.

After 35 seconds, the next caller calls it too, if there is one: give what it asks a limit of its own.
"""

AsyncSupplier = Callable[[], Union[str, bytes, Awaitable[Union[str, bytes]]]]
"""The same for `AsyncCredentials`: an `async def`, or a plain function, which is run in a thread.

Nobody waits for it for longer than 30 seconds; then an `async def` is cancelled, and a thread is left alone.
"""

Signer = Callable[[bytes], bytes]
"""Signs with PS256 (RFC 7518, section 3.5): RSASSA-PSS with SHA-256 and a salt of 32 bytes.

After 35 seconds, the next caller calls it too, if there is one: give what it asks a limit of its own.
"""

AsyncSigner = Callable[[bytes], Union[bytes, Awaitable[bytes]]]
"""The same for `AsyncCredentials`: an `async def`, or a plain function, which is run in a thread.

Nobody waits for it for longer than 30 seconds; then an `async def` is cancelled, and a thread is left alone.
"""

Action = Union[Request, ReadFile, ReadInput, ReadVariable, Supply, Sign]
"""What a session or the command can ask for."""

Step = Union[Use, Perform, Wait, Fail]
"""What a session can say."""

CallStep = Union[Authorize, Perform, Wait, Done, Fail]
"""What a call can say."""

ProgramStep = Union[Perform, AuthorizeWith, Wait, Emulate, Exit]
"""What the command can say."""

FailureKind = Literal["connection", "timeout", "tls", "cancelled", "file", "variable", "supplier", "signing", "other"]
"""How an action can fail."""

Outcome = Union[Response, bytes, bytearray, tuple[FailureKind, str]]
"""What came of an action: the response, or the content or signature, or how it failed and what the failure said."""

Fault = Literal["key", "config", "caller", "remote", "network", "clock"]
"""Who must act so that it works next time."""

ErrorCode = Literal[
    "empty_key",
    "invalid_json",
    "missing_field",
    "invalid_field",
    "key_id_mismatch",
    "invalid_pem",
    "invalid_private_key",
    "unsupported_key_type",
    "unsupported_key_size",
    "encrypted_key",
    "public_key_given",
    "inconsistent_key",
    "api_key_given",
    "oauth_token_given",
    "iam_token_given",
    "static_key_given",
    "path_given",
    "bare_pem_given",
    "unreadable_file",
    "invalid_credential",
    "invalid_subject_token",
    "missing_variable",
    "supplier_failed",
    "no_service_account",
    "metadata_unavailable",
    "no_credentials",
    "not_in_cluster",
    "invalid_certificate",
    "invalid_kubernetes_secret",
    "invalid_kubeconfig",
    "invalid_endpoint",
    "insecure_endpoint",
    "invalid_time",
    "invalid_lifetime",
    "invalid_audience",
    "invalid_argument",
    "unexpected_outcome",
    "cancelled",
    "signing_failed",
    "connection_failed",
    "timeout",
    "tls_failed",
    "transport_failed",
    "redirect_refused",
    "html_response",
    "empty_response",
    "truncated_response",
    "oversize_response",
    "invalid_response",
    "invalid_token",
    "token_expired",
    "bad_request",
    "unauthenticated",
    "permission_denied",
    "not_found",
    "conflict",
    "operation_failed",
    "operation_unfinished",
    "rate_limited",
    "server_error",
    "unexpected_status",
]
"""What went wrong. `yc_iam.error_codes()` says what each code means."""
