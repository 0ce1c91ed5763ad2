"""Milliseconds per JWT, the key parsed before: prints {"yc_iam": …, "pyjwt": …} after batches in turn."""

import json
import statistics
import sys
import time

import jwt
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from yc_iam import ServiceAccountKey

BATCHES, PER_BATCH = 31, 100

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


contenders = {"yc_iam": sign_ours, "pyjwt": sign_pyjwt}
batches = {name: [] for name in contenders}
for _ in range(BATCHES):
    for name, sign in contenders.items():
        begin = time.perf_counter()
        for _ in range(PER_BATCH):
            sign()
        batches[name].append((time.perf_counter() - begin) / PER_BATCH * 1000)
print(json.dumps({name: statistics.median(times) for name, times in batches.items()}))
