// Many callers, impatient callers, and time that passes.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Credentials } from "yc-iam";
import { emulated, emulatedCredentials, rejection, signalled, stoppedClock } from "./support/emulated.mjs";

const TOKEN = "t1.9euelZqTokenOfATest-0123456789.AbCdEf";

const together = (count, call) => Promise.all(Array.from({ length: count }, call));

test("200 callers make one exchange", async () => {
  const { emulator, creds } = await emulatedCredentials();
  emulator.orderFault({ delay: 0.05 });
  const tokens = await together(200, () => creds.getToken());
  assert.equal(new Set(tokens).size, 1);
  assert.equal(emulator.requests.length, 1);
});

test("200 callers make one exchange, new tries included", async () => {
  const { emulator, creds } = await emulatedCredentials();
  emulator.orderFault({ status: 503, retryAfter: 0, times: 2 });
  const tokens = await together(200, () => creds.getToken());
  assert.equal(new Set(tokens).size, 1);
  assert.equal(emulator.requests.length, 3);
});

test("200 callers share one failure", async () => {
  const { emulator, creds } = await emulatedCredentials();
  emulator.orderFault({ status: 403 });
  const errors = await together(200, () => rejection(creds.getToken()));
  assert.deepEqual([...new Set(errors.map(({ code }) => code))], ["permission_denied"]);
  assert.equal(emulator.requests.length, 1);
});

test("who gives up goes alone", async () => {
  const { emulator, creds } = await emulatedCredentials();
  emulator.orderFault({ delay: 0.1 });
  const impatient = new AbortController();
  const first = creds.getToken({ signal: impatient.signal });
  const second = creds.getToken();
  const third = creds.getToken({ signal: new AbortController().signal });
  const reason = new Error("no time for this");
  impatient.abort(reason);
  assert.equal(await rejection(first), reason);
  assert.equal(await second, await third);
  assert.equal(emulator.requests.length, 1);
});

test("when all have given up, the token is there for the next", async () => {
  const { emulator, creds } = await emulatedCredentials();
  emulator.orderFault({ delay: 0.05 });
  const controller = new AbortController();
  const waiting = creds.getToken({ signal: controller.signal });
  controller.abort();
  assert.equal((await rejection(waiting)).name, "AbortError");
  await creds.getToken();
  assert.equal(emulator.requests.length, 1);
});

describe("between two tries", () => {
  /** Credentials whose first try has failed, and a caller that waits for the next. */
  async function waiting(t) {
    const clock = stoppedClock(t);
    const tried = signalled();
    let tries = 0;
    const fetch = async () => {
      tries += 1;
      if (tries > 1) return Response.json({ iamToken: TOKEN, expiresAt: "2099-01-01T00:00:00Z" });
      setImmediate(tried.done);
      return new Response(null, { status: 503, headers: { "retry-after": "1" } });
    };
    const creds = Credentials.oauth("y0_AgAAAAExampleOfNoAccount-0123456789", { fetch });
    const impatient = new AbortController();
    const outcome = rejection(creds.getToken({ signal: impatient.signal }));
    await tried.promise;
    return { clock, creds, impatient, outcome, tries: () => tries };
  }
  const timers = () => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;

  test("nothing goes on when all have given up, and the next caller goes on from there", async (t) => {
    const before = timers();
    const { clock, creds, impatient, outcome, tries } = await waiting(t);
    assert.equal(timers(), before + 1);
    impatient.abort();
    assert.equal((await outcome).name, "AbortError");
    assert.equal(timers(), before);
    clock.advance(60);
    assert.equal(tries(), 1);
    assert.equal((await creds.getToken()).value, TOKEN);
    assert.equal(tries(), 2);
  });

  test("no try is begun when all have given up during the one before", async () => {
    const before = timers();
    const answered = signalled();
    const enough = new AbortController();
    const creds = Credentials.oauth("y0_AgAAAAExampleOfNoAccount-0123456789", {
      fetch: async () => {
        enough.abort();
        setImmediate(() => setImmediate(answered.done));
        return new Response(null, { status: 503, headers: { "retry-after": "1" } });
      },
    });
    assert.equal((await rejection(creds.getToken({ signal: enough.signal }))).name, "AbortError");
    await answered.promise;
    assert.equal(timers(), before);
  });

  test("whoever comes just then is not left alone", async (t) => {
    const { creds, impatient, outcome, tries } = await waiting(t);
    t.mock.restoreAll();
    impatient.abort();
    const next = creds.getToken();
    assert.equal((await outcome).name, "AbortError");
    await next;
    assert.equal(tries(), 2);
  });

  test("whoever stays gets the token", async (t) => {
    const { creds, impatient, outcome, tries } = await waiting(t);
    const patient = creds.getToken();
    t.mock.restoreAll();
    impatient.abort();
    await outcome;
    await patient;
    assert.equal(tries(), 2);
  });

  test("a call whose time is up waits no longer", async () => {
    const before = timers();
    const fetch = async () => new Response(null, { status: 503, headers: { "retry-after": "9" } });
    const creds = Credentials.oauth("y0_AgAAAAExampleOfNoAccount-0123456789", { fetch });
    const error = await rejection(creds.lockbox.get("e6qexamplesecret0001", { timeout: 0.2 }));
    assert.equal(error.code, "timeout");
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(timers(), before);
  });
});

