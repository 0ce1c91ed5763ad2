"""Callers that wait, and no token that is still good: from when the exchange is sent, how long it takes, and until they
have the token; and until as many are awake that wait for nothing but a lock or a future each.

Arguments: the key file, `tasks` or `threads`, how many. Prints milliseconds: {"exchange": …, "p50": …, "p99": …,
"p99, waking them, no more": …}.
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


def only_threads():
    """Until so many threads are awake, each of which waits for a lock of its own."""
    locks, awake, counting = [threading.Lock() for _ in range(count)], [], threading.Lock()

    def caller(lock):
        with counting:
            arrive()
        with lock:
            awake.append(time.perf_counter())

    for lock in locks:
        lock.acquire()
    threads = [threading.Thread(target=caller, args=(lock,)) for lock in locks]
    for thread in threads:
        thread.start()
    all_there.wait()
    begin = time.perf_counter()
    for lock in locks:
        lock.release()
    for thread in threads:
        thread.join()
    return [end - begin for end in awake]


async def only_tasks():
    """Until so many tasks are awake, each of which waits for a future of its own."""
    loop, awake = asyncio.get_running_loop(), []
    futures = [loop.create_future() for _ in range(count)]

    async def caller(future):
        arrive()
        await future
        awake.append(time.perf_counter())

    tasks = [asyncio.ensure_future(caller(future)) for future in futures]
    await asyncio.sleep(0)
    begin = time.perf_counter()
    for future in futures:
        future.set_result(None)
    await asyncio.gather(*tasks)
    return [end - begin for end in awake]


def percentile(waits, part):
    return sorted(waits)[int(count * part)]


by_threads() if kind == "threads" else asyncio.run(by_tasks())
waits = [end - sent for end in ends]
arrived = 0
all_there.clear()
least = only_threads() if kind == "threads" else asyncio.run(only_tasks())
figures = {
    "exchange": took,
    "p50": percentile(waits, 0.5),
    "p99": percentile(waits, 0.99),
    "p99, waking them, no more": percentile(least, 0.99),
}
print(json.dumps({name: seconds * 1000 for name, seconds in figures.items()}))
