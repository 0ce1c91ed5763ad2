// Secrets stay out of sight.
import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { Credentials, redact, ServiceAccountKey } from "yc-iam";
import { Issuer } from "yc-iam/testing";
import { emulatedCredentials } from "./support/emulated.mjs";
import { pem } from "./support/files.mjs";
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

test("credentials of every kind", () => {
  const secret = "9euelZqExampleTokenOfNoService";
  const jwt = `eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.${secret}`;
  const account = "ajeb9l33h6mu12345678";
  const context = { token: { access_token: `t1.${secret}`, expires_in: 3600, token_type: "Bearer" } };
  const tokenUrl = { tokenUrl: "https://example.org", tokenHeaders: { authorization: secret } };
  const all = [
    Credentials.oauth(`y0_${secret}`),
    Credentials.fixed(`t1.${secret}`),
    Credentials.function(context),
    Credentials.workloadIdentity(account, { token: jwt }),
    Credentials.workloadIdentity(account, { token: () => jwt }),
    Credentials.workloadIdentity(account, tokenUrl),
    Credentials.impersonate(account, Credentials.fixed(`t1.${secret}`)),
    Credentials.default({ variables: { YC_TOKEN: `y0_${secret}` } }),
    Credentials.default({ variables: {}, context }),
  ];
  for (const creds of all) {
    assertHidden({ deep: [creds] }, [secret]);
    assert.match(inspect(creds), /^<Credentials of [^<>]+>$/);
    assert.deepEqual(Reflect.ownKeys(creds), ["fetch", "getToken", "authorization"]);
    assertHidden(inspect(creds, { showHidden: true, customInspect: false }), [secret]);
  }
});

test("an issuer, and what the emulator received", async () => {
  const issuer = new Issuer("https://issuer.example.org", { privateKey: pem("rsa2048_a") });
  assertHidden(issuer, ["PRIVATE KEY", "MII"]);
  assertHidden(JSON.parse(issuer.jwks), ['"d"']);
  const { emulator } = await emulatedCredentials();
  const oauth = emulator.createOauthToken(emulator.createUser("alice"));
  const subject = issuer.podToken("shop", "robot");
  const { endpoints } = emulator;
  await Credentials.oauth(oauth, { endpoints }).getToken();
  const account = emulator.createServiceAccount("robot");
  emulator.createFederatedCredential(account, emulator.trust(issuer), "system:serviceaccount:shop:robot");
  await Credentials.workloadIdentity(account, { endpoints, token: subject }).getToken();
  assertHidden(emulator.requests, [oauth, subject, subject.split(".")[2]]);
});

test("classes are called what they are called", async () => {
  const { creds } = await emulatedCredentials();
  const named = [creds, await creds.getToken(), ServiceAccountKey.fromJson(keyContent())];
  assert.deepEqual(
    named.map((object) => object.constructor.name),
    ["Credentials", "Token", "ServiceAccountKey"],
  );
  assert.equal(Issuer.name, "Issuer");
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
