"""Just enough DER to take an RSA private key apart and to put a damaged one together."""

import base64
import re

FIELDS = ("version", "n", "e", "d", "p", "q", "dp", "dq", "qinv")
RSA_ENCRYPTION = bytes.fromhex("06092a864886f70d010101")
NULL = b"\x05\x00"


def tlv(tag, value):
    length = len(value)
    if length < 0x80:
        return bytes([tag, length]) + value
    digits = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(digits)]) + digits + value


def integer(value):
    return tlv(0x02, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def sequence(*parts):
    return tlv(0x30, b"".join(parts))


def read(data, at=0):
    """(tag, value, the offset behind it)"""
    tag, length, at = data[at], data[at + 1], at + 2
    if length & 0x80:
        size = length & 0x7F
        length, at = int.from_bytes(data[at : at + size], "big"), at + size
    return tag, data[at : at + length], at + length


def from_pem(text):
    body = re.search(r"-----BEGIN [A-Z ]+-----(.*?)-----END", text, re.S).group(1)
    return base64.b64decode("".join(body.split()))


def to_pem(label, data, width=64):
    text = base64.b64encode(data).decode("ascii")
    lines = [text[i : i + width] for i in range(0, len(text), width)]
    return "\n".join([f"-----BEGIN {label}-----", *lines, f"-----END {label}-----", ""])


def rsa_numbers(pkcs1):
    _, body, _ = read(pkcs1)
    numbers, at = {}, 0
    for field in FIELDS:
        _, value, at = read(body, at)
        numbers[field] = int.from_bytes(value, "big")
    return numbers


def pkcs1(numbers):
    return sequence(*(integer(numbers[field]) for field in FIELDS))


def pkcs8(inner, algorithm=RSA_ENCRYPTION + NULL, extra=b""):
    return sequence(integer(0), tlv(0x30, algorithm), tlv(0x04, inner), extra)


def key_from(p, q, e, d=None):
    """The numbers of an RSA key with these primes."""
    from math import lcm

    d = pow(e, -1, lcm(p - 1, q - 1)) if d is None else d
    return {
        "version": 0, "n": p * q, "e": e, "d": d, "p": p, "q": q,
        "dp": d % (p - 1), "dq": d % (q - 1), "qinv": pow(q, -1, p),
    }  # fmt: skip
