// Runs the code of docs/runtimes in the runtime that each page is about: `node pages.mjs [NAME ...]`, where `run.mjs` runs.
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { EdgeRuntime } from "edge-runtime";
import { importSPKI, jwtVerify } from "jose";
import { report } from "./browsers.mjs";
import { besideTheBundle, bundle, inGlobals } from "./bundle.mjs";

const here = import.meta.dirname;
const app = path.join(here, "app");
const out = path.join(here, "out-pages");
const program = (file) => path.join(here, "node_modules", file);
const { Emulator } = createRequire(path.join(app, "package.json"))("yc-iam/testing");

/** Writes each `js` of a page to a file of its own, in the project that has the package; gives their names. */
async function blocks(page) {
  const text = await readFile(path.join(process.env.YC_IAM_ROOT, "docs/runtimes", `${page}.md`), "utf8");
  const found = [...text.matchAll(/^```js\n(.*?)^```$/gms)].map(([, code], number) => [`${page}-${number}.mjs`, code]);
  if (found.length === 0) throw new Error(`docs/runtimes/${page}.md shows no js`);
  for (const [name, code] of found) await writeFile(path.join(app, name), code);
  return found.map(([name]) => name);
}

const emulator = await Emulator.start();
const robot = emulator.createServiceAccount("robot");
const key = emulator.serviceAccountKey({ serviceAccountId: robot });
const secretId = emulator.createSecret("b1gfolder0000000000", "database", { password: "correct horse" });
emulator.addAccessBinding(secretId, "lockbox.payloadViewer", robot);

/** What the programs find in their environment. */
const environment = { YC_IAM_ENDPOINT: emulator.url, YC_SERVICE_ACCOUNT_KEY_FILE: key, SECRET_ID: secretId };

