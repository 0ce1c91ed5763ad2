"""What the cloud's APIs answer: workload identity's resources and operations. Times are seconds since the epoch."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, Optional, TypeVar

__all__ = ["FederatedCredential", "Federation", "Operation", "OperationError", "Page"]

T = TypeVar("T")


@dataclass(frozen=True)
class Page(Generic[T]):
    """Part of a list, or all of it."""

    items: Sequence[T]
    """The items."""
    next_page_token: Optional[str] = None
    """What to ask for the next page with; `None` if this is the last."""


@dataclass(frozen=True)
class FederatedCredential:
    """Which external subject may act as which service account."""

    id: str
    """Its ID."""
    service_account_id: str
    """The service account that the subject may act as."""
    federation_id: str
    """The federation whose tokens count."""
    external_subject_id: str
    """The `sub` of those tokens, letter for letter: `system:serviceaccount:NAMESPACE:NAME` in Kubernetes."""
    created_at: Optional[float] = None
    """When it was created."""


@dataclass(frozen=True)
class Federation:
    """A workload identity federation: an external OIDC issuer that is trusted."""

    id: str
    """Its ID."""
    folder_id: str
    """The folder that it belongs to."""
    name: str
    """Its name, unique within the folder."""
    issuer: str
    """The `iss` that tokens must have, letter for letter."""
    audiences: Sequence[str]
    """The values of `aud`, one of which a token must have."""
    jwks_url: str
    """Where the issuer's public keys are (RFC 7517)."""
    description: str = ""
    """A description; may be empty."""
    disabled: bool = False
    """Whether its tokens are refused at present."""
    labels: Mapping[str, str] = field(default_factory=dict)
    """Labels."""
    created_at: Optional[float] = None
    """When it was created."""


@dataclass(frozen=True)
class OperationError:
    """Why an operation failed: a `google.rpc.Status`."""

    code: int
    """A number of `google.rpc.Code`."""
    message: str
    """The service's words."""
    details: Sequence[Any] = ()
    """What else the service says, as parsed JSON."""


@dataclass(frozen=True)
class Operation:
    """Something that the cloud does after it has answered, as it was when it was looked at."""

    id: str
    """Its ID."""
    description: str = ""
    """What it does, in the service's words; may be empty."""
    created_at: Optional[float] = None
    """When it began."""
    created_by: str = ""
    """Who began it: the ID of a user or a service account."""
    modified_at: Optional[float] = None
    """When it changed last."""
    done: bool = False
    """Whether it has ended."""
    metadata: Mapping[str, Any] = field(default_factory=dict)
    """What the service says about it, as parsed JSON; often the ID of what it is done to."""
    error: Optional[OperationError] = None
    """Why it failed. Can be there before it is done: then it is being cleaned up after."""
    response: Optional[Mapping[str, Any]] = field(default=None, repr=False)
    """What it made, as parsed JSON; where it succeeded. Not part of `repr()`."""


def _operation_from_core(
    id: str,
    description: str,
    created_at: Optional[float],
    created_by: str,
    modified_at: Optional[float],
    done: bool,
    metadata: str,
    error: Optional[tuple[int, str, str]],
    response: Optional[str],
) -> Operation:
    """Called by the core, and by nothing else."""
    return Operation(
        id,
        description,
        created_at,
        created_by,
        modified_at,
        done,
        json.loads(metadata),
        None if error is None else OperationError(error[0], error[1], json.loads(error[2])),
        None if response is None else json.loads(response),
    )
