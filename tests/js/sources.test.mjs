// Where else credentials come from, end to end over HTTP.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Credentials, ServiceAccountKey } from "yc-iam";
import { emulated, environment, nowhere, owner, rejection, serve, stoppedClock } from "./support/emulated.mjs";
import { pem } from "./support/files.mjs";

/** An emulator with a service account, and options that lead to it. */
async function withAccount(options) {
  const { emulator } = await emulated(options);
  return { emulator, account: emulator.createServiceAccount("robot"), at: { endpoints: emulator.endpoints } };
}

describe("an OAuth token", () => {
  test("is exchanged", async () => {
    const { emulator, at } = await withAccount();
    const user = emulator.createUser("alice");
    const creds = Credentials.oauth(emulator.createOauthToken(user), at);
    assert.equal(emulator.requests.length, 0);
    assert.equal(await owner(emulator, creds), user);
    assert.equal(String(creds), "<Credentials of an OAuth token>");
  });

  test("that was revoked is refused, and the error says what to check", async () => {
    const { emulator, at } = await withAccount();
    const token = emulator.createOauthToken(emulator.createUser("alice"));
    assert.equal(emulator.revokeOauthToken(token), true);
    const error = await rejection(Credentials.oauth(token, at).getToken());
    assert.equal(error.code, "unauthenticated");
    assert.match(error.hint, /OAuth token/);
  });

  test("another kind of credential is refused at once", () => {
    assert.throws(() => Credentials.oauth("t1.9euelZqExample"), { code: "invalid_credential" });
    assert.throws(() => Credentials.oauth(undefined), TypeError);
  });
});

describe("metadata", () => {
  test("a service account is attached", async () => {
    const { emulator, account, at } = await withAccount();
    emulator.attachServiceAccount(account);
    assert.equal(await owner(emulator, Credentials.metadata(at)), account);
    const [request] = emulator.requests;
    assert.equal(Object.fromEntries(request.headers)["metadata-flavor"], "Google");
  });

  test("none is attached", async () => {
    const { emulator, account, at } = await withAccount();
    const creds = Credentials.metadata(at);
    assert.equal((await rejection(creds.getToken())).code, "no_service_account");
    assert.throws(() => emulator.attachServiceAccount("nobody"), { code: "invalid_argument" });
    emulator.attachServiceAccount(account);
    emulator.attachServiceAccount(undefined);
    assert.equal((await rejection(Credentials.metadata(at).getToken())).code, "no_service_account");
  });

  test("not on the cloud: nobody listens", async () => {
    const { emulator } = await withAccount();
    const endpoints = emulator.endpoints.with({ metadata: await nowhere() });
    let requests = 0;
    const creds = Credentials.metadata({ endpoints, fetch: (...given) => (requests++, fetch(...given)) });
    assert.equal((await rejection(creds.getToken())).code, "metadata_unavailable");
    assert.equal(requests, 1);
  });

  test("not on the cloud: nobody answers within a second", async () => {
    const { emulator } = await withAccount();
    const endpoints = emulator.endpoints.with({ metadata: await serve(() => undefined) });
    let requests = 0;
    const creds = Credentials.metadata({ endpoints, fetch: (...given) => (requests++, fetch(...given)) });
    assert.equal((await rejection(creds.getToken())).code, "metadata_unavailable");
    assert.equal(requests, 1);
  });

  test("the environment says where it is", async (t) => {
    const { emulator, account } = await withAccount();
    emulator.attachServiceAccount(account);
    environment(t, { YC_METADATA_ADDR: new URL(emulator.url).host });
    assert.equal(await owner(emulator, Credentials.metadata()), account);
  });
});

describe("a function", () => {
  const token = { access_token: "t1.9euelZqInvocation", expires_in: 3600, token_type: "Bearer" };
  const contexts = {
    context: { requestId: "1", token, getRemainingTimeInMillis: () => 1 },
    "context with JSON": { requestId: "1", token: JSON.stringify(token) },
    object: token,
    JSON: JSON.stringify(token),
  };
  for (const [what, context] of Object.entries(contexts)) {
    test(what, async (t) => {
      const clock = stoppedClock(t);
      const creds = Credentials.function(context);
      const { value, expiresAt } = await creds.getToken();
      assert.equal(value, token.access_token);
      assert.equal(expiresAt, clock.now() + 3600);
      clock.advance(3600);
      assert.equal((await rejection(creds.getToken())).code, "invalid_credential");
    });
  }

  for (const context of [null, undefined, "null", { token: null }, { token: undefined }, { token: "null" }]) {
    test(`no service account: ${JSON.stringify(context)}`, () => {
      assert.throws(() => Credentials.function(context), { code: "no_service_account" });
    });
  }

  test("something else", () => {
    for (const context of ["t1.9euelZqInvocation", {}, 5]) {
      assert.throws(() => Credentials.function(context), { code: "invalid_credential" });
    }
  });
});

