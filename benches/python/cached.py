"""Microseconds per call for a token that is there: prints the medians of batches in turn."""

import asyncio
import json
import os
import statistics
import time

from yc_iam import AsyncCredentials, Credentials

BATCHES, PER_BATCH = int(os.environ.get("BENCH_BATCHES", "31")), 20_000

blocking, awaited = Credentials.fixed("t1.token"), AsyncCredentials.fixed("t1.token")


class Clock:
    """No contender: what any method pays that looks at the clock."""

    def look(self):
        return time.time()


async def sync(token):
    begin = time.perf_counter()
    for _ in range(PER_BATCH):
        token()
    return time.perf_counter() - begin


async def coroutine(token):
    begin = time.perf_counter()
    for _ in range(PER_BATCH):
        await token()
    return time.perf_counter() - begin


async def main():
    contenders = {
        "token()": lambda: sync(blocking.token),
        "a method that looks at the clock, no more": lambda: sync(Clock().look),
        "await token()": lambda: coroutine(awaited.token),
    }
    batches = {name: [] for name in contenders}
    for _ in range(BATCHES):
        for name, batch in contenders.items():
            batches[name].append(await batch() / PER_BATCH * 1e6)
    print(json.dumps({name: statistics.median(times) for name, times in batches.items()}))


asyncio.run(main())
