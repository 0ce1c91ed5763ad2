// Functions of the program that never end, on a clock that the test moves: nobody waits for them for ever.
import assert from "node:assert/strict";
import { setImmediate } from "node:timers/promises";
import { test } from "node:test";
import { Credentials } from "yc-iam";
import { pem, vectors } from "./support/files.mjs";
import { rejection } from "./support/emulated.mjs";

const LIMIT = 30;
const ACCOUNT = "ajeb9l33h6mu12345678";
const never = () => new Promise(() => undefined);
const subjectToken = vectors("subject_tokens").find(({ name }) => name === "no_times").content.text;
const keyFile = { id: "ajeexamplekey0000001", service_account_id: "ajeexampleaccount001", private_key: pem("rsa2048_a") };

/** A service that grants whatever is asked. */
async function granting(url) {
  const iam = { iamToken: "t1.granted", expiresAt: "2099-01-01T00:00:00Z" };
  const exchanged = { access_token: "t1.granted", expires_in: 43200, token_type: "Bearer" };
  return Response.json(String(url).endsWith("/iam/v1/tokens") ? iam : exchanged);
}

const FUNCTIONS = {
  signer: (signer) => Credentials.serviceAccount(keyFile, { signer, fetch: granting }),
  supplier: (token) => Credentials.workloadIdentity(ACCOUNT, { token, fetch: granting }),
};
const GOOD = { signer: async () => new Uint8Array(256), supplier: async () => subjectToken };

/** Lets so many seconds pass, and everybody do what is due in each. */
async function pass(t, seconds) {
  for (let second = 0; second < seconds; second++) {
    for (let turn = 0; turn < 10; turn++) await setImmediate();
    t.mock.timers.tick(1000);
  }
  for (let turn = 0; turn < 10; turn++) await setImmediate();
}

function stopped(t) {
  t.mock.timers.enable({ apis: ["setTimeout", "Date"], now: 1_767_225_600_000 });
}

for (const [name, make] of Object.entries(FUNCTIONS)) {
  test(`a ${name} that is lost once: all who wait get the token of the next try`, { timeout: 30_000 }, async (t) => {
    stopped(t);
    let calls = 0;
    const creds = make(() => (calls++ === 0 ? never() : GOOD[name]()));
    const early = [creds.getToken(), creds.getToken()];
    await pass(t, LIMIT - 1);
    const late = creds.getToken();
    assert.equal(calls, 1);
    await pass(t, 2);
    const tokens = await Promise.all([...early, late]);
    assert.deepEqual(tokens.map(({ value }) => value), Array(3).fill("t1.granted"));
    assert.equal(calls, 2);
  });

  test(`a ${name} that never ends: all who wait, and a lone caller, are told so`, { timeout: 30_000 }, async (t) => {
    stopped(t);
    const creds = make(never);
    for (const callers of [3, 1]) {
      const errors = Promise.all(Array.from({ length: callers }, () => rejection(creds.getToken())));
      await pass(t, 5 * LIMIT + 5);
      for (const { code, message, transient } of await errors) {
        assert.deepEqual([code, transient], ["timeout", true]);
        assert.match(message, new RegExp(`the ${name}.* took longer than ${LIMIT} s`));
      }
    }
  });

  test(`a ${name} that takes its time is waited for, and leaves no timer`, { timeout: 30_000 }, async (t) => {
    stopped(t);
    const creds = make(() => new Promise((resolve) => setTimeout(() => resolve(GOOD[name]()), 20_000)));
    const waiting = [creds.getToken()];
    await pass(t, 16);
    waiting.push(creds.getToken());
    await pass(t, 5);
    assert.equal((await waiting[1]).value, "t1.granted");
    assert.equal(await waiting[0], await waiting[1]);
  });
}
