"""Python for weeks of virtual time: renewals, faults, freezes, cancelled tasks, and credentials that come and go.

Argument: for how many seconds of real time, or `steps` and how many. The service is the emulator in this process, without a network; whoever waits
moves the clock. Prints samples, and in the end how much was done.
"""

import asyncio
import collections
import gc
import random
import sys
import time
from urllib.parse import urlsplit

from samples import sample, say
from yc_iam import AsyncCredentials, Credentials, YcIamError, _sync
from yc_iam.testing import Emulator, Issuer, generate_private_key

DAY = 86_400.0
BEGIN = 1_767_225_600.0


class Clock:
    def __init__(self):
        self.now = BEGIN

    def __call__(self):
        return self.now

    def sleep(self, secs):
        self.now += max(secs, 0.0)


class Condition(_sync.Condition):
    """In one thread nobody wakes anybody; the time passes."""

    def wait(self, timeout=None):
        time.sleep(timeout)
        return False


class Loop(asyncio.SelectorEventLoop):
    """An event loop on the same clock: where it would sleep, the time passes."""

    def __init__(self, clock):
        super().__init__()
        self.time = clock
        # What is due now is due: at times of this size, the resolution that the system states vanishes in a sum.
        self._clock_resolution = 1e-6
        select = self._selector.select

        def at_once(timeout=None):
            if timeout:
                # A timer is due at a time with fractions, which a sum of them may miss by a hair.
                clock.sleep(timeout + 1e-6)
            return select(0)

        self._selector.select = at_once


class Service:
    """The emulator behind a transport of either kind, and what goes wrong on the way."""

    FAULTS = [{"status": 503}, {"status": 429, "retry_after": "7"}, {"html": True}, {"truncated": True}, {"dropped": True}]

    def __init__(self, clock, seed):
        self.clock = clock
        self.random = random.Random(seed)
        self.emulator = Emulator(clock=clock, seed=seed)
        self.core = self.emulator._core
        self.endpoints = self.core.serve_at("http://127.0.0.1:9")
        self.key = self.emulator.service_account_key()
        account = self.emulator.create_service_account("soak")
        self.emulator.attach_service_account(account)
        self.oauth = self.emulator.create_oauth_token(self.emulator.create_user("soak"))
        issuer = Issuer(private_key=generate_private_key(), clock=clock)
        subject = "system:serviceaccount:default:soak"
        self.emulator.create_federated_credential(account, self.emulator.trust(issuer), subject)

        def pod_token():
            return issuer.pod_token("default", "soak")

        # In a thread, real time would pass.
        async def pod_token_async():
            return pod_token()

        self.sources = [
            lambda kind, send: kind.service_account(self.key, endpoints=self.endpoints, transport=send),
            lambda kind, send: kind.oauth(self.oauth, endpoints=self.endpoints, transport=send),
            lambda kind, send: kind.metadata(endpoints=self.endpoints, transport=send),
            lambda kind, send: kind.workload_identity(
                account,
                token=pod_token if kind is Credentials else pod_token_async,
                endpoints=self.endpoints,
                transport=send,
            ),
        ]

    def made(self, kind):
        return [source(kind, self.send if kind is Credentials else self.send_async) for source in self.sources]

    def answer(self, request):
        dice = self.random.random()
        if dice < 0.05:
            raise ConnectionRefusedError("nobody listens")
        if dice < 0.08:
            raise TimeoutError
        if dice < 0.2:
            self.core.order_fault(None, 1, **self.random.choice(self.FAULTS))
        path, body = urlsplit(request.url).path, request.body or ""
        reply = self.core.handle(
            request.method, path, list(request.headers.items()), body.encode() if isinstance(body, str) else body, self.clock.now
        )
        if reply.sent is None or reply.sent < len(reply.response.body):
            raise ConnectionError("the connection closed before the whole answer was there")
        return reply.response

    def send(self, request):
        time.sleep(self.random.uniform(0, 2))
        return self.answer(request)

    async def send_async(self, request):
        await asyncio.sleep(self.random.uniform(0, 2))
        return self.answer(request)

    def accepts(self, token):
        header = ("authorization", token.authorization())
        return self.core.handle("GET", "/emulator/whoami", [header], b"", self.clock.now).response.status == 200


class Weeks:
    def __init__(self, seed=1):
        self.clock = Clock()
        time.time, time.sleep = self.clock, self.clock.sleep
        _sync.Condition = Condition
        self.service = Service(self.clock, seed)
        self.random = self.service.random
        self.counts = collections.Counter()
        self.loop = Loop(self.clock)
        self.lasting = self.service.made(Credentials)
        self.lasting_async = self.service.made(AsyncCredentials)

    def check(self, token):
        """Whatever is given out is good, by the service's word."""
        assert self.service.accepts(token), f"a token was given out that ended {self.clock.now - token.expires_at:.0f} s ago"
        self.counts["tokens"] += 1

    def ask(self, credentials):
        try:
            self.check(credentials.token())
        except YcIamError as error:
            self.counts[error.code] += 1

    async def ask_async(self, credentials):
        try:
            self.check(await credentials.token())
        except YcIamError as error:
            self.counts[error.code] += 1

    async def ask_all(self, all_of_them):
        """Three tasks for each; some of them are cancelled in the middle of their exchange."""
        tasks = [asyncio.ensure_future(self.ask_async(each)) for each in all_of_them for _ in range(3)]
        await asyncio.sleep(self.random.uniform(0, 2))
        for task in tasks:
            if self.random.random() < 0.2:
                task.cancel()
        done, pending = await asyncio.wait(tasks, timeout=600)
        assert not pending, "a task hangs"
        self.counts["cancelled"] += sum(task.cancelled() for task in done)

    def step(self):
        """A pause of a second to thirteen hours, or a revocation; then everybody asks, and some who come and go."""
        self.clock.sleep(self.random.choice([1, 60, 600, 1800, 3600, 3600, 7200, 13 * 3600]))
        if self.random.random() < 0.05:
            self.service.emulator.revoke_all_tokens()
            for each in (*self.lasting, *self.lasting_async):
                if each._fresh[0] is not None:
                    each.invalidate(each._fresh[0])
        for each in self.lasting:
            self.ask(each)
        self.ask(self.random.choice(self.service.sources)(Credentials, self.service.send))
        new = self.random.choice(self.service.sources)(AsyncCredentials, self.service.send_async)
        self.loop.run_until_complete(self.ask_all([*self.lasting_async, new]))

    def rest(self):
        """Before a sample: what the emulator notes for tests is not the credentials'."""
        self.service.emulator.forget_requests()
        gc.collect()

    def days(self):
        return (self.clock.now - BEGIN) / DAY


def say_sample(weeks):
    weeks.rest()
    say(sample={"week": weeks.days() / 7, **sample(), "issued": weeks.service.emulator.tokens_issued})


def for_seconds(weeks, secs):
    until, next_sample = time.monotonic() + secs, 0.0
    while time.monotonic() < until:
        for _ in range(50):
            weeks.step()
        if time.monotonic() >= next_sample:
            say_sample(weeks)
            next_sample = time.monotonic() + min(10.0, secs / 50)


def for_steps(weeks, steps):
    """The same in every run: a sample in the middle and one at the end."""
    for _ in range(2):
        for _ in range(steps // 2):
            weeks.step()
        say_sample(weeks)


def main():
    weeks = Weeks()
    if sys.argv[1] == "steps":
        for_steps(weeks, int(sys.argv[2]))
    else:
        for_seconds(weeks, float(sys.argv[1]))
    say(counts=dict(weeks.counts), weeks=round(weeks.days() / 7))


main()
