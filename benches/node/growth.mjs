// So many credentials in one process, each with a session and a token of its own: prints the time and the memory that each takes.
// Arguments: the key file, how many. The answers come from this process: the network is not what is measured.
import { readFileSync } from "node:fs";
import { Credentials } from "yc-iam";

const ANSWER = JSON.stringify({ iamToken: "t1.token", expiresAt: "2100-01-01T00:00:00Z" });
const headers = { "content-type": "application/json" };

function resident() {
  globalThis.gc();
  return Number(/^Rss:\s+(\d+)/m.exec(readFileSync("/proc/self/smaps_rollup", "utf8"))[1]);
}

async function session(key) {
  const creds = Credentials.serviceAccount(key, { fetch: async () => new Response(ANSWER, { headers }) });
  await creds.getToken();
  return creds;
}

const key = readFileSync(process.argv[2], "utf8");
const count = Number(process.argv[3]);
// What is loaded with the first is loaded once.
const sessions = [await session(key)];
const before = resident();
const begin = performance.now();
for (let i = 0; i < count; i++) sessions.push(await session(key));
const took = performance.now() - begin;
console.log(JSON.stringify({ ms: took / count, kB: ((resident() - before) * 1.024) / count }));
