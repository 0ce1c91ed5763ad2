// Objects of another realm: under Jest and its like, a `Buffer` is no `Uint8Array` of the package's.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { directory, emulated, serve } from "./support/emulated.mjs";
import { realm } from "./support/realm.mjs";

const { load, run } = realm();
const { Credentials, ServiceAccountKey, YcIamError, Endpoints, explain } = load("node");
const { InCluster } = load("kubernetes");
const testing = load("testing");

const { emulator, keyFile } = await emulated();
const keyText = typeof keyFile === "string" ? keyFile : JSON.stringify(keyFile);
const endpoints = Endpoints.custom({ iam: emulator.url, auth: emulator.url, lockbox: emulator.url, metadata: emulator.url });

/** Bytes of both realms. */
const BYTES = { "the package's realm": (text) => run("(given) => Uint8Array.from(given)")([...Buffer.from(text)]), "another realm": (text) => Buffer.from(text) };

test("these are two realms", () => {
  assert.ok(!(Buffer.from("") instanceof run("Uint8Array")));
  assert.throws(() => ServiceAccountKey.fromJson("{}"), (error) => error instanceof YcIamError && !(error instanceof Error));
});

for (const [realm, bytes] of Object.entries(BYTES)) {
  describe(realm, () => {
    test("a key", () => {
      const key = ServiceAccountKey.from(bytes(keyText));
      assert.equal(ServiceAccountKey.fromJson(bytes(keyText)).id, key.id);
    });

    test("a signer's signature", async () => {
      const key = ServiceAccountKey.from(keyText);
      const signature = bytes("s".repeat(256));
      for (const given of [signature, signature.buffer.slice(0, 256)]) {
        const jwt = await key.signJwtWith(async () => given);
        assert.equal(Buffer.from(jwt.split(".")[2], "base64url").length, 256);
      }
      for (const no of ["x", [1], new DataView(new ArrayBuffer(256)), {}]) {
        await assert.rejects(key.signJwtWith(() => no), { code: "signing_failed" });
      }
    });

    test("what is explained", () => assert.equal(explain(bytes(keyText)).kind, "service_account_key"));

    test("a federation to compare with", () => {
      const federation = { issuer: "https://issuer.example", audiences: ["a"] };
      const token = `e30.${Buffer.from(JSON.stringify({ iss: "https://other.example" })).toString("base64url")}.c2ln`;
      const found = (given) => JSON.stringify(explain(token, { federation: given }));
      assert.equal(found(bytes(JSON.stringify(federation))), found(federation));
    });

    test("a body", async () => {
      const received = [];
      const url = await serve(async (request, response) => {
        let body = "";
        for await (const chunk of request) body += chunk;
        received.push(body);
        response.writeHead(received.length === 1 ? 401 : 200).end();
      });
      const creds = Credentials.serviceAccount(keyText, { endpoints });
      assert.equal((await creds.fetch(url, { method: "POST", body: bytes("text") })).status, 200);
      assert.deepEqual(received, ["text", "text"]);
    });

    test("an emulated secret", async () => {
      const kit = await testing.Emulator.start();
      try {
        const robot = kit.createServiceAccount("robot");
        const secret = kit.createSecret("b1gfolder0000000000", "database", { pin: bytes("\u0001\u0002"), text: "text" });
        kit.addAccessBinding(secret, "lockbox.payloadViewer", robot);
        kit.attachServiceAccount(robot);
        const payload = await Credentials.metadata({ endpoints: kit.endpoints }).lockbox.get(secret);
        assert.deepEqual([...payload.bytes("pin")], [1, 2]);
        assert.equal(payload.text("text"), "text");
      } finally {
        await kit.stop();
      }
    });
  });
}

test("a key file, by path and by URL, and the platform's signer", async (t) => {
  const file = path.join(directory(t), "key.json");
  writeFileSync(file, keyText);
  for (const at of [file, pathToFileURL(file)]) {
    const key = ServiceAccountKey.fromFile(at);
    assert.equal((await key.signJwtWith("platform")).split(".").length, 3);
    const token = await Credentials.serviceAccount(at, { endpoints }).getToken();
    assert.ok(token.value.startsWith("t1."));
  }
});

test("a pod's files", async (t) => {
  const kit = await testing.Emulator.start({ kubernetes: true });
  t.after(() => kit.stop());
  const { directory: at, variables } = kit.kubernetes.mount(directory(t));
  const cluster = InCluster.fromPod({ directory: at, variables });
  assert.equal((await cluster.getToken()).value.split(".").length, 3);
});
