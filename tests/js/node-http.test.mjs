// What sends exchanges in Node: its own HTTP, unless the program has a fetch of its own choice.
import assert from "node:assert/strict";
import http from "node:http";
import { createServer } from "node:net";
import { test } from "node:test";
import { Credentials, Endpoints } from "yc-iam";
import { rejection, signalled } from "./support/emulated.mjs";

const loaded = () => Object.getOwnPropertySymbols(globalThis).some(({ description }) => description.startsWith("undici."));

/** Runs while a service answers everything with a token. */
async function serving(work) {
  const seen = [];
  const server = http.createServer((request, response) => {
    seen.push(request);
    request.resume().on("end", () => response.end(JSON.stringify({ iamToken: "t1.by-node", expiresAt: "2099-01-01T00:00:00Z" })));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    const endpoints = Endpoints.custom({ iam: `http://127.0.0.1:${server.address().port}` });
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
    const agent = new http.Agent();
    const connections = t.mock.method(agent, "createConnection");
    const { globalAgent } = http;
    http.globalAgent = agent;
    t.after(() => (http.globalAgent = globalAgent));
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

test("once fetch is loaded, with whatever it was told, it is used", (t) =>
  serving(async (getToken) => {
    new Headers();
    assert.ok(loaded());
    const real = t.mock.method(http, "request");
    assert.equal((await getToken()).value, "t1.by-node");
    assert.equal(real.mock.callCount(), 0);
  }));
