// A worker in workerd, bundled as wrangler does it.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { rm, writeFile } from "node:fs/promises";
import { readdirSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import { besideTheBundle, bundle } from "./bundle.mjs";

const PROGRAM = path.join(import.meta.dirname, "node_modules/@cloudflare/workerd-linux-64/bin/workerd");

/** What the runtime itself has. */
const BUILT_IN = ["cloudflare:*"];

/** Bundles a worker's module into a directory: `main.mjs`, and the WebAssembly beside it. */
export async function bundleWorker(entry, directory) {
  await rm(directory, { recursive: true, force: true });
  const conditions = ["workerd", "worker", "browser"];
  const plugins = [besideTheBundle(directory)];
  await bundle(entry, path.join(directory, "main.mjs"), { conditions, plugins, external: BUILT_IN });
}

/** Cap'n Proto's text has JSON's escapes. */
const quoted = (text) => JSON.stringify(text);

function configuration(directory, compatibilityDate, variables) {
  const wasm = readdirSync(directory).filter((name) => name.endsWith(".wasm"));
  const modules = wasm.map((name) => `, (name = "${name}", wasm = embed "${name}")`).join("");
  const bindings = Object.entries(variables).map(([name, text]) => `(name = ${quoted(name)}, text = ${quoted(text)})`);
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = (
      compatibilityDate = ${quoted(compatibilityDate)},
      modules = [(name = "main.mjs", esModule = embed "main.mjs")${modules}],
      bindings = [${bindings.join(", ")}],
      globalOutbound = "loopback",
    )),
    (name = "loopback", network = (allow = ["local"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
`;
}

/** Serves the worker in this directory while `use(url)` is at work, and gives what that gives. */
export async function withWorker(directory, { compatibilityDate, variables = {} }, use) {
  await writeFile(path.join(directory, "config.capnp"), configuration(directory, compatibilityDate, variables));
  const stdio = ["ignore", "inherit", "inherit", "pipe"];
  const child = spawn(PROGRAM, ["serve", "--control-fd=3", "config.capnp"], { cwd: directory, stdio });
  const ended = once(child, "exit").then(() => Promise.reject(new Error("workerd ended")));
  ended.catch(() => undefined);
  try {
    return await Promise.race([listening(child.stdio[3]).then(use), ended]);
  } finally {
    child.kill();
  }
}

async function listening(control) {
  for await (const line of createInterface(control)) {
    const { event, port } = JSON.parse(line);
    if (event === "listen") return `http://127.0.0.1:${port}`;
  }
  throw new Error("workerd did not say where it listens");
}