describe("a fixed token", () => {
  test("is served until a service refuses it", async () => {
    const creds = Credentials.fixed("t1.9euelZqFixed");
    assert.equal(await creds.authorization(), "Bearer t1.9euelZqFixed");
    assert.equal(creds.invalidate("t1.9euelZqFixed"), true);
    const error = await rejection(creds.getToken());
    assert.equal(error.code, "invalid_credential");
    assert.match(error.message, /refused/);
  });

  test("is served until its end", async (t) => {
    const clock = stoppedClock(t);
    const creds = Credentials.fixed("t1.9euelZqFixed", { expiresAt: clock.now() + 600 });
    assert.equal((await creds.getToken()).expiresAt, clock.now() + 600);
    clock.advance(600);
    assert.equal((await rejection(creds.getToken())).code, "invalid_credential");
  });

  test("another kind of credential is refused at once", () => {
    assert.throws(() => Credentials.fixed("y0_AgAAAAExample"), { code: "invalid_credential" });
    assert.throws(() => Credentials.fixed("t1.9euelZqFixed", { expiresAt: NaN }), { code: "invalid_time" });
  });
});

describe("impersonation", () => {
  test("through a key, which the source keeps for itself too", async () => {
    const { emulator, account, at } = await withAccount();
    const keyFile = emulator.serviceAccountKey({ privateKey: pem("rsa2048_a") });
    const key = ServiceAccountKey.fromJson(keyFile);
    emulator.allowImpersonation(key.serviceAccountId, account);
    const source = Credentials.serviceAccount(key, at);
    const creds = Credentials.impersonate(account, source);
    assert.equal(await owner(emulator, creds), account);
    assert.equal(await owner(emulator, source), key.serviceAccountId);
    assert.equal(String(creds), `<Credentials of service account ${account} through service account ${key.serviceAccountId}>`);
  });

  test("through a signer, a user, and itself", async () => {
    const { emulator, account, at } = await withAccount();
    const further = emulator.createServiceAccount("further");
    const keyFile = emulator.serviceAccountKey({ privateKey: pem("rsa2048_a") });
    const key = ServiceAccountKey.fromJson(keyFile);
    emulator.allowImpersonation(key.serviceAccountId, account);
    emulator.allowImpersonation(account, further);
    for (const signer of ["core", "platform"]) {
      const source = Credentials.serviceAccount(key, { ...at, signer });
      const creds = Credentials.impersonate(further, Credentials.impersonate(account, source));
      assert.equal(await owner(emulator, creds), further);
    }
    const user = emulator.createUser("alice");
    emulator.allowImpersonation(user, account);
    const source = Credentials.oauth(emulator.createOauthToken(user), at);
    assert.equal(await owner(emulator, Credentials.impersonate(account, source)), account);
  });

  test("when both tokens were revoked, both are got anew", async (t) => {
    const clock = stoppedClock(t);
    const { emulator, account, at } = await withAccount({ clock: clock.now });
    const user = emulator.createUser("alice");
    emulator.allowImpersonation(user, account);
    const creds = Credentials.impersonate(account, Credentials.oauth(emulator.createOauthToken(user), at));
    const first = await creds.getToken();
    emulator.revokeAllTokens();
    creds.invalidate(first);
    assert.equal((await rejection(creds.getToken())).code, "unauthenticated");
    clock.advance(2);
    assert.equal(await owner(emulator, creds), account);
    assert.equal(emulator.tokensIssued, 4);
  });

  test("without the role", async () => {
    const { emulator, account, at } = await withAccount();
    const source = Credentials.oauth(emulator.createOauthToken(emulator.createUser("bob")), at);
    const error = await rejection(Credentials.impersonate(account, source).getToken());
    assert.equal(error.code, "permission_denied");
    assert.match(error.hint, /tokenCreator/);
  });

  test("through what is no credentials", () => {
    assert.throws(() => Credentials.impersonate("ajeexample", "t1.x"), TypeError);
    assert.throws(() => Credentials.impersonate("a b", Credentials.fixed("t1.9euelZqFixed")), { code: "invalid_argument" });
  });
});

test("endpoints that are none are refused at once, with what makes them", () => {
  for (const endpoints of [{ iam: "https://iam.example" }, "https://iam.example", null]) {
    assert.throws(() => Credentials.metadata({ endpoints }), { name: "TypeError", message: /`Endpoints\.custom\(/ });
  }
});
