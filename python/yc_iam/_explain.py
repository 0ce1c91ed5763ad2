"""What credentials say of themselves."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, Union

from yc_iam import _core
from yc_iam._core import Endpoints
from yc_iam.resources import FederatedCredential, Federation
from yc_iam.types import Seconds

Text = Union[str, bytes, bytearray]


@dataclass(frozen=True)
class Fact:
    """Something that a credential says of itself. Several may have one name: a token may have several audiences."""

    name: str
    """The stable name, in snake case."""
    label: str
    """The name as people read it."""
    value: str
    """The value; a time is RFC 3339 in UTC."""
    remark: str = ""
    """What the value means now, such as `in 43 min`; mostly empty."""


@dataclass(frozen=True)
class Finding:
    """Something that was noticed, and what to do about it."""

    severity: Literal["error", "warning", "note"]
    """How much it matters: with an error, it cannot work."""
    code: str
    """The stable name, in snake case."""
    message: str
    """What was noticed."""
    hint: str = ""
    """What to do; may be empty."""


@dataclass(frozen=True)
class Explanation:
    """What something is, what it says of itself, and what is wrong with it. Holds no byte of a secret.

    `str()` is the text for people.
    """

    kind: str
    """What it is, as a stable name: `service_account_key`, `iam_token`, `kubernetes_token`, `unknown`…"""
    title: str
    """What it is, as people say it."""
    facts: Sequence[Fact]
    """What it says of itself."""
    findings: Sequence[Finding]
    """What was noticed, the worst first."""
    is_good: bool
    """Whether nothing is known that keeps it from working: no finding is an error."""
    _json: str = field(repr=False)
    _text: str = field(repr=False)

    def to_json(self) -> str:
        """For programs: one JSON object on one line, with `kind`, `title`, `good`, `facts` and `findings`."""
        return self._json

    def __str__(self) -> str:
        return self._text


def explain(
    content: Text,
    *,
    federation: Federation | Mapping[str, Any] | Text | None = None,
    credential: FederatedCredential | Mapping[str, Any] | Text | None = None,
    endpoints: Endpoints | None = None,
    now: Seconds | None = None,
) -> Explanation:
    """Explains a key file, a token, a JWT, or a federation's or federated credential's JSON.

    It never fails on `content`: what is not known is explained as unknown. `federation` and `credential`: what an
    external token is compared with, as objects, or as the JSON that the API gives and `yc` prints. `endpoints`: where
    the services are, by default `Endpoints.from_env()`. `now`: the time, in seconds since the epoch. Raises
    `UsageError` for a federation or a credential that is none.
    """
    as_json, as_text = _core.explain(
        _bytes(content),
        time.time() if now is None else now,
        Endpoints.from_env() if endpoints is None else endpoints,
        _expected(federation),
        _expected(credential),
    )
    read = json.loads(as_json)
    facts = [Fact(**fact) for fact in read["facts"]]
    findings = [Finding(**finding) for finding in read["findings"]]
    return Explanation(read["kind"], read["title"], facts, findings, read["good"], as_json, as_text)


def _expected(given: Federation | FederatedCredential | Mapping[str, Any] | Text | None) -> bytes | None:
    if given is None:
        return None
    if isinstance(given, (Federation, FederatedCredential)):
        given = asdict(given)
    return json.dumps(dict(given)).encode() if isinstance(given, Mapping) else _bytes(given)


def _bytes(text: Text) -> bytes:
    if isinstance(text, str):
        return text.encode("utf-8", "surrogatepass")
    # `bytes` makes as many zeros of a number.
    if isinstance(text, (bytes, bytearray, memoryview)):
        return bytes(text)
    raise TypeError(f"str or bytes were expected, not an object of type {type(text).__name__}")
