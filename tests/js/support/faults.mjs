// tests/faults.json on real sockets: every fault has its error, in time; nothing is left behind, and others are served.
// For a file of tests each: Node's own HTTP, which is used while nothing has loaded fetch, and fetch.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import dns from "node:dns";
import { once } from "node:events";
import { connect, createServer } from "node:net";
import path from "node:path";
import { before, test } from "node:test";
import { promisify } from "node:util";
import { Worker } from "node:worker_threads";
import { gzipSync } from "node:zlib";
import { Credentials, Endpoints, YcIamError } from "yc-iam";
import { emulated, nowhere } from "./emulated.mjs";
import { readText, root } from "./files.mjs";

const { cases } = JSON.parse(readText(root, "tests/faults.json"));
const OPERATION = JSON.stringify({ id: "ajeo1", done: false });
const GZIP = { good: () => gzipSync(OPERATION), bomb: () => Buffer.concat(Array(1024).fill(gzipSync(Buffer.alloc(1 << 20)))) };
/** For what is tried again, or waits, until the deadline; and for what ends by itself, however slow the machine is. */
const DEADLINE = 0.6;
const AMPLE = 60;
/** How long one may wait for a turn on a machine with much to do. */
const GRACE = 20;

let other;
before(async () => {
  const { emulator, keyFile } = await emulated();
  other = { emulator, keyFile };
  await othersAreServed();
});

async function othersAreServed() {
  const { endpoints } = other.emulator;
  const { value } = await Credentials.serviceAccount(other.keyFile, { endpoints }).getToken();
  assert.ok(value.startsWith("t1."));
}

const head = (length, ...headers) => ["HTTP/1.1 200 OK", ...headers, `content-length: ${length}`, "connection: close", "", ""].join("\r\n");
const pause = (secs) => new Promise((resolve) => setTimeout(resolve, secs * 1000));

/** Writes, and waits until there is room for more; false if nobody reads any more. */
async function write(socket, data) {
  if (socket.destroyed) return false;
  if (!socket.write(data)) {
    await new Promise((resolve) => {
      socket.once("drain", resolve);
      socket.once("close", resolve);
    });
  }
  return !socket.destroyed;
}

/** Does what the file says after it has read the head of the request. */
async function play(steps, socket) {
  for (const step of steps) {
    if (step.send !== undefined) {
      for (let time = 0; time < (step.times ?? 1); time++) {
        if (!(await write(socket, step.send))) return;
        if (step.every) await pause(step.every);
      }
    } else if (step.fill !== undefined) while (await write(socket, step.fill.repeat(4096)));
    else if (step.chunks !== undefined) while (await write(socket, `${step.chunks.toString(16)}\r\n${" ".repeat(step.chunks)}\r\n`));
    else if (step.good) await write(socket, head(OPERATION.length, "content-type: application/json") + OPERATION);
    else if (step.gzip) {
      const body = GZIP[step.gzip]();
      await write(socket, Buffer.concat([Buffer.from(head(body.length, "content-encoding: gzip")), body]));
    } else if (step.reset) {
      // What was sent before is on its way first.
      await new Promise((resolve) => setImmediate(resolve));
      return socket.resetAndDestroy();
    } else return; // It waits until the other side has enough.
  }
  socket.end();
}

/** Runs while a server does as told; gives the server's URL. */
async function serving(steps, work) {
  const sockets = new Set();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined).on("close", () => sockets.delete(socket));
    socket.once("data", () => void play(steps, socket));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    return await work(`http://127.0.0.1:${server.address().port}`);
  } finally {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  }
}

/** Passed, for by itself nothing would go through it here: plain http is for this machine. */
let fetch;
const credentialsAt = (url) => Credentials.fixed("t1.fixed", { endpoints: Endpoints.custom({ iam: url, operation: url }), fetch });

/** One call of an API, while other credentials work: what came of it, and how long it took. */
async function ask(url, timeout, signal) {
  const began = performance.now();
  const call = credentialsAt(url).operations.get("ajeo1", { timeout, signal });
  const [outcome] = await Promise.all([call.catch((error) => error), othersAreServed()]);
  return { outcome, took: (performance.now() - began) / 1000 };
}

/** Timers and connections that are there now; a pool's may take a moment to go. */
const open = () => process.getActiveResourcesInfo().filter((name) => /Timeout|TCPSocketWrap|GetAddrInfo/.test(name)).length;

async function leavesNothing(work) {
  const before = open();
  await work();
  // Connections that may serve again live for four seconds; those of a fault are gone at once.
  for (let tries = 0; tries < 1000 && open() > before + 2; tries++) await pause(0.02);
  assert.ok(open() <= before + 2, process.getActiveResourcesInfo().join());
}

const deadline = (expected) => (["connection_failed", "timeout"].includes(expected) ? DEADLINE : AMPLE);

/** What is tried again until the deadline may end in a try that the deadline ends. */
const codes = (expected) => (expected === "connection_failed" ? [expected, "timeout"] : [expected]);

const isFetchLoaded = () => Object.getOwnPropertySymbols(globalThis).some(({ description }) => description.startsWith("undici."));

