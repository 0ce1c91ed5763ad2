"""Milliseconds per JWT, the key parsed before, and per signature of AWS-LC alone: prints the medians of batches in turn.

Arguments: the key file, and the program of benches/aws-lc.
"""

import json
import os
import statistics
import subprocess
import sys
import time

import jwt
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key

from yc_iam import ServiceAccountKey

BATCHES, PER_BATCH = int(os.environ.get("BENCH_BATCHES", "31")), 100

with open(sys.argv[1]) as file:
    content = file.read()
fields = json.loads(content)
ours = ServiceAccountKey.from_json(content)
parsed = load_pem_private_key(fields["private_key"].encode(), None)


def sign_ours():
    ours.sign_jwt()


def sign_pyjwt():
    now = int(time.time())
    claims = {
        "aud": "https://iam.api.cloud.yandex.net/iam/v1/tokens",
        "iss": fields["service_account_id"],
        "iat": now,
        "exp": now + 3600,
    }
    jwt.encode(claims, parsed, algorithm="PS256", headers={"kid": fields["id"]})


def timed(sign):
    def batch():
        begin = time.perf_counter()
        for _ in range(PER_BATCH):
            sign()
        return (time.perf_counter() - begin) / PER_BATCH * 1000

    return batch


with subprocess.Popen([sys.argv[2]], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as aws_lc:

    def asked():
        """It measures by itself."""
        aws_lc.stdin.write(f"{PER_BATCH}\n")
        aws_lc.stdin.flush()
        return float(aws_lc.stdout.readline())

    pkcs8 = parsed.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    aws_lc.stdin.write(pkcs8.hex() + "\n")
    contenders = {"yc-iam": timed(sign_ours), "PyJWT": timed(sign_pyjwt), "aws-lc": asked}
    batches = {name: [] for name in contenders}
    for _ in range(BATCHES):
        for name, batch in contenders.items():
            batches[name].append(batch())
    aws_lc.stdin.close()
print(json.dumps({name: statistics.median(times) for name, times in batches.items()}))
