// Runs the suite in every runtime: `node run.mjs [NAME ...]`, in a directory made by `cargo xtask test runtimes`: this
// one's files, the runtimes and bundlers in `node_modules`, and in `app` a project that has the packed package.
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { EdgeRuntime } from "edge-runtime";
import { importSPKI, jwtVerify } from "jose";
import { report } from "./browsers.mjs";
import { besideTheBundle, bundle, inGlobals } from "./bundle.mjs";
import { bundleAll } from "./bundlers.mjs";

const here = import.meta.dirname;
const app = path.join(here, "app");
const out = path.join(here, "out");
const program = (file) => path.join(here, "node_modules", file);

async function printed(file, ...args) {
  const options = { cwd: app, maxBuffer: 2 ** 24, env: { PATH: process.env.PATH, HOME: out, NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1" } };
  const { stdout } = await promisify(execFile)(program(file), args, options);
  return JSON.parse(stdout.trim().split("\n").at(-1));
}

const deno = (file) => printed("@deno/linux-x64-glibc/deno", "run", "--no-remote", "--allow-read", "--allow-env", file);
const bun = (file) => printed("@oven/bun-linux-x64/bin/bun", "run", file);

async function workerd() {
  const directory = path.join(out, "workerd");
  const conditions = ["workerd", "worker", "browser"];
  await bundle(path.join(app, "workerd.mjs"), path.join(directory, "main.mjs"), { conditions, plugins: [besideTheBundle(directory)] });
  const modules = ["yc_iam", "yc_iam_signer", "yc_iam_tools"].map((name) => `(name = "${name}.wasm", wasm = embed "${name}.wasm")`);
  await writeFile(
    path.join(directory, "config.capnp"),
    `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = (
    compatibilityDate = "2025-09-01",
    modules = [(name = "main.mjs", esModule = embed "main.mjs"), ${modules.join(", ")}],
  ))],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
`,
  );
  const file = program("@cloudflare/workerd-linux-64/bin/workerd");
  const child = spawn(file, ["serve", "--control-fd=3", "config.capnp"], { cwd: directory, stdio: ["ignore", "inherit", "inherit", "pipe"] });
  try {
    const ended = once(child, "exit").then(() => Promise.reject(new Error("workerd ended")));
    const listening = (async () => {
      for await (const line of createInterface(child.stdio[3])) {
        const { event, port } = JSON.parse(line);
        if (event === "listen") return `http://127.0.0.1:${port}`;
      }
    })();
    const url = await Promise.race([listening, ended]);
    ended.catch(() => undefined);
    const ask = async () => (await fetch(`${url}/shared`)).text();
    const shared = await Promise.all([ask(), ask(), ask()]);
    const result = await (await fetch(url)).json();
    if (shared.some((token) => token !== "t1.shared")) result.failures.push(`credentials made outside of a request: ${shared}`);
    return result;
  } finally {
    child.kill();
  }
}

async function edge() {
  const found = new Map();
  const file = path.join(out, "edge/main.js");
  const conditions = ["edge-light", "worker", "browser"];
  await bundle(path.join(app, "edge.mjs"), file, { format: "iife", conditions, plugins: [inGlobals(found)] });
  const modules = {};
  for (const [name, bytes] of found) modules[name] = await WebAssembly.compile(bytes);
  const initialCode = await readFile(file, "utf8");
  const runtime = new EdgeRuntime({ initialCode, extend: (context) => Object.assign(context, modules) });
  const response = await runtime.dispatchFetch("https://example.net/");
  const text = await response.text();
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

async function browser(name) {
  site ??= makeSite();
  const { directory, failed } = await site;
  const reports = await report(name, directory);
  for (const { name, failure } of failed) reports[name] = { passed: 0, failures: [failure], jwts: [] };
  return reports;
}

const RUNTIMES = {
  ...Object.fromEntries(
    [20, 22, 24, 26].flatMap((version) =>
      ["mjs", "cjs"].map((ending) => [`node ${version}, ${ending}`, () => printed(`node-${version}/bin/node`, `node.${ending}`)]),
    ),
  ),
  "deno, mjs": () => deno("node.mjs"),
  "deno, cjs": () => deno("node.cjs"),
  "bun, mjs": () => bun("node.mjs"),
  "bun, cjs": () => bun("node.cjs"),
  workerd,
  "edge-runtime": edge,
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

await writeVectors();
await rm(out, { recursive: true, force: true });
await mkdir(out);
const wanted = process.argv.slice(2);
for (const [runtime, run] of Object.entries(RUNTIMES)) {
  if (wanted.length > 0 && !wanted.some((name) => runtime.startsWith(name))) continue;
  const start = Date.now();
  let results;
  try {
    const result = await run();
    results = "passed" in result ? { [runtime]: result } : result;
  } catch (error) {
    results = { [runtime]: { passed: 0, failures: [String(error?.stack ?? error)], jwts: [] } };
  }
  for (const [name, result] of Object.entries(results)) {
    await judge(result).catch((error) => result.failures.push(`jose: ${error.stack}`));
    const { passed, failures, jwts } = result;
    if (failures.length > 0) process.exitCode = 1;
    const where = name === runtime ? name : `${runtime}: ${name}`;
    console.log(`    ${where}: ${passed} passed, ${jwts.length} signatures verified${failures.length > 0 ? ", FAILED" : ""}`);
    for (const failure of failures) console.log(failure.replace(/^/gm, "        "));
  }
  console.log(`    (${((Date.now() - start) / 1000).toFixed(1)} s)`);
}
process.exit();
