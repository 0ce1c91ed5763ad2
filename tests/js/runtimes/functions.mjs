// The functions of examples/serverless that are for edge runtimes, in these very runtimes, against the emulator on loopback.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { bundleEdge, startEdge } from "./edge.mjs";
import { checkEndings } from "./ending.mjs";
import { bundleWorker, withWorker } from "./workerd.mjs";

/** Longer than a token lives, in seconds. */
const FREEZE = 13 * 3600;
const FREEZES = 3;

/** Calls the function on both sides of long freezes; `call(offset)` gives its response. */
async function check(emulator, call) {
  let passed = 0;
  const before = emulator.tokensIssued;
  const checked = async (offset, tokens) => {
    const response = await call(offset);
    const text = await response.text();
    assert.equal(response.status, 200, text);
    assert.deepEqual(JSON.parse(text).keys, ["user", "password"]);
    assert.doesNotMatch(text, /correct horse/);
    assert.equal(emulator.tokensIssued - before, tokens);
    passed += 1;
  };
  for (let freeze = 0; freeze < FREEZES; freeze++) {
    const offset = freeze * FREEZE;
    emulator.setClockOffset(offset);
    // Whoever comes while the first one renews waits for the same exchange.
    await Promise.all([1, 2, 3].map(() => checked(offset, freeze + 1)));
    await checked(offset, freeze + 1);
  }
  assert.ok(emulator.requests.every(({ accepted }) => accepted), emulator.log());
  return { passed, failures: [], jwts: [] };
}

/** A cloud with a secret that a service account may read, and what the function is told of it. */
async function withCloud(app, use) {
  const { Emulator } = createRequire(path.join(app, "package.json"))("yc-iam/testing");
  const emulator = await Emulator.start();
  try {
    const robot = emulator.createServiceAccount("robot");
    const secretId = emulator.createSecret("b1gfolder0000000000", "database", { user: "app", password: "correct horse" });
    emulator.addAccessBinding(secretId, "lockbox.payloadViewer", robot);
    const privateKey = await readFile(path.join(process.env.YC_IAM_ROOT, "tests/vectors/pem/rsa2048_a.pem"), "utf8");
    const key = emulator.serviceAccountKey({ serviceAccountId: robot, privateKey });
    const variables = { SECRET_ID: secretId, YC_SERVICE_ACCOUNT_KEY_FILE: key, YC_IAM_ENDPOINT: emulator.url };
    return await use(emulator, variables);
  } finally {
    await emulator.stop();
  }
}

const clock = (offset) => ({ headers: { "x-clock-offset": String(offset) } });

/** What wrangler is told, without the comments, which stand in lines of their own. */
async function wrangler(folder) {
  const text = await readFile(path.join(folder, "wrangler.jsonc"), "utf8");
  return JSON.parse(text.replace(/^\s*\/\/.*$/gm, ""));
}

export async function cloudflareWorker(app, out) {
  const folder = path.join(app, "serverless/cloudflare-worker");
  const { main, compatibility_date: compatibilityDate, vars } = await wrangler(folder);
  const [asItStands, frozen, ending] = ["cloudflare-worker", "frozen-worker", "ending-worker"].map((name) => path.join(out, name));
  await bundleWorker(path.join(folder, main), asItStands);
  await bundleWorker(path.join(app, "frozen-worker.mjs"), frozen);
  await bundleWorker(path.join(app, "ending-worker.mjs"), ending);
  return withCloud(app, async (emulator, variables) => {
    const options = { compatibilityDate, variables: { ...vars, ...variables } };
    const first = await withWorker(asItStands, options, async (url) => (await fetch(url)).json());
    assert.deepEqual(first.keys, ["user", "password"]);
    const result = await withWorker(frozen, options, (url) => check(emulator, (offset) => fetch(url, clock(offset))));
    emulator.setClockOffset(0);
    const endings = await checkEndings(emulator, ending, variables);
    return { ...result, passed: result.passed + 1 + endings };
  });
}

export async function vercelEdge(app, out) {
  const script = await bundleEdge(path.join(app, "frozen-edge.mjs"), path.join(out, "vercel-edge/main.js"));
  return withCloud(app, async (emulator, env) => {
    const runtime = await startEdge(script, { process: { env } });
    return check(emulator, (offset) => runtime.dispatchFetch("https://example.vercel.app/api/secret", clock(offset)));
  });
}
