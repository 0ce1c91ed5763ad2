// End to end over HTTP, with everything that the emulator can make go wrong.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Credentials, Endpoints, Token, YcIamError } from "yc-iam";
import { emulated, emulatedCredentials, rejection, stoppedClock } from "./support/emulated.mjs";
import { between } from "./support/values.mjs";

test("a token that the service knows again", async () => {
  const { emulator, creds } = await emulatedCredentials();
  const token = await creds.getToken();
  assert.ok(token instanceof Token);
  between(token.expiresAt - Date.now() / 1000, 43200 - 30, 43200, "the lifetime");
  assert.equal(await creds.authorization(), `Bearer ${token.value}`);
  assert.equal(token.authorization, `Bearer ${token.value}`);
  const answer = await fetch(`${emulator.url}/emulator/whoami`, { headers: { authorization: token.authorization } });
  assert.equal(answer.status, 200);
  assert.match((await answer.json()).subjectId, /^aje/);
  assert.equal(await creds.getToken(), token);
  assert.equal(emulator.tokensIssued, 1);
});

test("what was sent", async () => {
  const { emulator, creds } = await emulatedCredentials();
  await creds.getToken();
  const [request] = emulator.requests;
  assert.equal(`${request.method} ${request.target}`, "POST /iam/v1/tokens");
  const headers = Object.fromEntries(request.headers);
  assert.equal(headers["content-type"], "application/json");
  assert.match(headers["user-agent"], /^yc-iam\/\d/);
  assert.equal(request.body, '{"jwt":"[JWT redacted]"}');
  assert.equal(JSON.parse(request.jwtHeader).alg, "PS256");
  assert.equal(JSON.parse(request.jwtClaims).aud, `${emulator.url}/iam/v1/tokens`);
});

describe("what goes away by itself", () => {
  const faults = [
    { status: 429, retryAfter: 0 },
    { status: 500 },
    { status: 503, retryAfter: "0" },
    { status: 503, times: 2, retryAfter: 0 },
    { truncated: true },
    { dropped: true },
    { delay: 0.05 },
    { clockOffset: -3600 },
    { clockOffset: 3600 },
  ];
  for (const fault of faults) {
    test(JSON.stringify(fault), async () => {
      const { emulator, creds } = await emulatedCredentials();
      emulator.orderFault(fault);
      assert.match((await creds.getToken()).value, /^t1\./);
      const struck = emulator.requests.filter(({ faults }) => faults.length > 0);
      assert.equal(struck.length, fault.times ?? 1);
      assert.ok(emulator.requests.at(-1).accepted);
    });
  }

  test("a clock that is off for good", async () => {
    const { emulator, creds } = await emulatedCredentials();
    emulator.setClockOffset(7200);
    const token = await creds.getToken();
    assert.equal(emulator.requests.length, 2);
    between(token.issuedAt - Date.now() / 1000, 7170, 7230, "the clock's offset");
    assert.equal(await creds.getToken(), token);
  });
});

describe("what does not", () => {
  const faults = [
    [{ status: 400 }, "bad_request", "remote", 400],
    [{ status: 401 }, "unauthenticated", "remote", 401],
    [{ status: 403 }, "permission_denied", "remote", 403],
    [{ status: 404 }, "not_found", "remote", 404],
    [{ html: true, status: 200 }, "html_response", "network", 200],
    [{ status: 503, retryAfter: 3600 }, "server_error", "remote", 503],
  ];
  for (const [fault, code, whose, status] of faults) {
    test(JSON.stringify(fault), async (t) => {
      // What is left of the time to wait is told to the millisecond.
      stoppedClock(t);
      const { emulator, creds } = await emulatedCredentials();
      emulator.orderFault(fault);
      const error = await rejection(creds.getToken());
      assert.ok(error instanceof YcIamError && error instanceof Error);
      assert.equal(error.name, "YcIamError");
      assert.equal(error.code, code);
      assert.equal(error.fault, whose);
      assert.equal(error.status, status);
      assert.equal(error.retryAfter, fault.retryAfter);
      if (!fault.html) assert.equal(error.requestId, emulator.requests[0].requestId);
      assert.ok(error.message.endsWith(error.hint));
      assert.equal(emulator.requests.length, 1);
    });
  }

  test("a key that was deleted", async () => {
    const { emulator, keyFile, creds } = await emulatedCredentials();
    assert.ok(emulator.deleteKey(JSON.parse(keyFile).id));
    const error = await rejection(creds.getToken());
    assert.equal(error.code, "unauthenticated");
    assert.match(error.message, /was not found/);
  });

  test("another installation's audience", async () => {
    const { emulator, keyFile } = await emulated();
    const endpoints = Endpoints.custom({ iam: emulator.url, audience: "https://example.org" });
    const error = await rejection(Credentials.serviceAccount(keyFile, { endpoints }).getToken());
    assert.equal(error.status, emulator.requests[0].status);
    assert.equal(emulator.requests[0].accepted, false);
  });

  test("no fault, or two, or one that cannot be", async () => {
    const { emulator } = await emulated();
    const several = [{}, { truncated: true, dropped: true }, { dropped: true, retryAfter: 5 }];
    const statuses = [200, 1000, -1, NaN, 70_000].map((status) => ({ status }));
    const delays = [-1, NaN, Infinity].map((delay) => ({ delay }));
    for (const fault of [...several, ...statuses, ...delays, { status: 503, times: 0 }, { status: 503, times: -1 }]) {
      assert.throws(() => emulator.orderFault(fault), { code: "invalid_argument" });
    }
  });
});

test("the environment can lead to the emulator", async (t) => {
  const { emulator, keyFile } = await emulated();
  process.env.YC_IAM_ENDPOINT = emulator.url;
  t.after(() => delete process.env.YC_IAM_ENDPOINT);
  assert.match((await Credentials.serviceAccount(keyFile).getToken()).value, /^t1\./);
  assert.equal(Endpoints.fromEnv().lockbox, emulator.url);
});
