// What tokens are used for: Lockbox, workload identity's resources, operations, revoking.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import path from "node:path";
import { describe, test } from "node:test";
import { inspect } from "node:util";
import { Credentials, Endpoints, YcIamError } from "yc-iam";
import { emulatedCredentials, owner, rejection, serve, signalled } from "./support/emulated.mjs";
import { installed } from "./support/files.mjs";
import { assertHidden } from "./support/values.mjs";

const FOLDER = "b1gexamplefolder0001";
const SECRET = "e6qexamplesecret0001";

/** Credentials with a token that is there already, for a server that does as told. */
async function at(answer) {
  const url = await serve(answer);
  return Credentials.fixed("t1.example", { endpoints: Endpoints.allAt(url) });
}

/** A secret in the emulator that the credentials may read. */
async function withSecret(entries, options) {
  const emulated = await emulatedCredentials(options);
  const { emulator, creds } = emulated;
  const secretId = emulator.createSecret(FOLDER, "database", entries);
  emulator.addAccessBinding(secretId, "lockbox.payloadViewer", await owner(emulator, creds));
  return { ...emulated, secretId };
}

describe("lockbox", () => {
  test("a refusal is the error where there is no other token", async () => {
    let requests = 0;
    const creds = await at((request, response) => {
      requests += 1;
      response.writeHead(401, { "content-type": "application/json" }).end(`{"code":16,"message":"not this one"}`);
    });
    const error = await rejection(creds.lockbox.get(SECRET));
    assert.deepEqual([error.code, error.status, requests], ["unauthenticated", 401, 1]);
    assert.match(error.message, /not this one/);
    assert.equal((await rejection(creds.lockbox.get(SECRET))).code, "invalid_credential");
    assert.equal(requests, 1);
  });

  test("reads text and bytes by ID and by name", async () => {
    const { creds, secretId } = await withSecret({ password: "p4ss wörd", der: new Uint8Array([0, 255, 1]) });
    for (const payload of [await creds.lockbox.get(secretId), await creds.lockbox.getByName(FOLDER, "database")]) {
      assert.deepEqual(payload.keys().sort(), ["der", "password"]);
      assert.equal(payload.text("password"), "p4ss wörd");
      assert.deepEqual(payload.bytes("password"), new TextEncoder().encode("p4ss wörd"));
      assert.deepEqual(payload.bytes("der"), new Uint8Array([0, 255, 1]));
      assert.match(payload.versionId, /^\w{20}$/);
    }
  });

  test("reads an older version", async () => {
    const { emulator, creds, secretId } = await withSecret({ password: "old" });
    const { versionId } = await creds.lockbox.get(secretId);
    emulator.addSecretVersion(secretId, { password: "new" });
    assert.equal((await creds.lockbox.get(secretId)).text("password"), "new");
    assert.equal((await creds.lockbox.get(secretId, { versionId })).text("password"), "old");
    assert.equal((await creds.lockbox.getByName(FOLDER, "database", { versionId })).text("password"), "old");
  });

  test("shows keys and never values", async () => {
    const { creds, secretId } = await withSecret({ password: "p4ssword-that-nobody-sees" });
    const payload = await creds.lockbox.get(secretId);
    assertHidden(payload, ["p4ssword-that"]);
    assertHidden({ deep: [payload] }, ["p4ssword-that"]);
    assert.equal(inspect(payload), `LockboxPayload { versionId: '${payload.versionId}', keys: ["password"] }`);
    assert.deepEqual(JSON.parse(JSON.stringify(payload)), { versionId: payload.versionId, keys: ["password"] });
  });

  test("gives copies", async () => {
    const { creds, secretId } = await withSecret({ password: "p4ss" });
    const payload = await creds.lockbox.get(secretId);
    payload.bytes("password").fill(0);
    assert.equal(payload.text("password"), "p4ss");
  });

  test("says which keys there are", async () => {
    const { creds, secretId } = await withSecret({ password: "p4ss", der: new Uint8Array([255]) });
    const payload = await creds.lockbox.get(secretId);
    const missing = { name: "YcIamError", code: "invalid_argument", message: /no entry `user`.*`password`/ };
    assert.throws(() => payload.text("user"), missing);
    assert.throws(() => payload.bytes("user"), missing);
    assert.throws(() => payload.text("der"), { code: "invalid_argument", message: /not text/ });
    assert.throws(() => payload.text(), TypeError);
  });

  test("what the service refuses", async () => {
    const { emulator, creds, secretId } = await withSecret({ password: "p4ss" });
    emulator.removeAccessBinding(secretId, "lockbox.payloadViewer", await owner(emulator, creds));
    const error = await rejection(creds.lockbox.get(secretId));
    assert.ok(error instanceof YcIamError);
    assert.equal(error.code, "permission_denied");
    assert.match(error.hint, /lockbox\.payloadViewer/);
    assert.equal((await rejection(creds.lockbox.get("no/id"))).code, "invalid_argument");
    await assert.rejects(creds.lockbox.get(5), TypeError);
    await assert.rejects(creds.lockbox.get(secretId, { timeout: "1" }), TypeError);
  });

  test("renews a token that the service refuses, once", async () => {
    const { emulator, creds, secretId } = await withSecret({ password: "p4ss" });
    emulator.revokeAllTokens();
    const issued = emulator.tokensIssued;
    assert.equal((await creds.lockbox.get(secretId)).text("password"), "p4ss");
    assert.equal(emulator.tokensIssued, issued + 1);
  });

  test("a large secret", async () => {
    const large = "x".repeat(60_000);
    const entries = Object.fromEntries(Array.from({ length: 30 }, (_, at) => [`k${at}`, large]));
    const { creds, secretId } = await withSecret(entries);
    const payload = await creds.lockbox.get(secretId);
    assert.equal(payload.text("k29").length, 60_000);
  });
});

