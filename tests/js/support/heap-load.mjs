// Every way through the package, well and badly, many times over; then what is on the heap: `heap.test.mjs`.
// Prints how many objects of each kind there are after some rounds, and after many more.
import { getEventListeners } from "node:events";
import { setImmediate as turn } from "node:timers/promises";
import { getHeapSnapshot } from "node:v8";
import { fileURLToPath } from "node:url";
import { keyContent } from "./values.mjs";

export const ROUNDS = 60;
const WARM_UP = 20;
const ACCOUNT = "ajeb9l33h6mu12345678";
const LONGEST_PASSED = 5_000;

/** What grows on purpose, so that it is known that growth is seen: one for each round. */
class Kept {}
const kept = [];

/** No try has to be waited for: the time until then passes at once. */
function passTime() {
  const { setTimeout: real } = globalThis;
  const { now } = Date;
  let passed = 0;
  Date.now = () => now() + passed;
  globalThis.setTimeout = (work, millis, ...rest) => (millis > LONGEST_PASSED ? real(work, millis, ...rest) : real(() => ((passed += millis), work(...rest)), 0));
}

const good = () =>
  Response.json({ iamToken: `t1.${Math.random()}`, expiresAt: "2099-01-01T00:00:00Z", entries: [{ key: "k", textValue: "v" }], versionId: "e6qv" });
const refusal = () => Response.json({ code: 7, message: "no" }, { status: 403 });
const unreachable = () => Promise.reject(new TypeError("fetch failed", { cause: Object.assign(new Error("no"), { code: "ECONNRESET" }) }));

/** Answers when it is told to. */
function late() {
  const held = [];
  const fetch = () => new Promise((resolve) => held.push(resolve));
  const answer = () => held.splice(0).forEach((resolve) => resolve(good()));
  return { fetch, answer };
}

async function load() {
  passTime();
  const { Credentials, Endpoints, explain, ServiceAccountKey } = await import("yc-iam");
  const endpoints = Endpoints.allAt("http://127.0.0.1:9");
  const key = ServiceAccountKey.from(keyContent());
  // One for the whole of the program, as a server has for its end.
  const { signal } = new AbortController();
  const slow = late();
  let tries = 0;
  const flaky = () => (tries++ % 2 === 0 ? unreachable() : good());
  const shared = [
    Credentials.serviceAccount(key, { endpoints, fetch: async () => good() }),
    Credentials.serviceAccount(key, { endpoints, fetch: async () => good(), signer: "core" }),
    Credentials.oauth("y0_AgAAAAexample", { endpoints, fetch: async () => refusal() }),
    Credentials.oauth("y0_AgAAAAexample", { endpoints, fetch: async () => flaky() }),
    Credentials.metadata({ endpoints, fetch: unreachable }),
    Credentials.workloadIdentity(ACCOUNT, { endpoints, token: () => Promise.reject(new Error("no")) }),
    Credentials.workloadIdentity(ACCOUNT, { endpoints, tokenFile: "not-there" }),
  ];
  const cancelled = Credentials.oauth("y0_AgAAAAexample", { endpoints, fetch: slow.fetch });
  const outcomes = { answered: 0, failed: 0 };
  const ends = (promise) => promise.then(() => outcomes.answered++, () => outcomes.failed++);

  async function round() {
    for (const credentials of shared) {
      const asked = [undefined, signal, signal].map((signal) => credentials.getToken({ signal }));
      for (const token of asked) await ends(token.then((token) => credentials.invalidate(token)));
    }
    const [account] = shared;
    await ends(account.lockbox.get("e6q", { signal }));
    await ends(account.federations.get("a", { signal }));
    await ends(account.fetch("http://127.0.0.1:9/", { signal }));
    await ends(shared[2].lockbox.get("e6q", { signal }));
    await ends(account.authorization({ signal }));
    const gone = new AbortController();
    const left = ends(cancelled.getToken({ signal: gone.signal }));
    const stays = cancelled.getToken({ signal });
    await turn();
    gone.abort();
    await left;
    slow.answer();
    await ends(stays.then((token) => cancelled.invalidate(token)));
    await ends(Credentials.impersonate(ACCOUNT, Credentials.serviceAccount(keyContent(), { endpoints, fetch: async () => good() })).getToken());
    kept.push(new Kept());
    key.signJwt();
    await key.signJwtWith("platform");
    explain("t1.x");
    try {
      ServiceAccountKey.fromJson("{}");
    } catch {
      outcomes.failed++;
    }
  }

  const rounds = async (many) => {
    for (let i = 0; i < many; i++) await round();
  };
  await rounds(WARM_UP);
  const before = await counted();
  await rounds(ROUNDS);
  const after = await counted();
  return { before, after, outcomes, listeners: getEventListeners(signal, "abort").length };
}

/** Objects and functions by their constructors' or their own names. What V8 keeps about code is not among them. */
async function counted() {
  for (let i = 0; i < 10; i++) {
    globalThis.gc();
    await turn();
  }
  let text = "";
  for await (const chunk of getHeapSnapshot().setEncoding("utf8")) text += chunk;
  const { snapshot, nodes, strings } = JSON.parse(text);
  const fields = snapshot.meta.node_fields;
  const types = snapshot.meta.node_types[0];
  const [type, name] = ["type", "name"].map((field) => fields.indexOf(field));
  const counts = {};
  for (let at = 0; at < nodes.length; at += fields.length) {
    const kind = types[nodes[at + type]];
    if (!["object", "closure", "native", "regexp", "bigint"].includes(kind)) continue;
    const what = `${kind} ${strings[nodes[at + name]].slice(0, 80)}`;
    counts[what] = (counts[what] ?? 0) + 1;
  }
  return counts;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.stdout.write(JSON.stringify(await load()));
