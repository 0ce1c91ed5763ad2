// Credentials by the environment.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { Credentials } from "yc-iam";
import { Issuer } from "yc-iam/testing";
import { directory, emulated, environment, nowhere, owner, rejection } from "./support/emulated.mjs";
import { pem } from "./support/files.mjs";

/** The credentials of an environment that says where the emulator is. */
async function prepared() {
  const { emulator, keyFile } = await emulated();
  const byDefault = (variables, options) =>
    Credentials.default({ variables: { YC_IAM_ENDPOINT: emulator.url, ...variables }, ...options });
  return { emulator, keyFile, robot: JSON.parse(keyFile).service_account_id, byDefault };
}

describe("a variable decides", () => {
  test("a key file, which is read at each renewal and signed with on the platform or in the core", async (t) => {
    const { emulator, keyFile, robot, byDefault } = await prepared();
    const path = join(directory(t), "key.json");
    writeFileSync(path, keyFile);
    for (const signer of [undefined, "platform", "core"]) {
      const creds = byDefault({ YC_SERVICE_ACCOUNT_KEY_FILE: path }, { signer });
      assert.equal(String(creds), "<Credentials of `YC_SERVICE_ACCOUNT_KEY_FILE`>");
      assert.equal(await owner(emulator, creds), robot);
    }
    const creds = byDefault({ YC_SERVICE_ACCOUNT_KEY_FILE: path });
    assert.equal(await owner(emulator, creds), robot);
    // Another key in the same file: another signer.
    const other = emulator.createServiceAccount("other");
    writeFileSync(path, emulator.serviceAccountKey({ serviceAccountId: other, privateKey: pem("rsa2048_b") }));
    creds.invalidate(await creds.getToken());
    assert.equal(await owner(emulator, creds), other);
  });

  test("a signer of the caller's own", async (t) => {
    const { keyFile, byDefault } = await prepared();
    const creds = byDefault({ YDB_SERVICE_ACCOUNT_KEY_CREDENTIALS: keyFile }, { signer: () => assert.fail("no pen") });
    const error = await rejection(creds.getToken());
    assert.equal(error.code, "signing_failed");
    assert.match(error.message, /no pen/);
    assert.throws(() => byDefault({}, { signer: "kms" }), TypeError);
  });

  test("the content of a key file", async () => {
    const { emulator, keyFile, robot, byDefault } = await prepared();
    assert.equal(await owner(emulator, byDefault({ YC_SERVICE_ACCOUNT_KEY_FILE: keyFile })), robot);
    assert.equal(await owner(emulator, byDefault({ YDB_SERVICE_ACCOUNT_KEY_CREDENTIALS: keyFile })), robot);
  });

  test("tokens", async () => {
    const { emulator, byDefault } = await prepared();
    const creds = byDefault({ YC_IAM_TOKEN: "t1.9euelZqFromTheEnvironment", YC_OAUTH_TOKEN: "y0_AgAAAAExample" });
    assert.equal((await creds.getToken()).value, "t1.9euelZqFromTheEnvironment");
    const user = emulator.createUser("alice");
    const token = emulator.createOauthToken(user);
    for (const name of ["YC_TOKEN", "YC_OAUTH_TOKEN"]) assert.equal(await owner(emulator, byDefault({ [name]: token })), user);
  });

  test("a workload identity", async (t) => {
    const { emulator, robot, byDefault } = await prepared();
    const issuer = new Issuer("https://issuer.example.org", { privateKey: pem("ec_p256") });
    const file = issuer.tokenFile(join(directory(t), "token"), "shop", "robot");
    emulator.createFederatedCredential(robot, emulator.trust(issuer), "system:serviceaccount:shop:robot");
    const creds = byDefault({ YC_WORKLOAD_IDENTITY_TOKEN_FILE: file.path, YC_SERVICE_ACCOUNT_ID: robot });
    assert.equal(await owner(emulator, creds), robot);
  });

  test("the platform's own environment is the one by default", async (t) => {
    const { emulator, keyFile, robot } = await prepared();
    environment(t, { YC_IAM_ENDPOINT: emulator.url, YC_SERVICE_ACCOUNT_KEY_FILE: keyFile });
    const creds = Credentials.default();
    process.env.YC_IAM_TOKEN = "t1.9euelZqTooLate";
    assert.equal(await owner(emulator, creds), robot);
  });

  test("what is wrong with the first that is set is an error", () => {
    const variables = { YC_SERVICE_ACCOUNT_KEY_FILE: "{", YC_IAM_TOKEN: "t1.9euelZqUnused" };
    assert.throws(() => Credentials.default({ variables }), (error) => {
      assert.equal(error.code, "invalid_json");
      assert.match(error.message, /`YC_SERVICE_ACCOUNT_KEY_FILE`/);
      return true;
    });
    assert.throws(() => Credentials.default({ variables: { YC_TOKEN: "AQVNExample" } }), { code: "invalid_credential" });
  });
});

test("a function's context", async () => {
  const { byDefault } = await prepared();
  const context = { token: { access_token: "t1.9euelZqInvocation", expires_in: 3600, token_type: "Bearer" } };
  const creds = byDefault({}, { context });
  assert.equal((await creds.getToken()).value, "t1.9euelZqInvocation");
  assert.equal(String(creds), "<Credentials of `context.token`>");
  assert.throws(() => byDefault({}, { context: { token: null } }), { code: "no_service_account" });
});

test("metadata by wish, and by a probe", async () => {
  const { emulator, robot, byDefault } = await prepared();
  emulator.attachServiceAccount(robot);
  for (const variables of [{}, { YDB_METADATA_CREDENTIALS: "1" }]) {
    assert.equal(await owner(emulator, byDefault(variables)), robot);
  }
});

test("impersonation through what the environment offered", async () => {
  const { emulator, keyFile, robot, byDefault } = await prepared();
  const other = emulator.createServiceAccount("other");
  emulator.allowImpersonation(robot, other);
  const source = byDefault({ YC_SERVICE_ACCOUNT_KEY_FILE: keyFile });
  assert.equal(await owner(emulator, Credentials.impersonate(other, source)), other);
  assert.equal(await owner(emulator, source), robot);
});

describe("nothing", () => {
  test("the error lists what was tried", () => {
    const variables = { YC_TOKEN: "" };
    assert.throws(() => Credentials.default({ variables, probeMetadata: false }), (error) => {
      assert.equal(error.code, "no_credentials");
      assert.match(error.message, /`YC_TOKEN` is empty/);
      assert.match(error.message, /`YC_SERVICE_ACCOUNT_KEY_FILE` is not set/);
      assert.match(error.message, /not to be probed/);
      return true;
    });
  });

  test("after a probe too", async () => {
    const metadata = await nowhere();
    const { emulator } = await prepared();
    const creds = Credentials.default({ variables: {}, endpoints: emulator.endpoints.with({ metadata }) });
    const error = await rejection(creds.getToken());
    assert.equal(error.code, "no_credentials");
    assert.match(error.message, /does not answer/);
  });
});
