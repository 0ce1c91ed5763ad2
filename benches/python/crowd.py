"""Callers that wait, and no token that is still good: from when the exchange is sent, how long it takes, and until they
have the token.

Arguments: the key file, `tasks` or `threads`, how many. Prints milliseconds: {"exchange": …, "p50": …, "p99": …}.
"""

import asyncio
import json
import sys
import threading
import time

from yc_iam import AsyncCredentials, Credentials, default_transport

key_file, kind, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
arrived, all_there = 0, threading.Event()
sent, took, ends = 0.0, 0.0, []


def arrive():
    global arrived
    arrived += 1
    if arrived == count:
        all_there.set()


def transport(request):
    global sent, took
    if arrived:
        all_there.wait()
    sent = time.perf_counter()
    response = default_transport(request)
    took = time.perf_counter() - sent
    return response


def by_threads():
    creds = Credentials.service_account(key_file, transport=transport)
    creds.invalidate(creds.token())
    counting = threading.Lock()

    def caller():
        with counting:
            arrive()
        creds.token()
        ends.append(time.perf_counter())

    threading.stack_size(256 * 1024)
    threads = [threading.Thread(target=caller) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


async def by_tasks():
    creds = AsyncCredentials.service_account(key_file, transport=transport)
    creds.invalidate(await creds.token())

    async def caller():
        arrive()
        await creds.token()
        ends.append(time.perf_counter())

    await asyncio.gather(*(caller() for _ in range(count)))


by_threads() if kind == "threads" else asyncio.run(by_tasks())
waits = sorted(end - sent for end in ends)
figures = {"exchange": took, "p50": waits[count // 2], "p99": waits[count * 99 // 100]}
print(json.dumps({name: seconds * 1000 for name, seconds in figures.items()}))
