import json
import os
import sys

from yandexcloud import _channels
from yandexcloud.auth import get_auth_token

# It knows where the services are listed; here it is elsewhere.
_channels.YC_API_ENDPOINT = os.environ["BENCH_GRPC_ADDRESS"]

with open(sys.argv[1]) as file:
    key = json.load(file)
assert get_auth_token(service_account_key=key).startswith("t1.")
