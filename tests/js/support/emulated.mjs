// An emulator for one test, and credentials that use it.
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { Credentials } from "yc-iam";
import { Emulator } from "yc-iam/testing";
import { pem } from "./files.mjs";

const running = new Set();
const servers = new Set();
after(async () => {
  for (const server of servers) server.close().closeAllConnections();
  await Promise.all([...running].map((emulator) => emulator.stop()));
});

/** A running emulator; it stops after the file's tests. Made with a key that is there already: making keys takes time. */
export async function emulated(options) {
  const emulator = await Emulator.start(options);
  running.add(emulator);
  return { emulator, keyFile: emulator.serviceAccountKey({ privateKey: pem("rsa2048_a") }) };
}

/** The same with credentials. */
export async function emulatedCredentials(options = {}) {
  const { emulator, keyFile } = await emulated();
  return { emulator, keyFile, creds: Credentials.serviceAccount(keyFile, { endpoints: emulator.endpoints, ...options }) };
}

/** What the promise is rejected with. */
export async function rejection(promise) {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error("a rejection was expected");
}

/** A promise, and the function that fulfils it. */
export function signalled() {
  let done;
  const promise = new Promise((resolve) => (done = resolve));
  return { promise, done };
}

/** Whose token this is, by the emulator's word. */
export async function owner(emulator, credentials) {
  const answer = await fetch(`${emulator.url}/emulator/whoami`, {
    headers: { authorization: await credentials.authorization() },
  });
  return (await answer.json()).subjectId;
}

/** A clock that stands still: moved by hand, for the package and for the emulator. */
export function stoppedClock(t, start = 1_767_225_600) {
  let time = start;
  t.mock.method(Date, "now", () => time * 1000);
  return { now: () => time, advance: (secs) => (time += secs) };
}

/** A directory of the test's own. */
export function directory(t) {
  const path = mkdtempSync(join(tmpdir(), "yc-iam-"));
  t.after(() => rmSync(path, { recursive: true }));
  return path;
}

/** Sets environment variables for one test. */
export function environment(t, variables) {
  const before = process.env;
  process.env = { ...before, ...variables };
  t.after(() => (process.env = before));
}

/** A server that does as told; gives its URL. It stops after the file's tests. */
export async function serve(answer) {
  const server = createServer(answer);
  servers.add(server);
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${server.address().port}`;
}

/** A URL where nobody listens. */
export async function nowhere() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}`;
}
