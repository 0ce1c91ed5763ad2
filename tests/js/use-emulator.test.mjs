// `useEmulator`: suites as users write them, run by the runner itself.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { Credentials, ServiceAccountKey } from "yc-iam";
import { useEmulator } from "yc-iam/testing";
import { root } from "./support/files.mjs";
import { emulated, rejection } from "./support/emulated.mjs";

const IMPORTS = `
import assert from "node:assert/strict";
import { existsSync, readFileSync, statSync } from "node:fs";
import { after, describe, test } from "node:test";
import { Credentials, ServiceAccountKey } from "yc-iam";
import { useEmulator } from "yc-iam/testing";
`;

/** Runs a test file that stands beside this one, where `yc-iam` is found; gives its exit code and what it printed. */
function suite(t, code, variables = {}) {
  const place = mkdtempSync(join(import.meta.dirname, "suite-"));
  t.after(() => rmSync(place, { recursive: true }));
  const file = join(place, "suite.mjs");
  writeFileSync(file, IMPORTS + code);
  const { NODE_TEST_CONTEXT, ...inherited } = process.env;
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--test", "--test-reporter", "tap", file], {
    env: { ...inherited, ...variables },
    encoding: "utf8",
    timeout: 60_000,
  });
  return { status, output: stdout + stderr };
}

test("code under test runs unchanged, with an emulator for each test, and the environment comes back", (t) => {
  const { status, output } = suite(
    t,
    `
    const cloud = useEmulator({ tokenLifetime: 600 });
    const seen = new Set();
    for (const number of [1, 2]) {
      test("test " + number, async () => {
        assert.equal(process.env.YC_IAM_ENDPOINT, cloud.emulator.url);
        assert.equal(process.env.YC_METADATA_ADDR, undefined);
        const token = await Credentials.default().getToken();
        assert.ok(token.expiresAt <= Date.now() / 1000 + 601);
        assert.equal(cloud.emulator.tokensIssued, 1);
        await cloud.credentials().getToken();
        assert.equal(cloud.emulator.tokensIssued, 2);
        const file = process.env.YC_SERVICE_ACCOUNT_KEY_FILE;
        assert.equal(statSync(file).mode & 0o777, 0o600);
        seen.add(file);
      });
    }
    after(() => {
      assert.equal(process.env.YC_IAM_ENDPOINT, undefined);
      assert.equal(process.env.YC_METADATA_ADDR, "metadata.example.net");
      assert.equal(process.env.YC_SERVICE_ACCOUNT_KEY_FILE, "/nowhere/key.json");
      assert.equal(seen.size, 2);
      for (const file of seen) assert.ok(!existsSync(file));
      assert.throws(() => cloud.emulator, /only while a test runs/);
    });`,
    { YC_SERVICE_ACCOUNT_KEY_FILE: "/nowhere/key.json", YC_METADATA_ADDR: "metadata.example.net" },
  );
  assert.equal(status, 0, output);
  assert.match(output, /^# pass 2$/m);
});

test("a failure shows what was received and why it was refused", (t) => {
  const { status, output } = suite(
    t,
    `
    const cloud = useEmulator();
    describe("backup", () => {
      test("fails", async () => {
        const key = ServiceAccountKey.fromFile(process.env.YC_SERVICE_ACCOUNT_KEY_FILE);
        cloud.emulator.deleteKey(key.id);
        await Credentials.default().getToken();
      });
      test("passes", () => cloud.credentials().getToken());
      test("asks for nothing", () => assert.fail());
    });`,
  );
  assert.equal(status, 1, output);
  assert.match(output, /yc-iam emulator:\n.*\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z POST \/iam\/v1\/tokens -> 401 refused: Key 'aje\w+' was not found/);
  assert.match(output, /\{"iss":"aje\w+",/);
  assert.match(output, /yc-iam emulator:\n.*it received nothing/);
  assert.equal(output.match(/yc-iam emulator:/g).length, 2);
  assert.doesNotMatch(output, /eyJ|BEGIN PRIVATE|-> 200/);
});

test("what the documentation shows", (t) => {
  const shown = readFileSync(join(root, "docs/testing.md"), "utf8").match(/```js\n([^`]*useEmulator\(\);[^`]*)```/)[1];
  const body = shown.replace(/^import .*\n/gm, "");
  const { status, output } = suite(t, body);
  assert.equal(status, 0, output);
  assert.match(output, /^# pass 1$/m);
});

/** Hooks that a test calls by hand. */
function recorded() {
  const hooks = {};
  const registered = (name) => (run) => {
    hooks[name] = run;
  };
  return { hooks, beforeEach: registered("before"), afterEach: registered("after") };
}

test("hooks are those that are passed in, or the globals", async (t) => {
  const passed = recorded();
  const globals = recorded();
  t.after(() => {
    delete globalThis.beforeEach;
    delete globalThis.afterEach;
  });
  const { beforeEach, afterEach } = passed;
  Object.assign(globalThis, { beforeEach: globals.beforeEach, afterEach: globals.afterEach });
  for (const [{ hooks }, options] of [[passed, { beforeEach, afterEach }], [globals, undefined]]) {
    const cloud = useEmulator(options);
    // Jest takes a parameter for a callback that it is to wait for.
    assert.deepEqual([hooks.before.length, hooks.after.length], [0, 0]);
    await hooks.before();
    const { url } = cloud.emulator;
    await cloud.credentials().getToken();
    await hooks.after();
    assert.match((await rejection(fetch(url))).message, /fetch failed/);
  }
});

test("vitest without globals is told to pass its hooks", (t) => {
  process.env.VITEST = "true";
  t.after(() => delete process.env.VITEST);
  assert.throws(() => useEmulator(), /import `beforeEach` and `afterEach` from "vitest"/);
});

test("the log says what was decided and why", async () => {
  const { emulator, keyFile } = await emulated();
  assert.equal(emulator.log(), "");
  const creds = Credentials.serviceAccount(keyFile, { endpoints: emulator.endpoints });
  emulator.orderFault({ status: 503 });
  emulator.orderFault({ delay: 0.01 });
  await creds.getToken();
  const { id, serviceAccountId } = ServiceAccountKey.fromJson(keyFile);
  emulator.deleteKey(id);
  creds.invalidate(await creds.getToken());
  await rejection(creds.getToken());
  const lines = emulator.log().split("\n");
  const said = lines.map((line) => line.replace(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z /, ""));
  assert.equal(said[0], "POST /iam/v1/tokens -> 503 not judged: status 503 [delay of 10 ms]");
  assert.equal(said[3], `POST /iam/v1/tokens -> 200 accepted for ${serviceAccountId}`);
  assert.match(said[4], /^POST \/iam\/v1\/tokens -> 401 refused: Key /);
  for (const [header, claims] of [said.slice(1, 3), said.slice(5)]) {
    assert.equal(JSON.parse(header).alg, "PS256");
    assert.equal(JSON.parse(claims).iss, serviceAccountId);
  }
  assert.equal(said.length, 7);
  assert.doesNotMatch(emulator.log(), /eyJ/);
});
