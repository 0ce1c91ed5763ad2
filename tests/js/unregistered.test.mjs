// Where nobody tells that an object is no longer used, as in Workers before their `FinalizationRegistry`: the memory of the
// WebAssembly does not grow, and no secret stays in it.
import assert from "node:assert/strict";
import { after, test } from "node:test";

delete globalThis.FinalizationRegistry;
const memories = [];
const { Instance } = WebAssembly;
WebAssembly.Instance = class extends Instance {
  constructor(...given) {
    super(...given);
    memories.push(this.exports.memory);
  }
};
const { Credentials, Endpoints } = await import("yc-iam");

const ROUNDS = 200;
const URL = "https://api.example";
const endpoints = Endpoints.custom({ iam: URL, lockbox: URL, operation: URL });
/** As long as tokens may be, so that a call that stays is seen. */
const token = `t1.${"x".repeat(4000)}`;
const VALUE = "correct horse battery staple ".repeat(2000);
const encoded = (value) => new TextEncoder().encode(JSON.stringify(value));
const answering = (body, status = 200) => async () => ({ status, headers: [], arrayBuffer: async () => encoded(body).buffer });
const refusing = (status) => answering({ code: 5, message: "no" }, status);
/** Says nothing before everything else is over. */
const held = [];
const silent = () => new Promise((resolve) => held.push(resolve));
after(async () => {
  const answer = await refusing(401)();
  for (const resolve of held) resolve(answer);
});

const payload = { versionId: "e6qversion", entries: [{ key: "password", textValue: VALUE }, { key: "pin", binaryValue: "AQI=" }] };
const late = { name: "late" };

/** Ways for a call to end. */
const ENDS = {
  "a secret": {
    credentials: () => Credentials.fixed(token, { endpoints, fetch: answering(payload) }),
    call: async (creds) => {
      const secret = await creds.lockbox.get("e6qsecret");
      assert.equal(secret.text("password"), VALUE);
      assert.deepEqual([...secret.bytes("pin")], [1, 2]);
    },
  },
  "an error of the service's": {
    credentials: () => Credentials.fixed(token, { endpoints, fetch: refusing(404) }),
    call: (creds) => assert.rejects(creds.operations.get("ajeo1"), { code: "not_found" }),
  },
  "a signal while a request is under way": {
    credentials: () => Credentials.fixed(token, { endpoints, fetch: silent }),
    call: async (creds) => {
      const controller = new AbortController();
      const asked = creds.operations.get("ajeo1", { signal: controller.signal });
      setImmediate(() => controller.abort(late));
      await assert.rejects(asked, late);
    },
  },
  "no time left for a token": {
    credentials: () => Credentials.oauth("y0_AgAAAAExampleOfNoAccount-01", { endpoints, fetch: silent }),
    call: (creds) => assert.rejects(creds.operations.get("ajeo1", { timeout: 0.001 }), { code: "timeout" }),
  },
  "no token": {
    credentials: () => Credentials.oauth("y0_AgAAAAExampleOfNoAccount-01", { endpoints, fetch: refusing(401) }),
    call: (creds) => assert.rejects(creds.operations.get("ajeo1"), { code: "unauthenticated" }),
  },
};

const bytes = () => memories.reduce((sum, { buffer }) => sum + buffer.byteLength, 0);

for (const [end, { credentials, call }] of Object.entries(ENDS)) {
  test(`memory stays as it is: ${end}`, async () => {
    const creds = credentials();
    const rounds = async () => {
      for (let round = 0; round < ROUNDS; round++) await call(creds);
    };
    await call(creds);
    await call(creds);
    const before = bytes();
    await rounds();
    assert.equal(bytes(), before);
  });
}

test("no secret stays", () => {
  assert.equal(memories.length, 2, "the core and the tools");
  for (const { buffer } of memories) assert.ok(!Buffer.from(buffer).includes("horse battery"));
});
