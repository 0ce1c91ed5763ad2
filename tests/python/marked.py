"""A key and tokens of a test's own that are found wherever they turn up, in whatever writing."""

from __future__ import annotations

import base64
import json
import logging
import os
import pickle
import traceback

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

ACCOUNT = "ajeb9l33h6mu12345678"
# Of so many characters is the shortest piece that is looked for.
START = 12
# Whoever reads these wants them.
ASKED_FOR = ("value", "body", "headers")
PACKAGE = os.sep + "yc_iam" + os.sep


def encoded(data):
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


class Marked:
    """A private key, an OAuth token, an IAM token, an external OIDC token, a secret's value and a header's."""

    def __init__(self):
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        form = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        pem = key.private_bytes(serialization.Encoding.PEM, *form).decode()
        numbers = key.private_numbers()
        self.numbers = {
            name: value.to_bytes((value.bit_length() + 7) // 8, "big")
            for name, value in vars_of(numbers, "d", "p", "q", "dmp1", "dmq1", "iqmp").items()
        }
        self.pem = pem
        self.key = {"id": "ajemarkedkey00000001", "service_account_id": ACCOUNT, "private_key": pem}
        self.public_key = key.public_key()
        self.oauth = "y0_" + encoded(os.urandom(42))
        self.iam = f"t1.{encoded(os.urandom(60))}.{encoded(os.urandom(48))}"
        claims = {"iss": "https://issuer.example", "sub": encoded(os.urandom(33)), "exp": 4_000_000_000}
        parts = [{"alg": "RS256", "kid": "k"}, claims]
        self.subject = ".".join([encoded(json.dumps(part).encode()) for part in parts] + [encoded(os.urandom(256))])
        self.value = encoded(os.urandom(42))
        self.header = encoded(os.urandom(42))
        self.needles = {needle: name for name, needle in self._needles()}
        self._starts = {needle[:START] for needle in self.needles}
        self._clean = set()

    def tokens(self):
        return {name: getattr(self, name) for name in ("oauth", "iam", "subject", "value", "header")}

    def _needles(self):
        for name, number in self.numbers.items():
            yield f"{name}, decimal", str(int.from_bytes(number, "big"))[:30]
            for writing in writings(number):
                yield name, writing
        for line in self.pem.splitlines()[1:-1]:
            for start in range(0, max(len(line) - 24, 1), 20):
                yield "PEM", line[start : start + 24]
        for name, token in self.tokens().items():
            # The header of a JWT is no secret, and neither is how a token begins.
            secret = token.split(".", 1)[1] if "." in token else token[3:]
            for start in range(0, len(secret) - 14, 7):
                yield name, secret[start : start + 14]
            for writing in writings(secret.encode()):
                yield name, writing

    def found(self, text):
        """Whose pieces stand in a text. Most texts are looked at many times, and hold none."""
        if text in self._clean:
            return []
        if not any(text[at : at + START] in self._starts for at in range(len(text) - START)):
            self._clean.add(text)
            return []
        return sorted({name for needle, name in self.needles.items() if needle in text})

    def assert_hidden(self, text, *asked_for):
        found = self.found(text)
        assert not set(found) - set(asked_for), f"{found} in: {text[:4000]}"


def vars_of(thing, *names):
    return {name: getattr(thing, name) for name in names}


def writings(data):
    """Pieces of bytes as logs may hold them: hexadecimal, base64 wherever it began, Python's and JSON's own."""
    for start in range(0, len(data) - 24, 24):
        piece = data[start : start + 24]
        yield piece.hex()
        yield piece.hex().upper()
        yield piece[:12].hex(":")
        yield repr(piece[:12])[2:-1]
        yield ", ".join(map(str, piece[:8]))
        yield ",".join(map(str, piece[:8]))
        for offset in (0, 1, 2):
            here = data[start + offset : start + offset + 18]
            yield base64.b64encode(here).decode()
            yield base64.urlsafe_b64encode(here).decode()


def views(thing):
    """Whatever a program, a debugger or a log may show of an object."""
    yield from (repr(thing), str(thing), f"{thing}", ascii(thing), repr([thing]), "%s %r" % (thing, thing))
    yield repr(getattr(thing, "__dict__", None))
    for name in dir(type(thing)):
        if isinstance(vars_in_type(thing, name), (property, type(int.real))) and name not in ASKED_FOR:
            yield repr(getattr(thing, name, None))
    try:
        yield repr(pickle.dumps(thing))
    except Exception as error:
        yield repr(error)


def vars_in_type(thing, name):
    return next((vars(kind)[name] for kind in type(thing).__mro__ if name in vars(kind)), None)


def of_error(error):
    """All that an error shows, and the chain behind it, with the values in the package's own frames."""
    yield from views(error)
    yield "".join(traceback.format_exception(type(error), error, error.__traceback__))
    seen = []
    link = error
    while link is not None and link not in seen:
        seen.append(link)
        yield from (repr(link), repr(link.args), repr(vars(link)))
        link = link.__cause__ or link.__context__


def locals_of(error):
    """What a reporter of errors records of the package's frames."""
    captured = traceback.TracebackException(type(error), error, error.__traceback__, capture_locals=True)
    for frame in captured.stack:
        if PACKAGE in frame.filename and frame.locals:
            for name, shown in frame.locals.items():
                yield frame.name, name, shown


class Records(logging.Handler):
    """Every record of every logger."""

    def __init__(self):
        super().__init__(logging.DEBUG)
        self.lines = []

    def emit(self, record):
        self.lines.append(f"{self.format(record)} {record.args!r} {record.__dict__!r}")
