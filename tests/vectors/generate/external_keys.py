"""vectors/external_keys.json"""

import subprocess

from common import PEM, write_cases
from keys import ACCOUNT, ID


def public(name, form="-pubout"):
    """The public half of a private key, by OpenSSL."""
    command = ["openssl", "rsa", "-in", str(PEM / f"{name}.pem"), form]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def case(name, public_key, id=ID, service_account_id=ACCOUNT):
    return {"name": name, "id": id, "service_account_id": service_account_id, "public_key": public_key}


def good(name, public_key, bits):
    expect = {"id": ID, "service_account_id": ACCOUNT, "modulus_bits": bits}
    return {**case(name, public_key), "expect": expect}


def bad(name, code, public_key, says, **changes):
    return {**case(name, public_key, **changes), "error": {"code": code, "fault": "key", "says": [says]}}


def main():
    block = public("rsa2048_a")
    lines = block.strip().split("\n")
    cases = [
        good("spki", block, 2048),
        good("spki_4096", public("rsa4096"), 4096),
        good("pkcs1", public("rsa2048_a", "-RSAPublicKey_out"), 2048),
        good("crlf", block.replace("\n", "\r\n"), 2048),
        good("escaped_line_breaks", block.replace("\n", "\\n"), 2048),
        good("one_line", " ".join(lines), 2048),
        good("words_before_and_after", f"The key:\n{block}\nThat was it.\n", 2048),
        {**good("white_space_around_the_ids", block, 2048), **{"id": f" {ID}\n", "service_account_id": f"\t{ACCOUNT} "}},
        bad("empty", "invalid_field", "", "`public_key`"),
        bad("cut", "invalid_field", "\n".join(lines[:4]), "`public_key`"),
        bad("damaged", "invalid_field", block.replace(lines[2], lines[2][:-8]), "`public_key`"),
        bad("not_base64", "invalid_field", block.replace(lines[2], "!" * 64), "`public_key`"),
        bad("private_key", "invalid_field", (PEM / "rsa2048_a.pem").read_text("ascii"), "`public_key`"),
        bad("certificate", "invalid_field", (PEM / "certificate.pem").read_text("ascii"), "`public_key`"),
        bad("elliptic_curve", "invalid_field", _ec_public(), "RSA"),
        bad("too_short", "unsupported_key_size", public("rsa1024"), "1024 bits"),
        bad("too_long", "unsupported_key_size", public("rsa4104"), "4104 bits"),
        bad("no_id", "invalid_field", block, "`id` is empty", id=""),
        bad("id_with_line_break", "invalid_field", block, "`id`", id="aje\r\nx"),
        bad("long_id", "invalid_field", block, "50 characters", id="a" * 51),
        bad("no_account", "invalid_field", block, "`service_account_id` is empty", service_account_id=" "),
        bad("account_with_quote", "invalid_field", block, "`service_account_id`", service_account_id='aje"x'),
    ]
    about = "A key whose private half is elsewhere, by its two IDs and its public half; see ../README.md"
    write_cases("external_keys", about, cases)


def _ec_public():
    command = ["openssl", "pkey", "-in", str(PEM / "ec_p256.pem"), "-pubout"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout
