// A process that uses a key and lets it go, while another looks at its memory: `memory.test.mjs`.
// Argument: a name in `HOLDERS`. Prints `kept`, `gone` and `written`, and waits for a line after each.
import { once } from "node:events";
import { createInterface } from "node:readline";
import { setImmediate as turn } from "node:timers/promises";
import { fileURLToPath, pathToFileURL } from "node:url";
import { writeHeapSnapshot } from "node:v8";
import { Credentials, Endpoints, ServiceAccountKey } from "yc-iam";

const FILE = "key.json";
const endpoints = Endpoints.allAt("http://127.0.0.1:9");
const fetch = async () => Response.json({ iamToken: "t1.memory", expiresAt: "2099-01-01T00:00:00Z" });

async function used(credentials) {
  for (let i = 0; i < 3; i++) credentials.invalidate(await credentials.getToken());
  return credentials;
}

/** Ways to use a key. The package reads it by itself: no string of the program's ever holds it. */
export const HOLDERS = {
  "a path": () => used(Credentials.serviceAccount(FILE, { endpoints, fetch })),
  "the environment, and the core's signer": () =>
    used(Credentials.default({ endpoints, fetch, signer: "core", variables: { YC_SERVICE_ACCOUNT_KEY_FILE: FILE } })),
  "a key, and both signers": async () => {
    const key = ServiceAccountKey.fromFile(pathToFileURL(FILE));
    await key.signJwtWith("platform");
    key.signJwt();
    return used(Credentials.serviceAccount(key, { endpoints, fetch }));
  },
};

async function hold(holder) {
  const lines = createInterface({ input: process.stdin });
  const say = async (word) => {
    process.stdout.write(`${word}\n`);
    await once(lines, "line");
  };
  const held = [await HOLDERS[holder]()];
  await say("kept");
  held.length = 0;
  // What is collected is taken out of the WebAssembly's memory by a task of its own.
  for (let i = 0; i < 10; i++) {
    globalThis.gc();
    await turn();
  }
  await say("gone");
  writeHeapSnapshot("gone.heapsnapshot");
  await say("written");
  lines.close();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await hold(process.argv[2]);