/** `via`: "node" or "fetch". */
export function faults(via) {
  if (via === "fetch") fetch = globalThis.fetch;
  for (const { name, answer, ...expected } of cases) {
    const code = via in expected ? expected[via] : expected.code;
    const timeout = deadline(code);
    test(name, () =>
      leavesNothing(async () => {
        const { outcome, took } = await serving(answer, (url) => ask(url, timeout));
        assert.equal(isFetchLoaded(), via === "fetch");
        if (code === undefined) assert.equal(outcome.id, "ajeo1");
        else assert.ok(outcome instanceof YcIamError && codes(code).includes(outcome.code), `${outcome.code}: ${outcome}`);
        assert.ok(took < timeout + GRACE, `it took ${took} s`);
      }),
    );
  }

  test("nobody listens", () =>
    leavesNothing(async () => {
      const { outcome, took } = await ask(await nowhere(), DEADLINE);
      assert.ok(codes("connection_failed").includes(outcome.code) && took < DEADLINE + GRACE);
    }));

  /** Listens, and never accepts: a thread that stands still. */
  const DEAF = `
const { createServer } = require("node:net");
const { parentPort } = require("node:worker_threads");
const server = createServer().listen({ port: 0, host: "127.0.0.1", backlog: 1 }, () => {
  parentPort.postMessage(server.address().port);
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
});
`;

  test("a full queue", { skip: process.platform !== "linux" && "other systems refuse there" }, async () => {
    const deaf = new Worker(DEAF, { eval: true });
    const [port] = await once(deaf, "message");
    const waiting = Array.from({ length: 6 }, () => connect(port, "127.0.0.1").on("error", () => undefined));
    try {
      const { outcome, took } = await ask(`http://127.0.0.1:${port}`, DEADLINE);
      assert.equal(outcome.code, "timeout");
      assert.ok(took < DEADLINE + GRACE);
    } finally {
      waiting.forEach((socket) => socket.destroy());
      await deaf.terminate();
    }
  });

  test("no such host", async (t) => {
    const { lookup } = dns;
    const unknown = Object.assign(new Error("getaddrinfo ENOTFOUND nobody.invalid"), { code: "ENOTFOUND" });
    t.mock.method(dns, "lookup", (host, options, done) => (host === "nobody.invalid" ? done(unknown) : lookup(host, options, done)));
    const { outcome, took } = await ask("https://nobody.invalid", DEADLINE);
    assert.ok(codes("connection_failed").includes(outcome.code), outcome.code);
    assert.ok(took < DEADLINE + GRACE);
  });

  test("a signal in mid-exchange", () =>
    leavesNothing(async () => {
      const reason = new Error("enough");
      const controller = new AbortController();
      await serving([{ wait: true }], async (url) => {
        setTimeout(() => controller.abort(reason), 50);
        const { outcome, took } = await ask(url, AMPLE, controller.signal);
        assert.equal(outcome, reason);
        assert.ok(took < GRACE);
      });
    }));

  for (const jump of [-86_400, 86_400]) {
    test(`a clock that jumps by ${jump} s`, { timeout: 60_000 }, async (t) => {
      const real = Date.now;
      let offset = 0;
      let tries = 0;
      t.mock.method(Date, "now", () => real() + offset * 1000);
      const server = createServer((socket) => {
        socket.on("error", () => undefined).once("data", () => {
          offset += jump;
          const body = JSON.stringify({ iamToken: "t1.after-the-jump", expiresAt: "2099-01-01T00:00:00Z" });
          socket.end(++tries === 2 ? head(body.length) + body : undefined);
        });
      });
      await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
      t.after(() => server.close());
      const endpoints = Endpoints.custom({ iam: `http://127.0.0.1:${server.address().port}` });
      const outcome = await Credentials.oauth("y0_AgAAAAExampleOfNoAccount-01", { endpoints }).getToken().catch((error) => error);
      assert.ok(outcome instanceof YcIamError || outcome.value === "t1.after-the-jump");
    });
  }

  const LIMITED = `
import { Credentials, Endpoints } from "yc-iam";
const [, url, key, iam] = process.argv;
const made = Credentials.fixed("t1.fixed", { endpoints: Endpoints.custom({ iam: url, operation: url }) });
const other = Credentials.serviceAccount(JSON.parse(key), { endpoints: Endpoints.custom({ iam }) });
let over = false;
const served = new Set();
const serving = (async () => {
  while (!over) {
    const token = await other.getToken();
    served.add(token.value);
    other.invalidate(token);
  }
})();
console.log(await made.operations.get("ajeo1", { timeout: 60 }).catch((error) => error.code));
over = true;
await serving;
console.log(served.size > 0 && !served.has((await other.getToken()).value));
`;

  for (const name of ["a body without end", "chunks without end", "gzip of a gigabyte"]) {
    test(`within a memory limit: ${name}`, async () => {
      const { answer, code } = cases.find((one) => one.name === name);
      const args = ["--max-old-space-size=32", "--input-type=module", "--eval", LIMITED];
      const run = promisify(execFile);
      const { emulator, keyFile } = other;
      const { stdout } = await serving(answer, (url) => run(process.execPath, [...args, url, keyFile, emulator.url], { cwd: import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname), timeout: 180_000 }));
      // The others of the same process were served meanwhile and afterwards.
      assert.equal(stdout.trim(), `${code}\ntrue`);
    });
  }
}
