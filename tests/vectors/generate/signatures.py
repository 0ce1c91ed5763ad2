"""vectors/signatures.json: PS256 with a known salt, computed from RFC 8017 with nothing but integers and SHA-256."""

import hashlib

import der
import jwts
from common import NEW_YEAR, pem, write_cases

SALT = b"Z" * 32
HASH_LEN = 32


def mgf1(seed, length):
    """RFC 8017, appendix B.2.1."""
    blocks = (hashlib.sha256(seed + counter.to_bytes(4, "big")).digest() for counter in range(-(-length // HASH_LEN)))
    return b"".join(blocks)[:length]


def encode(message, em_bits, salt):
    """EMSA-PSS-ENCODE: RFC 8017, section 9.1.1."""
    em_len = -(-em_bits // 8)
    digest = hashlib.sha256(bytes(8) + hashlib.sha256(message).digest() + salt).digest()
    block = bytes(em_len - len(salt) - HASH_LEN - 2) + b"\x01" + salt
    masked = bytearray(a ^ b for a, b in zip(block, mgf1(digest, len(block))))
    masked[0] &= 0xFF >> (8 * em_len - em_bits)
    return bytes(masked) + digest + b"\xbc"


def sign(numbers, message, salt):
    """RSASSA-PSS-SIGN: RFC 8017, section 8.1.1."""
    n = numbers["n"]
    representative = int.from_bytes(encode(message, n.bit_length() - 1, salt), "big")
    signature = pow(representative, numbers["d"], n)
    assert pow(signature, numbers["e"], n) == representative
    return signature.to_bytes(-(-n.bit_length() // 8), "big")


def numbers_of(name):
    _, body, _ = der.read(der.from_pem(pem(name)))
    _, _, at = der.read(body)  # version
    _, _, at = der.read(body, at)  # algorithm
    return der.rsa_numbers(der.read(body, at)[1])


def cases():
    jwt = jwts.signing_input(jwts.AUDIENCE, NEW_YEAR)
    for key, file in (("plain", "rsa2048_a"), ("rsa2049", "rsa2049"), ("rsa2050", "rsa2050"), ("rsa2056", "rsa2056"), ("rsa3072", "rsa3072"), ("rsa4096", "rsa4096"), ("exponent_3", "rsa2048_e3")):
        for message_name, message in (("jwt", jwt), ("empty", "")):
            signature = sign(numbers_of(file), message.encode(), SALT)
            yield {"name": f"{key}_{message_name}", "key": key, "pem": file, "message": message, "signature": signature.hex()}


def main():
    write_cases("signatures", "PS256 signatures whose salt is 32 times the letter Z. Only Rust can fix the salt.", list(cases()))


if __name__ == "__main__":
    main()
