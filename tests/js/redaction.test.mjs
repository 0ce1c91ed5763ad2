// Secrets stay out of sight.
import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { redact, ServiceAccountKey } from "yc-iam";
import { emulatedCredentials } from "./support/emulated.mjs";
import { assertHidden, keyContent } from "./support/values.mjs";

test("a token", async () => {
  const { creds } = await emulatedCredentials();
  const token = await creds.getToken();
  assertHidden(token, [token.value]);
  assertHidden({ deep: [token, creds] }, [token.value]);
  assertHidden(creds, [token.value, "PRIVATE KEY", "MII"]);
  assert.equal(inspect(token), `Token { value: [redacted], expiresAt: ${token.expiresAt}, issuedAt: ${token.issuedAt} }`);
  assert.deepEqual(JSON.parse(JSON.stringify(token)), {
    value: "[redacted]",
    expiresAt: token.expiresAt,
    issuedAt: token.issuedAt,
  });
  assert.deepEqual(Object.keys(token), ["expiresAt", "issuedAt"]);
  assert.doesNotMatch(JSON.stringify(structuredClone(token)), /t1\./);
});

test("a key", () => {
  const key = ServiceAccountKey.fromJson(keyContent());
  key.signJwt();
  assertHidden(key, ["PRIVATE KEY", "MII"]);
  assert.deepEqual(Object.getOwnPropertyNames(key), []);
  assert.match(inspect(key), /id: 'ajeexamplekey0000001'/);
});

test("classes are called what they are called", async () => {
  const { creds } = await emulatedCredentials();
  const named = [creds, await creds.getToken(), ServiceAccountKey.fromJson(keyContent())];
  assert.deepEqual(
    named.map((object) => object.constructor.name),
    ["Credentials", "Token", "ServiceAccountKey"],
  );
});

test("what the service repeats", async () => {
  const { emulator, creds } = await emulatedCredentials();
  const token = await creds.getToken();
  await fetch(`${emulator.url}/emulator/whoami?token=${token.value}`, { headers: { authorization: token.authorization } });
  assertHidden(emulator.requests, [token.value]);
});

test("other text", async () => {
  const { creds } = await emulatedCredentials();
  const { authorization, value } = await creds.getToken();
  assert.equal(redact(`authorization: ${authorization}`), "authorization: Bearer [IAM token redacted]");
  assert.ok(!redact(JSON.stringify({ value })).includes(value));
});