/** As a program for servers: it ends well, and has asked for a token if it was to. */
async function asProgram(page, ...command) {
  const files = await blocks(page);
  await writeFile(path.join(app, "key.json"), key);
  const env = { ...environment, PATH: process.env.PATH, HOME: out, NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1" };
  for (const file of files) await promisify(execFile)(program(command[0]), [...command.slice(1), file], { cwd: app, env });
  return files.length;
}

/** What the handlers of both pages answer. */
function check(answer) {
  if (answer.keys?.join() !== "password") throw new Error(`the handler answered ${JSON.stringify(answer)}`);
}

async function workerd() {
  const [file] = await blocks("cloudflare-workers");
  const directory = path.join(out, "workerd");
  const conditions = ["workerd", "worker", "browser"];
  await bundle(path.join(app, file), path.join(directory, "main.mjs"), { conditions, plugins: [besideTheBundle(directory)] });
  const modules = ["yc_iam", "yc_iam_signer", "yc_iam_tools"].map((name) => `(name = "${name}.wasm", wasm = embed "${name}.wasm")`);
  const bindings = Object.entries(environment).map(([name, value]) => `(name = "${name}", text = ${JSON.stringify(value)})`);
  await writeFile(
    path.join(directory, "config.capnp"),
    `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "internet", network = (allow = ["local"])),
    (name = "main", worker = (
      compatibilityDate = "2025-09-01",
      modules = [(name = "main.mjs", esModule = embed "main.mjs"), ${modules.join(", ")}],
      bindings = [${bindings.join(", ")}],
    )),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
`,
  );
  const server = program("@cloudflare/workerd-linux-64/bin/workerd");
  const child = spawn(server, ["serve", "--control-fd=3", "config.capnp"], { cwd: directory, stdio: ["ignore", "inherit", "inherit", "pipe"] });
  try {
    const ended = once(child, "exit").then(() => Promise.reject(new Error("workerd ended")));
    ended.catch(() => undefined);
    const listening = (async () => {
      for await (const line of createInterface(child.stdio[3])) {
        const { event, port } = JSON.parse(line);
        if (event === "listen") return `http://127.0.0.1:${port}`;
      }
    })();
    const url = await Promise.race([listening, ended]);
    const answers = await Promise.all([1, 2, 3].map(async () => (await fetch(url)).json()));
    answers.forEach(check);
  } finally {
    child.kill();
  }
  return 1;
}

async function edge() {
  const [file] = await blocks("vercel-edge");
  const entry = path.join(app, "vercel-edge.mjs");
  await writeFile(entry, `import { GET } from "./${file}";\naddEventListener("fetch", (event) => event.respondWith(GET(event.request)));\n`);
  const found = new Map();
  const bundled = path.join(out, "edge/main.js");
  await bundle(entry, bundled, { format: "iife", conditions: ["edge-light", "worker", "browser"], plugins: [inGlobals(found)] });
  const given = { process: { env: environment } };
  for (const [name, bytes] of found) given[name] = await WebAssembly.compile(bytes);
  const initialCode = await readFile(bundled, "utf8");
  const runtime = new EdgeRuntime({ initialCode, extend: (context) => Object.assign(context, given) });
  check(await (await runtime.dispatchFetch("https://example.net/")).json());
  return 1;
}

/** What a page does with the page's programs: it calls two of them, and the third is its worker. */
const inPage = () => `import { jwtOf } from "./browsers-0.mjs";
import { credentials } from "./browsers-2.mjs";

async function made() {
  const key = ${JSON.stringify(key)};
  const worker = new Worker("/worker.js", { type: "module" });
  const answer = new Promise((resolve, reject) => Object.assign(worker, { onmessage: ({ data }) => resolve(data), onerror: reject }));
  worker.postMessage(key);
  const name = String(credentials(key));
  return { jwts: [await jwtOf(new File([key], "key.json")), await answer], name };
}
const result = await made().catch((error) => ({ failure: String(error?.stack ?? error) }));
await fetch("/report", { method: "POST", body: JSON.stringify(result) });
`;

async function browser(name) {
  const files = await blocks("browsers");
  const site = path.join(out, "site");
  await mkdir(site, { recursive: true });
  const entry = path.join(app, "browsers.mjs");
  await writeFile(entry, inPage());
  await bundle(entry, path.join(site, "page.js"), {});
  await bundle(path.join(app, "browsers-1.mjs"), path.join(site, "worker.js"), {});
  for (const module of ["yc_iam", "yc_iam_signer"]) {
    await copyFile(path.join(app, `node_modules/yc-iam/dist/${module}.wasm`), path.join(site, `${module}.wasm`));
  }
  await writeFile(path.join(site, "index.html"), '<!doctype html><title>yc-iam</title><script type="module" src="/page.js"></script>\n');
  const { jwts, failure } = await report(name, site);
  if (failure !== undefined) throw new Error(failure);
  const publicKey = await importSPKI(JSON.parse(key).public_key, "PS256");
  for (const jwt of jwts) await jwtVerify(jwt, publicKey, { algorithms: ["PS256"] });
  return files.length;
}

const PAGES = {
  deno: () => asProgram("deno", "@deno/linux-x64-glibc/deno", "run", "--no-remote", "--allow-read", "--allow-env", "--allow-net"),
  bun: () => asProgram("bun", "@oven/bun-linux-x64/bin/bun", "run"),
  workerd,
  "edge-runtime": edge,
  chromium: () => browser("chromium"),
  firefox: () => browser("firefox"),
};

await rm(out, { recursive: true, force: true });
await mkdir(out);
const wanted = process.argv.slice(2);
for (const [name, run] of Object.entries(PAGES)) {
  if (wanted.length > 0 && !wanted.some((each) => name.startsWith(each))) continue;
  try {
    console.log(`    ${name}: ${await run()} of its page's programs`);
  } catch (error) {
    process.exitCode = 1;
    console.log(`    ${name}: FAILED\n${String(error?.stack ?? error).replace(/^/gm, "        ")}`);
  }
}
process.exit();