test("a signal that was aborted before", async () => {
  const { emulator, creds } = await emulatedCredentials();
  const signal = AbortSignal.abort(new Error("too late"));
  assert.equal((await rejection(creds.getToken({ signal }))).message, "too late");
  await creds.getToken();
  assert.equal((await rejection(creds.getToken({ signal }))).message, "too late");
  assert.equal(emulator.requests.length, 1);
});

test("who gives up while the exchange sets out does not hear of its failure", async (t) => {
  const unhandled = [];
  const note = (reason) => unhandled.push(reason);
  process.on("unhandledRejection", note);
  t.after(() => process.off("unhandledRejection", note));
  const enough = new AbortController();
  const creds = Credentials.oauth("y0_AgAAAAExampleOfNoAccount-0123456789", {
    fetch: async () => {
      enough.abort(new Error("enough"));
      return new Response(null, { status: 403 });
    },
  });
  assert.equal((await rejection(creds.getToken({ signal: enough.signal }))).message, "enough");
  assert.equal((await rejection(creds.getToken())).code, "permission_denied");
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(unhandled, []);
});

test("a signal that outlives the call keeps nothing", async () => {
  const { creds } = await emulatedCredentials();
  const { signal } = new AbortController();
  let listeners = 0;
  const add = signal.addEventListener.bind(signal);
  const remove = signal.removeEventListener.bind(signal);
  signal.addEventListener = (...given) => (listeners++, add(...given));
  signal.removeEventListener = (...given) => (listeners--, remove(...given));
  await creds.getToken({ signal });
  await creds.getToken({ signal });
  assert.equal(listeners, 0);
});

test("many who share a signal are no leak to Node", async (t) => {
  const { creds } = await emulatedCredentials();
  const warnings = [];
  const note = (warning) => warnings.push(warning.message);
  process.on("warning", note);
  t.after(() => process.off("warning", note));
  const { signal } = new AbortController();
  await together(20, () => creds.getToken({ signal }));
  await together(20, () => rejection(creds.lockbox.get("e6qexamplesecret0001", { signal })));
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(warnings, []);
});

test("a token that was refused is replaced, once", async () => {
  const { emulator, creds } = await emulatedCredentials();
  const old = await creds.getToken();
  assert.equal(creds.invalidate(old), true);
  assert.equal(creds.invalidate(old), false);
  const renewed = await creds.getToken();
  assert.notEqual(renewed.value, old.value);
  assert.equal(creds.invalidate(old.value), false);
  assert.equal(await creds.getToken(), renewed);
  assert.equal(emulator.tokensIssued, 2);
});

test("a stale token serves while one caller renews it", async (t) => {
  let time = 1_767_225_600_000;
  t.mock.method(Date, "now", () => time);
  const { emulator, keyFile } = await emulated({ clock: () => time / 1000 });
  const creds = Credentials.serviceAccount(keyFile, { endpoints: emulator.endpoints });
  const old = await creds.getToken();
  time += 2 * 3600_000;
  const renewal = creds.getToken();
  assert.equal(await creds.getToken(), old);
  const renewed = await renewal;
  assert.notEqual(renewed.value, old.value);
  assert.equal(await creds.getToken(), renewed);
  assert.equal(emulator.requests.length, 2);
});

test("a renewal that fails leaves the old token in place", async (t) => {
  let time = 1_767_225_600_000;
  t.mock.method(Date, "now", () => time);
  const { emulator, keyFile } = await emulated({ clock: () => time / 1000 });
  const creds = Credentials.serviceAccount(keyFile, { endpoints: emulator.endpoints });
  const old = await creds.getToken();
  time += 2 * 3600_000;
  emulator.orderFault({ status: 500 });
  assert.equal(await creds.getToken(), old);
  assert.equal(await creds.getToken(), old);
  assert.equal(emulator.requests.length, 2);
  time += 31_000;
  assert.notEqual((await creds.getToken()).value, old.value);
});

test("a clock that is set back does not make a token immortal", async (t) => {
  let time = 1_767_225_600_000;
  t.mock.method(Date, "now", () => time);
  const { emulator, keyFile } = await emulated({ clock: () => time / 1000 });
  const creds = Credentials.serviceAccount(keyFile, { endpoints: emulator.endpoints });
  const old = await creds.getToken();
  time -= 24 * 3600_000;
  await creds.getToken();
  time += 36 * 3600_000;
  assert.notEqual((await creds.getToken()).value, old.value);
});

test("a signer that never comes back holds nobody up for good", async (t) => {
  let time = 1_767_225_600_000;
  t.mock.method(Date, "now", () => time);
  const { emulator, keyFile } = await emulated({ clock: () => time / 1000 });
  const { promise, done } = signalled();
  let calls = 0;
  const platform = Credentials.serviceAccount(keyFile, { endpoints: emulator.endpoints });
  const creds = Credentials.serviceAccount(keyFile, {
    endpoints: emulator.endpoints,
    signer: async () => {
      calls++;
      if (calls === 1) await promise;
      throw new Error("gone");
    },
  });
  const first = rejection(creds.getToken());
  time += 60_000;
  assert.equal((await rejection(creds.getToken())).code, "signing_failed");
  done();
  assert.equal((await first).code, "signing_failed");
  assert.match((await platform.getToken()).value, /^t1\./);
});
