"""What is to be reached. Each goal becomes a line of the output: met, or by how much it is missed."""

from __future__ import annotations

from dataclasses import dataclass

from groups import CACHED, EXCHANGES, NODE, PYTHON, SIZE, WASM_SIGNER, Language

# No rivals: the interpreter that does nothing, and the least that any program pays for what ours does.
BARE = "bare"
REQUEST = "a request, no more"
SIGNATURE = "a signature, no more"
WAKING = "p99, waking them, no more"
CLOCK = "Python: a method that looks at the clock, no more"
CLOCK_AWAITED = "JavaScript: await, and a look at the clock, no more"

# Of sessions: what a process has to be warm for would hide in one or ten of them.
FLAT = 1.2


@dataclass(frozen=True)
class Goal:
    """Our figure of a group must be at most `limit`: in the group's unit, or times the best figure of `against`."""

    what: str
    group: str
    ours: str
    limit: float
    against: tuple[str, ...] = ()
    # Less the bare interpreter's figure, ours and theirs.
    net: bool = False
    # What nobody can be below; said where the goal is missed.
    floor: str | None = None


PYTHON_RIVALS = ("PyJWT + requests", "PyJWT + urllib", "yandexcloud")
NODE_RIVALS = ("fast-jwt + fetch", "jsonwebtoken + fetch", "jose + fetch", "nodejs-sdk")
NODE_TOKEN = "Node, fresh process → first token over TLS on loopback"
PYTHON_TOKEN = "Python, fresh process → first token over TLS on loopback"

FIRST_JWT = [
    Goal("Python, fresh process → first JWT, against PyJWT", PYTHON.first_jwt, "yc-iam", 1 / 40, ("PyJWT",), net=True),
    Goal(
        "Node, fresh process → first JWT, platform, against jose",
        NODE.first_jwt,
        "yc-iam, platform",
        1 / 8,
        ("jose",),
        net=True,
        floor=SIGNATURE,
    ),
    Goal(
        "Node, fresh process → first JWT, platform, against fast-jwt",
        NODE.first_jwt,
        "yc-iam, platform",
        1 / 3,
        ("fast-jwt",),
        net=True,
        floor=SIGNATURE,
    ),
    Goal("Node, fresh process → first JWT, core", NODE.first_jwt, "yc-iam, core", 12, net=True),
]

# Both ways: the bare interpreter alone takes a good part of what a rival takes.
FIRST_TOKEN = [
    Goal(PYTHON_TOKEN, PYTHON.first_token, "yc-iam", 1 / 3, PYTHON_RIVALS, floor=REQUEST),
    Goal(PYTHON_TOKEN, PYTHON.first_token, "yc-iam", 1 / 3, PYTHON_RIVALS, net=True, floor=REQUEST),
    Goal(NODE_TOKEN, NODE.first_token, "yc-iam, platform", 1 / 3, NODE_RIVALS, floor=REQUEST),
    Goal(NODE_TOKEN, NODE.first_token, "yc-iam, platform", 1 / 3, NODE_RIVALS, net=True, floor=REQUEST),
]

ONE_JWT = [
    Goal("Python, one JWT, against PyJWT with a parsed key", PYTHON.one_jwt, "yc-iam", 0.95, ("PyJWT",)),
    Goal("Python, one JWT, against raw aws-lc", PYTHON.one_jwt, "yc-iam", 1.03, ("aws-lc",)),
    Goal("Node, one JWT, platform, against fast-jwt", NODE.one_jwt, "yc-iam, platform", 1.05, ("fast-jwt",)),
    Goal("Node, one JWT, core", NODE.one_jwt, "yc-iam, core", 4.4),
    Goal("wasm signer, against rsa 0.10 as it comes", WASM_SIGNER, "yc-iam", 1, ("rsa 0.10",)),
    Goal("wasm signer, against rsa 0.9 as it comes", WASM_SIGNER, "yc-iam", 1, ("rsa 0.9",)),
]

CACHED_TOKEN = [
    Goal("cached token, Python", CACHED, "Python: token()", 0.2, floor=CLOCK),
    Goal("cached token, JavaScript, called", CACHED, "JavaScript: getToken()", 0.1),
    Goal("cached token, JavaScript, awaited", CACHED, "JavaScript: await getToken()", 0.1, floor=CLOCK_AWAITED),
]


def crowd(language: Language, kind: str) -> list[Goal]:
    group, what = language.crowd(kind), f"10,000 {kind} on an expired token, {language.name}"
    return [
        Goal(f"{what}: exchanges", group, EXCHANGES, 1),
        Goal(f"{what}: p99, against that exchange", group, "p99", 2, ("exchange",), floor=WAKING),
    ]


CROWDS = [goal for language in (PYTHON, NODE) for kind in language.callers for goal in crowd(language, kind)]

MEMORY = [
    Goal(
        "memory over the bare interpreter after the first token, Python",
        PYTHON.memory("Rss"),
        "yc-iam",
        2,
        net=True,
        floor=REQUEST,
    ),
    Goal(
        "memory over the bare interpreter after the first token, Node",
        NODE.memory("Rss"),
        "yc-iam, platform",
        4,
        net=True,
        floor=REQUEST,
    ),
]

SIZES = [
    Goal("wasm that a user of the platform's signer loads, gzipped", SIZE, "wasm, gzipped", 60),
    Goal("npm package, unpacked, without the testing kit", SIZE, "npm, unpacked, without the testing kit", 480),
    Goal("wheel", SIZE, "wheel", 1300),
]

GROWTH = [
    Goal(f"{what} per session, 10,000 against 100 or 1000, {language.name}", group, "10000", FLAT, ("100", "1000"))
    for language in (PYTHON, NODE)
    for what, group in (("time", language.growth_time), ("memory", language.growth_memory))
]

GOALS = [*FIRST_JWT, *FIRST_TOKEN, *ONE_JWT, *CACHED_TOKEN, *CROWDS, *MEMORY, *SIZES, *GROWTH]