describe("workload identity's resources", () => {
  const federation = {
    folderId: FOLDER,
    name: "cluster",
    issuer: "https://issuer.example.org",
    audiences: ["https://issuer.example.org"],
    jwksUrl: "https://issuer.example.org/keys",
    description: "tests",
    labels: { of: "tests" },
  };

  test("federations and federated credentials, from end to end", async () => {
    const { emulator, creds } = await emulatedCredentials();
    const made = await creds.federations.create(federation);
    const { folderId, ...fields } = federation;
    for (const [name, value] of Object.entries(fields)) assert.deepEqual(made[name], value, name);
    assert.equal(made.folderId, folderId);
    assert.equal(typeof made.createdAt, "number");
    assert.deepEqual(await creds.federations.get(made.id), made);
    const changed = await creds.federations.update(made.id, { description: "changed", disabled: true });
    assert.deepEqual({ ...changed }, { ...made, description: "changed", disabled: true });
    assert.deepEqual(await creds.federations.list(FOLDER), [changed]);

    const serviceAccountId = emulator.createServiceAccount("of-the-pod");
    const externalSubjectId = "system:serviceaccount:default:default";
    const one = await creds.federatedCredentials.create({ serviceAccountId, federationId: made.id, externalSubjectId });
    assert.equal(one.externalSubjectId, externalSubjectId);
    assert.deepEqual(await creds.federatedCredentials.get(one.id), one);
    assert.deepEqual(await creds.federatedCredentials.list(serviceAccountId), [one]);
    assert.equal(await creds.federatedCredentials.delete(one.id), undefined);
    assert.equal((await rejection(creds.federatedCredentials.get(one.id))).code, "not_found");
    assert.equal(await creds.federations.delete(made.id), undefined);
    assert.deepEqual(await creds.federations.list(FOLDER), []);
  });

  test("pages", async () => {
    const { creds } = await emulatedCredentials();
    for (const name of ["one", "two", "three"]) await creds.federations.create({ ...federation, name });
    const first = await creds.federations.listPage(FOLDER, { pageSize: 2 });
    assert.equal(first.items.length, 2);
    const second = await creds.federations.listPage(FOLDER, { pageSize: 2, pageToken: first.nextPageToken });
    assert.equal(second.nextPageToken, undefined);
    assert.equal(second.items.length, 1);
    const names = (list) => list.map(({ name }) => name).sort();
    assert.deepEqual(names([...first.items, ...second.items]), names(await creds.federations.list(FOLDER)));
    for (const pageSize of [0, 1.5, -1, 1001]) {
      assert.equal((await rejection(creds.federations.listPage(FOLDER, { pageSize }))).code, "invalid_argument");
    }
  });

  test("mistakes of the calling program", async () => {
    const { emulator, creds } = await emulatedCredentials();
    await assert.rejects(creds.federations.update("ajexample", { descripton: "" }), { name: "TypeError", message: /descripton/ });
    await assert.rejects(creds.federations.create({ ...federation, audiences: "one" }), TypeError);
    await assert.rejects(creds.federations.create({ ...federation, labels: { a: 1 } }), TypeError);
    await assert.rejects(creds.federatedCredentials.create({}), TypeError);
    assert.equal((await rejection(creds.federations.update("ajexample", {}))).code, "invalid_argument");
    assert.equal((await rejection(creds.federations.create({ folderId: FOLDER }))).code, "invalid_argument");
    assert.equal(emulator.requests.length, 0);
  });

  test("an operation that fails", async () => {
    const { emulator, creds } = await emulatedCredentials();
    emulator.orderOperationFailure({ code: 9, message: "the quota is used up", details: [{ "@type": "a/b" }] });
    const error = await rejection(creds.federations.create(federation));
    assert.equal(error.code, "operation_failed");
    assert.match(error.message, /the quota is used up/);
    assert.throws(() => emulator.orderOperationFailure({ code: 0, message: "" }), { code: "invalid_argument" });
  });
});

