import json
import sys
import time

import jwt

with open(sys.argv[1]) as file:
    key = json.load(file)
now = int(time.time())
claims = {
    "aud": "https://iam.api.cloud.yandex.net/iam/v1/tokens",
    "iss": key["service_account_id"],
    "iat": now,
    "exp": now + 3600,
}
token = jwt.encode(claims, key["private_key"], algorithm="PS256", headers={"kid": key["id"]})
assert token.count(".") == 2
