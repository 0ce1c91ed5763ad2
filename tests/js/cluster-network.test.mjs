// What an API server may answer: `InCluster.fetch` over a real socket, beside the global fetch where it is as good a judge.
import assert from "node:assert/strict";
import { rmSync, writeFileSync } from "node:fs";
import { createServer as createPlainServer } from "node:net";
import { test } from "node:test";
import { createServer } from "node:tls";
import { InCluster } from "yc-iam/kubernetes";
import { directory, emulated, rejection, signalled } from "./support/emulated.mjs";
import { certificate } from "./support/certificate.mjs";

const { key, cert } = certificate();

async function listening(t, server) {
  const sockets = new Set();
  server.on("connection", (socket) => sockets.add(socket.on("error", () => undefined)));
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return server.address().port;
}

/** What is done to a connection after the head of a request. */
const after = (answer) => (socket) => socket.on("error", () => undefined).once("data", () => answer(socket));
const writes = (text) => (socket) => socket.write(Buffer.from(text, "latin1"));

/** A pod whose API server does this. */
const podBefore = async (t, answer) => (await mountBefore(t, answer)).pod;

async function mountBefore(t, answer) {
  const port = await listening(t, createServer({ key, cert }, after(answer)));
  const { emulator } = await emulated({ kubernetes: true });
  const { directory: place } = emulator.kubernetes.mount(directory(t));
  writeFileSync(`${place}/ca.crt`, cert);
  const variables = { KUBERNETES_SERVICE_HOST: "127.0.0.1", KUBERNETES_SERVICE_PORT: String(port) };
  return { place, pod: InCluster.fromPod({ directory: place, variables }) };
}

async function byFetch(t, answer) {
  const port = await listening(t, createPlainServer(after(answer)));
  return (init) => fetch(`http://127.0.0.1:${port}/api`, init);
}

const noAnswers = {
  "switches protocols": "HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n",
  "a status below all others": "HTTP/1.1 099 Odd\r\ncontent-length: 0\r\n\r\n",
  "a header that is none": "HTTP/1.1 200 OK\r\nx-own: \u0001\r\ncontent-length: 0\r\n\r\n",
};
for (const [what, text] of Object.entries(noAnswers)) {
  test(`no answer, as fetch has it: ${what}`, { timeout: 30_000 }, async (t) => {
    const judge = await byFetch(t, writes(text));
    const expected = await rejection(judge());
    const pod = await podBefore(t, writes(text));
    const error = await rejection(pod.fetch("/api"));
    assert.deepEqual([error.name, error.message], [expected.name, expected.message]);
    assert.ok(error.cause instanceof Error);
  });
}

const unfit = {
  // No `Response` can be made with these.
  "a status above all others": "HTTP/1.1 600 Odd\r\ncontent-length: 2\r\n\r\n{}",
  "a switch of protocols to nowhere": "HTTP/1.1 101 Switching Protocols\r\n\r\n",
};
for (const [what, text] of Object.entries(unfit)) {
  test(`no answer either: ${what}`, { timeout: 30_000 }, async (t) => {
    const closed = signalled();
    const pod = await podBefore(t, (socket) => writes(text)(socket.on("close", closed.done)));
    const error = await rejection(pod.fetch("/api"));
    assert.deepEqual([error.name, error.message], ["TypeError", "fetch failed"]);
    assert.match(error.cause.message, /600|101/);
    await closed.promise;
  });
}

const answers = {
  "a reason that nobody can read": "HTTP/1.1 200 O\u0001K\u0000\r\ncontent-length: 2\r\n\r\n{}",
  "a reason in Latin-1": "HTTP/1.1 200 gr\u00fc\u00df\r\ncontent-length: 2\r\n\r\n{}",
  "news before it": "HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}",
  "an offer of other protocols": "HTTP/1.1 200 OK\r\nconnection: upgrade\r\nupgrade: h2c\r\ncontent-length: 2\r\n\r\n{}",
  "no body where there must be none": "HTTP/1.1 205 Reset Content\r\ncontent-length: 2\r\n\r\n{}",
  "a redirect that is not followed": "HTTP/1.1 307 Away\r\nlocation: https://example.com/\r\ncontent-length: 0\r\n\r\n",
};
for (const [what, text] of Object.entries(answers)) {
  test(`an answer, as fetch has it: ${what}`, async (t) => {
    const seen = async (response) => [response.status, [...response.headers], await response.text()];
    const judge = await byFetch(t, writes(text));
    const pod = await podBefore(t, writes(text));
    assert.deepEqual(await seen(await pod.fetch("/api")), await seen(await judge({ redirect: "manual" })));
  });
}

for (const [what, body] of Object.entries({ "a part": " ".repeat(99_999), "the whole": " ".repeat(100_000) })) {
  test(`a signal ends a body with its reason, also where ${what} has come`, async (t) => {
    const ends = async (asked) => {
      const controller = new AbortController();
      const response = await asked({ signal: controller.signal });
      await new Promise((resolve) => setImmediate(resolve));
      controller.abort(new Error("enough"));
      return rejection(response.text());
    };
    const text = `HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n${body}`;
    const judge = await byFetch(t, writes(text));
    // Not each fetch says the reason.
    assert.ok(await ends(judge));
    const pod = await podBefore(t, writes(text));
    assert.equal((await ends((init) => pod.fetch("/api", init))).message, "enough");
  });
}

test("a signal ends a wait for an answer", async (t) => {
  const asked = signalled();
  const pod = await podBefore(t, asked.done);
  const controller = new AbortController();
  const answer = rejection(pod.fetch("/api", { signal: controller.signal }));
  await asked.promise;
  controller.abort(new Error("enough"));
  assert.equal((await answer).message, "enough");
});

test("a refusal is given back where there is no other token", { timeout: 30_000 }, async (t) => {
  const closed = signalled();
  const { place, pod } = await mountBefore(t, (socket) => {
    socket.on("close", closed.done);
    rmSync(`${place}/token`);
    writes("HTTP/1.1 401 Unauthorized\r\ncontent-length: 4\r\n\r\n{}")(socket);
  });
  const answer = await pod.fetch("/api");
  assert.equal(answer.status, 401);
  await answer.body.cancel();
  await closed.promise;
});
