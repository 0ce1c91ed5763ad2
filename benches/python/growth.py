"""So many credentials in one process, each with a session and a token of its own: the time and the memory that each takes.

Arguments: the key file, how many. The answers come from this process: the network is not what is measured.
"""

import json
import sys
import time

from yc_iam import Credentials, Response

ANSWER = {"iamToken": "t1.token", "expiresAt": "2100-01-01T00:00:00Z"}


def resident():
    with open("/proc/self/smaps_rollup") as rollup:
        return sum(int(line.split()[1]) for line in rollup if line.startswith("Rss:"))


def transport(request):
    return Response(200, [("content-type", "application/json")], json.dumps(ANSWER).encode())


def session(key):
    creds = Credentials.service_account(key, transport=transport)
    creds.token()
    return creds


with open(sys.argv[1]) as file:
    key = file.read()
count = int(sys.argv[2])
# What is loaded with the first is loaded once.
sessions = [session(key)]
before, begin = resident(), time.perf_counter()
sessions += [session(key) for _ in range(count)]
took = time.perf_counter() - begin
print(json.dumps({"ms": took / count * 1000, "kB": (resident() - before) * 1.024 / count}))
