// What sends exchanges in Node: its own HTTP, unless the program has a fetch of its own choice.
import assert from "node:assert/strict";
import http from "node:http";
import https from "node:https";
import { createServer } from "node:net";
import { test } from "node:test";
import { Credentials, Endpoints } from "yc-iam";
import { certificate } from "./support/certificate.mjs";
import { rejection, signalled } from "./support/emulated.mjs";

const loaded = () => Object.getOwnPropertySymbols(globalThis).some(({ description }) => description.startsWith("undici."));

const { key, cert } = certificate();
// Node's own HTTP asks its agent whom to trust.
https.globalAgent.options.ca = cert;

/** Runs while a service answers everything with a token. */
async function serving(work, { createServer } = https) {
  const seen = [];
  const server = createServer({ key, cert }, (request, response) => {
    seen.push(request);
    request.resume().on("end", () => response.end(JSON.stringify({ iamToken: "t1.by-node", expiresAt: "2099-01-01T00:00:00Z" })));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    const scheme = createServer === https.createServer ? "https" : "http";
    const endpoints = Endpoints.custom({ iam: `${scheme}://127.0.0.1:${server.address().port}` });
    await work(() => Credentials.oauth("y0_AgAAAAExampleOfNoAccount-01", { endpoints }).getToken(), seen);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

test("fetch is not loaded for a token", () =>
  serving(async (getToken, seen) => {
    assert.equal((await getToken()).value, "t1.by-node");
    assert.equal(seen.length, 1);
    assert.ok(!loaded());
  }));

for (const head of ["099 Odd", "101 Switching Protocols"]) {
  test(`what begins with ${head} is no answer, and nothing is left open`, { timeout: 30_000 }, async (t) => {
    const closed = signalled();
    const server = createServer((socket) => {
      socket.on("error", () => undefined).on("close", closed.done);
      socket.once("data", () => socket.write(`HTTP/1.1 ${head}\r\ncontent-length: 2\r\n\r\n`));
    });
    await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
    t.after(() => server.close());
    const endpoints = Endpoints.custom({ operation: `http://127.0.0.1:${server.address().port}` });
    const { operations } = Credentials.fixed("t1.fixed", { endpoints });
    const error = await rejection(operations.get("ajeo1", { timeout: 0.5 }));
    assert.ok(["connection_failed", "timeout"].includes(error.code), error.code);
    assert.ok(!loaded());
    await closed.promise;
  });
}

test("an agent in the place of Node's own is used", (t) =>
  serving(async (getToken) => {
    const agent = new https.Agent({ ca: cert });
    const connections = t.mock.method(agent, "createConnection");
    const { globalAgent } = https;
    https.globalAgent = agent;
    t.after(() => (https.globalAgent = globalAgent));
    await getToken();
    assert.equal(connections.mock.callCount(), 1);
    agent.destroy();
  }));

test("a fetch that was put in the place of the global one is asked, whenever that was", (t) =>
  serving(async (getToken, seen) => {
    const answer = { status: 200, headers: [], arrayBuffer: async () => new TextEncoder().encode('{"iamToken":"t1.by-fetch","expiresAt":"2099-01-01T00:00:00Z"}').buffer };
    const replaced = t.mock.method(globalThis, "fetch", async () => answer);
    assert.equal((await getToken()).value, "t1.by-fetch");
    assert.equal(replaced.mock.callCount(), 1);
    replaced.mock.restore();
    assert.equal((await getToken()).value, "t1.by-node");
    assert.equal(seen.length, 1);
  }));

test("where there is no fetch, nobody misses it", (t) =>
  serving(async (getToken) => {
    const { fetch } = globalThis;
    globalThis.fetch = undefined;
    t.after(() => (globalThis.fetch = fetch));
    assert.equal((await getToken()).value, "t1.by-node");
  }));

test("once fetch is loaded, with whatever it was told, it is used, but not for what is on this machine", async (t) => {
  new Headers();
  assert.ok(loaded());
  const requests = t.mock.method(https, "request");
  // The agent whom Node's own HTTP trusts says nothing to fetch.
  await serving((getToken) => assert.rejects(getToken(), { code: "tls_failed" }));
  assert.equal(requests.mock.callCount(), 0);
  const asked = t.mock.method(globalThis, "fetch");
  await serving(async (getToken) => assert.equal((await getToken()).value, "t1.by-node"), http);
  assert.equal(asked.mock.callCount(), 0);
});
