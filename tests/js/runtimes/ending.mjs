// Requests that end while others wait for their exchange, in workerd, where a request's I/O ends with it.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { setImmediate } from "node:timers/promises";
import { withWorker } from "./workerd.mjs";

/** Seconds. The exchange that is lost would take longer than the test, and only after 15 does the core give it up by itself. */
const NEVER = 600;
const IN_TIME = 5;

/** With the first, workerd rejects what a request that has ended promised. Before that date it leaves it pending. */
const COMPATIBILITY_DATES = ["2024-10-14", "2024-10-13"];

/** A server that the worker's requests call while their work is under way; it holds those for `/leaves`. */
async function startGate() {
  const server = createServer(({ url }, response) => {
    if (url !== "/leaves") response.end();
    server.emit(url, response);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return server;
}

/** Lets one request begin an exchange that is never answered, lets others wait for it, and ends the first. */
async function followersOfALostOne(emulator, gate, url, ask) {
  const before = emulator.tokensIssued;
  emulator.orderFault({ path: "/iam/v1/tokens", delay: NEVER });
  const leaves = once(gate, "/leaves");
  const first = fetch(`${url}/leaves`);
  const [held] = await Promise.race([leaves, first.then(({ status }) => assert.fail(`it left with ${status}`))]);
  while (emulator.tokensIssued === before) await setImmediate();
  const stay = [1, 2, 3].map(async () => {
    const arrived = once(gate, "/stays");
    const answer = ask();
    await Promise.race([arrived, answer]);
    return { answer };
  });
  const answers = await Promise.all(stay);
  held.end();
  assert.equal((await first).status, 204);
  await Promise.all(answers.map(({ answer }) => answer));
  await ask();
  assert.equal(emulator.tokensIssued - before, 2, "one exchange was lost, and one replaced it");
}

/** A request that comes when the one that began the exchange is gone. */
async function comesAfterALostOne(emulator, url, ask) {
  const before = emulator.tokensIssued;
  emulator.orderFault({ path: "/iam/v1/tokens", delay: NEVER });
  await fetch(`${url}/at-once`);
  // Whether it was sent before its request ended is for the runtime to say.
  if (emulator.tokensIssued === before) emulator.cancelFaults();
  await ask();
  assert.ok(emulator.tokensIssued - before <= 2);
}

/** Runs them all with this worker, bundled; gives how many passed. */
export async function checkEndings(emulator, directory, variables) {
  const gate = await startGate();
  const options = { variables: { ...variables, GATE: `http://127.0.0.1:${gate.address().port}` } };
  const checks = [
    (url, ask) => followersOfALostOne(emulator, gate, url, ask),
    (url, ask) => comesAfterALostOne(emulator, url, ask),
  ];
  let passed = 0;
  try {
    for (const compatibilityDate of COMPATIBILITY_DATES) {
      for (const check of checks) {
        await withWorker(directory, { ...options, compatibilityDate }, (url) =>
          check(url, async () => {
            const patience = new AbortController();
            const timer = setTimeout(() => patience.abort(), IN_TIME * 1000);
            const response = await fetch(`${url}/stays`, { signal: patience.signal });
            const text = await response.text();
            clearTimeout(timer);
            assert.equal(response.status, 200, `${compatibilityDate}: ${text}`);
            assert.deepEqual(JSON.parse(text), ["user", "password"]);
          }),
        );
        passed += 1;
      }
    }
  } finally {
    gate.closeAllConnections();
    gate.close();
  }
  return passed;
}