describe("operations", () => {
  const done = {
    id: "fv4exampleoperation1",
    description: "create",
    createdAt: "2026-01-01T00:00:00Z",
    createdBy: "aje",
    modifiedAt: "2026-01-01T00:00:01.5Z",
    done: true,
    metadata: { "@type": "x", id: "1" },
    response: { "@type": "y", list: [1, "two", null] },
  };

  test("gives what the service says", async () => {
    const creds = await at((_, response) => response.end(JSON.stringify(done)));
    for (const found of [await creds.operations.get(done.id), await creds.operations.wait(done.id)]) {
      assert.deepEqual(
        { ...found },
        { ...done, createdAt: 1767225600, modifiedAt: 1767225601.5, error: undefined },
      );
    }
  });

  test("waits until it is done", async () => {
    let looks = 0;
    const creds = await at((_, response) => response.end(JSON.stringify({ ...done, done: ++looks > 1, response: undefined })));
    assert.equal((await creds.operations.wait(done.id)).done, true);
    assert.equal(looks, 2);
  });

  test("gives up waiting in time, and at once when told", async () => {
    const creds = await at((_, response) => response.end(JSON.stringify({ id: done.id })));
    assert.equal((await rejection(creds.operations.wait(done.id, { timeout: 0.1 }))).code, "operation_unfinished");
    const began = performance.now();
    const reason = new Error("enough");
    const controller = new AbortController();
    const waiting = rejection(creds.operations.wait(done.id, { signal: controller.signal }));
    setTimeout(() => controller.abort(reason), 50);
    assert.equal(await waiting, reason);
    assert.ok(performance.now() - began < 400);
  });

  test("a failed one is given by `get` and thrown by `wait`", async () => {
    const error = { code: 7, message: "no", details: [{ "@type": "z" }] };
    const creds = await at((_, response) => response.end(JSON.stringify({ ...done, response: undefined, error })));
    assert.deepEqual((await creds.operations.get(done.id)).error, error);
    assert.equal((await rejection(creds.operations.wait(done.id))).code, "operation_failed");
  });
});

