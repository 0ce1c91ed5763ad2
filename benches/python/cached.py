"""Microseconds per call for a token that is there: prints the medians of batches in turn."""

import asyncio
import json
import os
import statistics
import time

from yc_iam import AsyncCredentials, Credentials

BATCHES, PER_BATCH = int(os.environ.get("BENCH_BATCHES", "31")), 20_000

blocking, awaited = Credentials.fixed("t1.token"), AsyncCredentials.fixed("t1.token")


async def sync():
    token = blocking.token
    begin = time.perf_counter()
    for _ in range(PER_BATCH):
        token()
    return time.perf_counter() - begin


async def coroutine():
    token = awaited.token
    begin = time.perf_counter()
    for _ in range(PER_BATCH):
        await token()
    return time.perf_counter() - begin


async def main():
    contenders = {"token()": sync, "await token()": coroutine}
    batches = {name: [] for name in contenders}
    for _ in range(BATCHES):
        for name, batch in contenders.items():
            batches[name].append(await batch() / PER_BATCH * 1e6)
    print(json.dumps({name: statistics.median(times) for name, times in batches.items()}))


asyncio.run(main())
