// A function in Vercel's edge-runtime, bundled as its tools do it.
import { readFile } from "node:fs/promises";
import { EdgeRuntime } from "edge-runtime";
import { bundle, inGlobals } from "./bundle.mjs";

/** Bundles an entry that listens for `fetch`; gives the script's path and the WebAssembly that it expects in global variables. */
export async function bundleEdge(entry, file) {
  const found = new Map();
  const conditions = ["edge-light", "worker", "browser"];
  await bundle(entry, file, { format: "iife", conditions, plugins: [inGlobals(found)] });
  return { file, wasm: found };
}

/** Starts what was bundled, with these globals besides. */
export async function startEdge({ file, wasm }, globals = {}) {
  const modules = {};
  for (const [name, bytes] of wasm) modules[name] = await WebAssembly.compile(bytes);
  const initialCode = await readFile(file, "utf8");
  return new EdgeRuntime({ initialCode, extend: (context) => Object.assign(context, modules, globals) });
}
