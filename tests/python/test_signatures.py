"""Signatures made here, verified by code that nobody here wrote."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading

import jwt
import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding

from shared import data, file_cases, key, key_text, part

AUDIENCE = "https://iam.api.cloud.yandex.net/iam/v1/tokens"


def json_text(case):
    return data(case["content"]).decode("utf-8-sig").strip()


# Those that are wrapped in something else are the same keys again.
GOOD = [case["name"] for case in file_cases("keys.json") if "expect" in case and json_text(case).startswith("{")]


def public_key(name):
    """The public half, from the private key in the key file, read by `cryptography`."""
    (case,) = (case for case in file_cases("keys.json") if case["name"] == name)
    fields = json.loads(json_text(case))
    private = fields.get("private_key") or fields["privateKey"]
    pem = private[private.index("-----BEGIN") :].replace("\\r", "").replace("\\n", "\n").encode()
    return serialization.load_pem_private_key(pem, None).public_key()


@pytest.mark.parametrize("name", GOOD)
def test_cryptography_and_pyjwt(name):
    public = public_key(name)
    token = key(name).sign_jwt(now=1767225600)
    signed, signature = token.rsplit(".", 1)
    public.verify(
        part(token, 2),
        signed.encode(),
        # A salt of 32 bytes and no other.
        padding.PSS(padding.MGF1(hashes.SHA256()), 32),
        hashes.SHA256(),
    )
    pem = public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    claims = jwt.decode(
        token, pem, algorithms=["PS256"], audience=AUDIENCE, options={"verify_exp": False, "verify_iat": False}
    )
    assert claims["iss"] == key(name).service_account_id
    assert jwt.get_unverified_header(token) == {"typ": "JWT", "alg": "PS256", "kid": key(name).id}
    with pytest.raises(jwt.InvalidSignatureError):
        jwt.decode(f"{signed[:-1]}A.{signature}", pem, algorithms=["PS256"], audience=AUDIENCE)


@pytest.mark.skipif(shutil.which("openssl") is None, reason="there is no openssl command")
@pytest.mark.parametrize("name", GOOD)
def test_openssl(name, tmp_path):
    pem, message, signature = (tmp_path / file for file in ("public.pem", "message", "signature"))
    public = public_key(name)
    pem.write_bytes(public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo))
    token = key(name).sign_jwt()
    message.write_text(token.rsplit(".", 1)[0])
    signature.write_bytes(part(token, 2))
    command = ["openssl", "dgst", "-sha256", "-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:32"]
    command += ["-sigopt", "rsa_mgf1_md:sha256", "-verify", pem, "-signature", signature, message]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "Verified OK", done.stderr


def test_each_signature_is_another():
    signatures = {key("plain").sign_jwt(now=1767225600) for _ in range(8)}
    assert len(signatures) == 8


def test_threads_sign_with_one_key():
    public, tokens = public_key("plain"), []

    def sign():
        tokens.extend(key("plain").sign_jwt(now=1767225600) for _ in range(10))

    threads = [threading.Thread(target=sign) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(tokens)) == 80
    for token in tokens:
        signed = token.rsplit(".", 1)[0].encode()
        public.verify(part(token, 2), signed, padding.PSS(padding.MGF1(hashes.SHA256()), 32), hashes.SHA256())


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
def test_a_forked_process_signs_too():
    # In a process of its own: one with threads must not fork.
    code = """
import os, sys
from yc_iam import ServiceAccountKey
key = ServiceAccountKey.from_json(sys.stdin.read())
first = key.sign_jwt(now=1767225600)
read, write = os.pipe()
if os.fork() == 0:
    os.write(write, key.sign_jwt(now=1767225600).encode())
    os._exit(0)
os.wait()
print(first, os.read(read, 10000).decode(), key.sign_jwt(now=1767225600))
"""
    done = subprocess.run(
        [sys.executable, "-c", code], input=key_text("plain").decode(), capture_output=True, text=True, check=True
    )
    # The generator's state was not copied: three salts.
    assert len(set(done.stdout.split())) == 3
