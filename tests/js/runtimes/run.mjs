// Runs the suite in every runtime: `node run.mjs [NAME ...]`, in a directory made by `cargo xtask test runtimes`: this
// one's files, the runtimes and bundlers in `node_modules`, and in `app` a project that has the packed package.
import { execFile } from "node:child_process";
import { copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { importSPKI, jwtVerify } from "jose";
import { report } from "./browsers.mjs";
import { bundle } from "./bundle.mjs";
import { bundleAll, BUNDLES } from "./bundlers.mjs";
import { bundleEdge, startEdge } from "./edge.mjs";
import { cloudflareWorker, vercelEdge } from "./functions.mjs";
import { pastProxies } from "./proxies.mjs";
import { checkRedirects } from "./redirects.mjs";
import { bundleWorker, withWorker } from "./workerd.mjs";

const here = import.meta.dirname;
const app = path.join(here, "app");
const out = path.join(here, "out");
const program = (file) => path.join(here, "node_modules", file);

const printed = (file, ...args) => printedWith({}, file, ...args);

async function printedWith(variables, file, ...args) {
  const env = { PATH: process.env.PATH, HOME: out, NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1", ...variables };
  const options = { cwd: app, maxBuffer: 2 ** 24, timeout: 120_000, killSignal: "SIGKILL", env };
  const { stdout } = await promisify(execFile)(program(file), args, options);
  return JSON.parse(stdout.trim().split("\n").at(-1));
}

const DENO = "@deno/linux-x64-glibc/deno";
const BUN = "@oven/bun-linux-x64/bin/bun";
const deno = (file) => printed(DENO, "run", "--no-remote", "--allow-read", "--allow-env", file);
const bun = (file) => printed(BUN, "run", file);

const proxied = (...command) => pastProxies((variables) => printedWith(variables, ...command, "proxied.mjs"));

async function workerd() {
  const directory = path.join(out, "workerd");
  await bundleWorker(path.join(app, "workerd.mjs"), directory);
  return withWorker(directory, { compatibilityDate: "2025-09-01" }, async (url) => {
    const ask = async () => (await fetch(`${url}/shared`)).text();
    const shared = await Promise.all([ask(), ask(), ask()]);
    const result = await (await fetch(url)).json();
    if (shared.some((token) => token !== "t1.shared")) result.failures.push(`credentials made outside of a request: ${shared}`);
    return result;
  });
}

async function edge() {
  const runtime = await startEdge(await bundleEdge(path.join(app, "edge.mjs"), path.join(out, "edge/main.js")));
  const text = await (await runtime.dispatchFetch("https://example.net/")).text();
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(text);
  }
}

let site;

/** What the browsers see: made once. */
async function makeSite() {
  const directory = path.join(out, "site");
  await mkdir(directory, { recursive: true });
  const entry = path.join(app, "browser.mjs");
  const classic = { format: "iife", logLevel: "error" };
  await bundle(entry, path.join(directory, "module.js"), {});
  await bundle(entry, path.join(directory, "classic.js"), classic);
  for (const name of ["yc_iam", "yc_iam_signer", "yc_iam_tools"]) {
    await copyFile(path.join(app, `node_modules/yc-iam/dist/${name}.wasm`), path.join(directory, `${name}.wasm`));
  }
  const urls = 'globalThis.urls = { core: "/yc_iam.wasm", signer: "/yc_iam_signer.wasm", tools: "/yc_iam_tools.wasm" };\n';
  await writeFile(path.join(directory, "classic-worker.js"), `${urls}importScripts("/classic.js");\n`);
  await copyFile(path.join(app, "page.mjs"), path.join(directory, "page.js"));
  await writeFile(path.join(directory, "index.html"), '<!doctype html><title>yc-iam</title><script type="module" src="/page.js"></script>\n');
  const bundles = await bundleAll(app, directory);
  await writeFile(path.join(directory, "bundles.js"), `export default ${JSON.stringify(bundles.filter(({ kind }) => kind))};\n`);
  return { directory, failed: bundles.filter(({ failure }) => failure !== undefined) };
}

const PAGES = ["page, module", "page, classic", "worker, module", "worker, classic"];

async function browser(name) {
  site ??= makeSite();
  const { directory, failed } = await site;
  const reports = await report(name, directory);
  for (const { name, failure } of failed) reports[name] = { passed: 0, failures: [failure], jwts: [] };
  for (const expected of [...PAGES, ...Object.keys(BUNDLES)]) {
    reports[expected] ??= { passed: 0, failures: ["it was not run"], jwts: [] };
  }
  return reports;
}

const redirected = (HERE, AWAY, ...command) => printedWith({ HERE, AWAY }, ...command, "redirected-node.mjs");
const redirects = (run) => checkRedirects((here, away) => redirected(here, away, "node-24/bin/node"), run);
const query = (here, away) => `?${new URLSearchParams({ here, away })}`;

/** The first and the last whose fetch carries tokens on, and one whose fetch does not. */
const REDIRECTED_DATES = ["2021-11-02", "2025-08-31", "2026-11-01"];

async function workerdRedirects(compatibilityDate) {
  const directory = path.join(out, `redirected-${compatibilityDate}`);
  await bundleWorker(path.join(app, "redirected-worker.mjs"), directory);
  return withWorker(directory, { compatibilityDate }, (url) =>
    redirects(async (here, away) => (await fetch(`${url}/${query(here, away)}`)).json()),
  );
}

async function edgeRedirects() {
  const runtime = await startEdge(await bundleEdge(path.join(app, "redirected-edge.mjs"), path.join(out, "redirected-edge/main.js")));
  return redirects(async (here, away) => (await runtime.dispatchFetch(`https://example.net/${query(here, away)}`)).json());
}

const NODES = [18, 20, 22, 24, 26];
/** Those that heed the proxies of the environment if they are told to. */
const PROXIED_NODES = [22, 24, 26];

/** Programs whose output is a report, by the ending of the suite's entry, and functions that give one, or several by name. */
const RUNTIMES = {
  ...Object.fromEntries(
    NODES.flatMap((version) =>
      ["mjs", "cjs"].map((ending) => [`node ${version}, ${ending}`, () => printed(`node-${version}/bin/node`, `node.${ending}`)]),
    ),
  ),
  ...Object.fromEntries(PROXIED_NODES.map((version) => [`node ${version}, proxies`, () => proxied(`node-${version}/bin/node`)])),
  "node 18, redirects": () => redirects((here, away) => redirected(here, away, "node-18/bin/node")),
  "deno, mjs": () => deno("node.mjs"),
  "deno, cjs": () => deno("node.cjs"),
  "deno, proxies": () => proxied(DENO, "run", "--no-remote", "--allow-read", "--allow-env", "--allow-net"),
  "deno, redirects": () =>
    redirects((here, away) => redirected(here, away, DENO, "run", "--no-remote", "--allow-read", "--allow-env", "--allow-net")),
  "bun, mjs": () => bun("node.mjs"),
  "bun, cjs": () => bun("node.cjs"),
  "bun, proxies": () => proxied(BUN, "run"),
  "bun, redirects": () => redirects((here, away) => redirected(here, away, BUN, "run")),
  workerd,
  ...Object.fromEntries(REDIRECTED_DATES.map((date) => [`workerd, redirects, ${date}`, () => workerdRedirects(date)])),
  "workerd, cloudflare-worker": () => cloudflareWorker(app, out),
  "edge-runtime": edge,
  "edge-runtime, redirects": edgeRedirects,
  "edge-runtime, vercel-edge": () => vercelEdge(app, out),
  chromium: () => browser("chromium"),
  firefox: () => browser("firefox"),
};

/** jose judges what every runtime signed. */
async function judge({ jwts }) {
  for (const { jwt, publicKey } of jwts) {
    await jwtVerify(jwt, await importSPKI(publicKey, "PS256"), { algorithms: ["PS256"] });
  }
}

/** The vectors, as a module that every runtime and bundler understands. */
async function writeVectors() {
  const vectors = {};
  for (const name of ["keys", "redact", "signing_inputs", "requests", "responses"]) {
    const text = await readFile(path.join(process.env.YC_IAM_ROOT, `tests/vectors/${name}.json`), "utf8");
    vectors[name] = JSON.parse(text).cases;
  }
  await writeFile(path.join(app, "vectors.mjs"), `export const vectors = ${JSON.stringify(vectors)};\n`);
}

/** What one entry of `RUNTIMES` came to: reports by name. */
async function reportsOf(runtime) {
  try {
    const result = await RUNTIMES[runtime]();
    return "passed" in result ? { [runtime]: result } : result;
  } catch (error) {
    return { [runtime]: { passed: 0, failures: [String(error?.stack ?? error)], jwts: [] } };
  }
}

await writeVectors();
await rm(out, { recursive: true, force: true });
await mkdir(out);
// Until the last line is printed, it has failed.
process.exitCode = 1;
const wanted = process.argv.slice(2);
const chosen = Object.keys(RUNTIMES).filter((runtime) => wanted.length === 0 || wanted.some((name) => runtime.startsWith(name)));
let failed = chosen.length === 0;
const checks = {};
for (const runtime of chosen) {
  const start = Date.now();
  for (const [name, result] of Object.entries(await reportsOf(runtime))) {
    await judge(result).catch((error) => result.failures.push(`jose: ${error.stack}`));
    const { passed, failures, jwts } = result;
    if (passed === 0 && failures.length === 0) failures.push("nothing was checked");
    failed ||= failures.length > 0;
    const where = name === runtime ? name : `${runtime}: ${name}`;
    console.log(`    ${where}: ${passed} passed, ${jwts.length} signatures verified${failures.length > 0 ? ", FAILED" : ""}`);
    for (const failure of failures) console.log(failure.replace(/^/gm, "        "));
    const [short] = runtime.split(",");
    checks[short] = (checks[short] ?? 0) + passed + jwts.length;
  }
  console.log(`    (${((Date.now() - start) / 1000).toFixed(1)} s)`);
}
const counts = Object.entries(checks).map(([runtime, count]) => `${runtime} ${count}`);
console.log(`    checks and signatures: ${counts.join(", ")}`);
process.exit(failed ? 1 : 0);