describe("giving up", () => {
  test("an aborted call closes its connection", async () => {
    const arrived = signalled();
    const closed = signalled();
    const creds = await at((request) => {
      request.on("close", closed.done);
      arrived.done();
    });
    const controller = new AbortController();
    const call = rejection(creds.lockbox.get(SECRET, { signal: controller.signal }));
    await arrived.promise;
    controller.abort();
    assert.equal((await call).name, "AbortError");
    await closed.promise;
  });

  test("a signal that was aborted before sends nothing", async () => {
    const creds = await at(() => assert.fail("nothing is sent"));
    const reason = new Error("enough");
    assert.equal(await rejection(creds.lockbox.get(SECRET, { signal: AbortSignal.abort(reason) })), reason);
  });

  test("a service that does not answer", async () => {
    const creds = await at(() => undefined);
    const error = await rejection(creds.lockbox.get(SECRET, { timeout: 0.1 }));
    assert.equal(error.code, "timeout");
    assert.equal((await rejection(creds.lockbox.get(SECRET, { timeout: 0 }))).code, "timeout");
  });

  test("a token that does not come", async () => {
    const url = await serve(() => undefined);
    const creds = Credentials.oauth("y0_example", { endpoints: Endpoints.allAt(url) });
    const error = await rejection(creds.lockbox.get(SECRET, { timeout: 0.1 }));
    assert.equal(error.code, "timeout");
    assert.match(error.message, /no token/);
  });

  test("a token that does not come in the time that a call has by default", async (t) => {
    const asked = signalled();
    const token = () => new Promise(() => asked.done());
    const creds = Credentials.workloadIdentity("ajeexample", { token, endpoints: Endpoints.allAt("http://127.0.0.1:9") });
    t.mock.timers.enable({ apis: ["setTimeout", "Date"], now: Date.now() });
    const call = rejection(creds.lockbox.get(SECRET));
    await asked.promise;
    for (let passed = 0; passed < 60; passed += 10) {
      await new Promise(setImmediate);
      t.mock.timers.tick(10_000);
    }
    assert.equal((await call).code, "timeout");
  });

  test("a token that comes too late for one is there for the next", async () => {
    const asked = signalled();
    let exchanges = 0;
    const url = await serve((request, response) => {
      if (request.method === "GET") return response.end(JSON.stringify({ entries: [{ key: "a", textValue: "b" }], versionId: "e6qv" }));
      exchanges += 1;
      asked.done(() => response.end(JSON.stringify({ iamToken: "t1.late", expiresAt: "2099-01-01T00:00:00Z" })));
    });
    const creds = Credentials.oauth("y0_example", { endpoints: Endpoints.allAt(url) });
    const impatient = rejection(creds.lockbox.get(SECRET, { timeout: 0.1 }));
    const answer = await asked.promise;
    const patient = creds.lockbox.get(SECRET);
    assert.equal((await impatient).code, "timeout");
    answer();
    assert.equal((await patient).text("a"), "b");
    assert.equal(exchanges, 1);
  });
});

describe("revoke", () => {
  test("ends a token, and the credentials get another", async () => {
    const { emulator, creds } = await emulatedCredentials();
    const token = await creds.getToken();
    const subject = await owner(emulator, creds);
    assert.equal(await creds.revoke(token), subject);
    assert.equal(emulator.revokeToken(token), false);
    assert.notEqual((await creds.getToken()).value, token.value);
  });

  test("what cannot be a token is not sent", async () => {
    const { emulator, creds } = await emulatedCredentials();
    assert.equal((await rejection(creds.revoke("y0_example"))).code, "invalid_credential");
    await assert.rejects(creds.revoke(5), TypeError);
    assert.equal(emulator.requests.length, 0);
  });
});

test("nothing of it is loaded before a function is called", () => {
  const script = `
    const files = [];
    const fs = require("node:fs");
    const { readFileSync } = fs;
    fs.readFileSync = (...given) => { files.push(String(given[0])); return readFileSync(...given); };
    const { Credentials, explain } = require("yc-iam");
    const creds = Credentials.fixed("t1.example");
    const all = [creds.lockbox, creds.federatedCredentials, creds.federations, creds.operations];
    const tools = () => files.filter((file) => file.includes("tools")).map((file) => require("node:path").basename(file));
    process.stdout.write(JSON.stringify([all.length, tools()]));
    explain("");
    process.stdout.write(JSON.stringify(tools()));`;
  const directory = path.dirname(path.dirname(installed));
  const seen = execFileSync(process.execPath, ["--eval", script], { encoding: "utf8", cwd: directory });
  assert.match(seen, /^\[4,\[\]\].*yc_iam_tools\.wasm/);
});
