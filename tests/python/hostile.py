"""Values that no program means to pass, each made anew, and what may be raised because of them."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from yc_iam import YcIamError


class HostileError(Exception):
    """What the values themselves raise: the program's own affair."""


def _raises(*_):
    raise HostileError("\udcff t1.9euelZqInTheHostileError-0123456789")


class Text(str):
    __str__ = __len__ = __eq__ = __hash__ = encode = strip = _raises


class Plain(str):
    pass


class Everything:
    """Fails whatever is asked of it."""

    __str__ = __repr__ = __len__ = __iter__ = __index__ = __float__ = __int__ = __bool__ = __eq__ = _raises
    __hash__ = __fspath__ = __bytes__ = __call__ = __getitem__ = __contains__ = __getattr__ = _raises


class Bottomless(list):
    """Says that there is more in it than any memory holds."""

    def __len__(self):
        return 2**62


class Variables(Mapping):
    __getitem__ = __iter__ = __len__ = _raises


class Fails:
    """As many different errors as kinds of questions."""

    def __index__(self):
        raise OverflowError("index")

    def __float__(self):
        return "no float"

    def __str__(self):
        return 5

    def __fspath__(self):
        return 5


def nested():
    value = {}
    for _ in range(10_000):
        value = {"": value}
    return value


def endless_list():
    value = []
    value.append(value)
    return value


def endless_dict():
    value = {}
    value["id"] = value
    return value


def unreadable_error():
    class Unreadable(Exception):
        __str__ = __repr__ = __eq__ = _raises
        __hash__ = Exception.__hash__

    return Unreadable("x")


VALUES = {
    "none": lambda: None,
    "true": lambda: True,
    "zero": lambda: 0,
    "minus one": lambda: -1,
    "2**31": lambda: 2**31,
    "2**53": lambda: 2**53,
    "2**63": lambda: 2**63,
    "2**64": lambda: 2**64,
    "10**400": lambda: 10**400,
    "minus zero": lambda: -0.0,
    "not a number": lambda: float("nan"),
    "infinity": lambda: float("inf"),
    "minus infinity": lambda: float("-inf"),
    "1e300": lambda: 1e300,
    "smallest": lambda: 5e-324,
    "complex": lambda: 1j,
    "decimal": lambda: Decimal("NaN"),
    "empty": lambda: "",
    "nul": lambda: "a\0b",
    "surrogate": lambda: "t1.9euelZqWithALoneSurrogate-0123456789\ud800",
    "long": lambda: "y0_" + "x" * 100_000,
    "line break": lambda: "a\r\nhost: b",
    "template": lambda: "{0.__class__}%s${x}\u202e\ufeff",
    "text that fails": lambda: Text("x"),
    "text of a subclass": lambda: Plain("x"),
    "no bytes": lambda: b"",
    "bytes": lambda: b"\xff\xfe\0",
    "byte array": lambda: bytearray(b"{}"),
    "memory": lambda: memoryview(b"abc"),
    "scattered memory": lambda: memoryview(b"abcdef")[::2],
    "released memory": lambda: released(),
    "object": object,
    "type": lambda: type,
    "fails at everything": Everything,
    "fails": Fails,
    "a range beyond memory": lambda: range(2**62),
    "a list beyond memory": lambda: Bottomless([1]),
    "list": lambda: ["x", 5, None],
    "list of surrogates": lambda: ["\ud800"],
    "pairs": lambda: [("a", "b", "c")],
    "tuple": lambda: (1, 2),
    "set": lambda: {1},
    "dict": lambda: {5: object()},
    "dict of nothing": lambda: {None: None},
    "mapping that fails": Variables,
    "nested": nested,
    "endless list": endless_list,
    "endless dict": endless_dict,
    "generator": lambda: (_raises() for _ in "x"),
    "function": lambda: _raises,
    "error": unreadable_error,
}


def released():
    view = memoryview(b"abc")
    view.release()
    return view


# A value that holds itself, or holds too much, is Python's own to refuse.
DOCUMENTED = (YcIamError, TypeError, ValueError, OverflowError, HostileError, RecursionError)
