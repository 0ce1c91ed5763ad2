"""Python under real load: threads, asyncio's tasks and forked processes ask for short-lived tokens and a secret over TLS.

Arguments: what `service.py` printed, and for how many seconds. Prints samples, and in the end what came of the callers.
"""

import asyncio
import collections
import json
import os
import random
import signal
import sys
import threading
import time

from samples import sample, say
from yc_iam import AsyncCredentials, Credentials, Endpoints, YcIamError

THREADS = 8
TASKS = 40
BETWEEN_SAMPLES = 5.0
BETWEEN_FORKS = 4.0
# A call's own deadline, in seconds; what a busy machine may add.
CALL, GRACE = 8.0, 10.0
# `tests/simulation/invariants.rs` says why: a wait that was under way, six tries of fifteen seconds, five waits between.
TOKEN = 30 + 6 * 15 + 5 * 30


class Tally:
    """What became of calls; whoever took longer than it may counts as hung."""

    def __init__(self):
        self.lock = threading.Lock()
        self.counts = collections.Counter()

    def add(self, what):
        with self.lock:
            self.counts[what] += 1

    def end(self, began, limit, what):
        self.add(what)
        if time.monotonic() - began > limit + GRACE:
            self.add("hung")


class Load:
    def __init__(self, service, seconds):
        self.service = service
        self.until = time.monotonic() + seconds
        self.tally = Tally()
        self.endpoints = Endpoints.custom(**{name: service["url"] for name in ("iam", "lockbox", "metadata")})
        self.shared = [self.made(Credentials) for _ in range(4)]
        self.shared_async = [self.made(AsyncCredentials) for _ in range(4)]
        self.children = {}

    def over(self):
        return time.monotonic() >= self.until

    def made(self, kind):
        """Credentials of any source."""
        key, options = self.service["key"], {"endpoints": self.endpoints}
        return random.choice(
            [
                lambda: kind.service_account(json.loads(key), **options),
                lambda: kind.oauth(self.service["oauth"], **options),
                lambda: kind.metadata(**options),
            ]
        )()

    def reader(self, kind):
        """Whoever may read the secret."""
        return kind.service_account(json.loads(self.service["key"]), endpoints=self.endpoints)

    def ask(self):
        """A thread's part."""
        reader = self.reader(Credentials)
        while not self.over():
            began, dice = time.monotonic(), random.random()
            limit = TOKEN
            try:
                if dice < 0.2:
                    self.made(Credentials).token()
                elif dice < 0.3:
                    limit = CALL
                    reader.lockbox.get(self.service["secret"], timeout=CALL)
                else:
                    credentials = random.choice(self.shared)
                    token = credentials.token()
                    if dice > 0.97:
                        credentials.invalidate(token)
                self.tally.end(began, limit, "answered")
            except YcIamError as error:
                self.tally.end(began, limit, error.code)
            time.sleep(random.uniform(0, 0.3))

    async def ask_async(self, reader):
        dice = random.random()
        if dice < 0.2:
            await self.made(AsyncCredentials).token()
        elif dice < 0.3:
            await reader.lockbox.get(self.service["secret"], timeout=CALL)
        else:
            credentials = random.choice(self.shared_async)
            token = await credentials.token()
            if dice > 0.97:
                credentials.invalidate(token)

    async def task(self, reader):
        while not self.over():
            began = time.monotonic()
            asking = asyncio.create_task(self.ask_async(reader))
            if random.random() < 0.2:
                await asyncio.wait({asking}, timeout=random.uniform(0, 0.2))
                asking.cancel()
            try:
                await asking
                self.tally.end(began, TOKEN, "answered")
            except YcIamError as error:
                self.tally.end(began, TOKEN, error.code)
            except asyncio.CancelledError:
                self.tally.end(began, TOKEN, "cancelled")
            await asyncio.sleep(random.uniform(0, 2))

    async def tasks(self):
        reader = self.reader(AsyncCredentials)
        await asyncio.gather(*(self.task(reader) for _ in range(TASKS)))

    def fork(self):
        """In the middle of exchanges: two tokens have just been dropped, and the threads ask for others."""
        for credentials in self.shared[:2]:
            credentials.invalidate(credentials._fresh[0] or "none")
        child = os.fork()
        if child == 0:
            code = 1
            try:
                code = 0 if all(credentials.token().value for credentials in self.shared) else 3
            except YcIamError:
                code = 4
            finally:
                os._exit(code)
        self.children[child] = time.monotonic()

    def reap(self, patience=0.0):
        """Children that ended; those that did not within the time that their tokens may take are ended."""
        until = time.monotonic() + patience
        while True:
            for child, began in list(self.children.items()):
                ended, status = os.waitpid(child, os.WNOHANG)
                late = time.monotonic() - began > TOKEN * len(self.shared)
                if not ended and late:
                    self.tally.add("hung")
                    os.kill(child, signal.SIGKILL)
                    os.waitpid(child, 0)
                if ended:
                    code = os.waitstatus_to_exitcode(status)
                    self.tally.add({0: "child answered", 4: "child failed"}.get(code, f"child broke ({code})"))
                if ended or late:
                    del self.children[child]
            if not self.children or time.monotonic() >= until:
                return
            time.sleep(0.05)

    def run(self):
        threads = [threading.Thread(target=self.ask, daemon=True) for _ in range(THREADS)]
        threads.append(threading.Thread(target=lambda: asyncio.run(self.tasks()), daemon=True))
        for thread in threads:
            thread.start()
        begun = time.monotonic()
        next_sample, next_fork = begun + BETWEEN_SAMPLES, begun + BETWEEN_FORKS
        while not self.over():
            time.sleep(0.1)
            self.reap()
            if hasattr(os, "fork") and time.monotonic() >= next_fork:
                next_fork += BETWEEN_FORKS
                self.fork()
            if time.monotonic() >= next_sample:
                next_sample += BETWEEN_SAMPLES
                say(sample={"second": round(time.monotonic() - begun), **sample(), **self.answers()})
        patience = time.monotonic() + TOKEN + GRACE
        for thread in threads:
            thread.join(max(0.0, patience - time.monotonic()))
            if thread.is_alive():
                self.tally.add("hung")
        self.reap(TOKEN)

    def answers(self):
        counts = self.tally.counts
        return {"answered": counts["answered"], "hung": counts["hung"]}


def main():
    service, seconds = json.loads(sys.argv[1]), float(sys.argv[2])

    # Everything that is loaded once is loaded.
    Load(service, 3).run()
    before = sample()
    load = Load(service, seconds)
    load.run()
    counts = dict(load.tally.counts)
    del load
    say(before=before, after=sample(), counts=counts)


main()
