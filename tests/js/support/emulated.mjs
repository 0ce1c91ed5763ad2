// An emulator for one test, and credentials that use it.
import { after } from "node:test";
import { Credentials } from "yc-iam";
import { Emulator } from "yc-iam/testing";
import { pem } from "./files.mjs";

const running = new Set();
after(() => Promise.all([...running].map((emulator) => emulator.stop())));

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
