import json
import os
import sys
import time

import jwt
import requests

with open(sys.argv[1]) as file:
    key = json.load(file)
now = int(time.time())
claims = {
    "aud": "https://iam.api.cloud.yandex.net/iam/v1/tokens",
    "iss": key["service_account_id"],
    "iat": now,
    "exp": now + 3600,
}
signed = jwt.encode(claims, key["private_key"], algorithm="PS256", headers={"kid": key["id"]})
url = os.environ["YC_IAM_ENDPOINT"] + "/iam/v1/tokens"
answer = requests.post(url, json={"jwt": signed}, timeout=10).json()
assert answer["iamToken"].startswith("t1.")
