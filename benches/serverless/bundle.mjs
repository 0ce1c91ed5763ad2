// Bundles a function for an edge runtime as its tools do: arguments are the kind, the entry and the output's directory.
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { besideTheBundle, bundle, inGlobals } from "./shared.mjs";

const [kind, entry, directory] = process.argv.slice(2);
const output = path.join(directory, "main.js");
if (kind === "workerd") {
  const conditions = ["workerd", "worker", "browser"];
  await bundle(entry, output, { conditions, plugins: [besideTheBundle(directory)], external: ["cloudflare:*"] });
} else {
  const found = new Map();
  await bundle(entry, output, { conditions: ["edge-light", "worker", "browser"], plugins: [inGlobals(found)] });
  for (const [name, bytes] of found) await writeFile(path.join(directory, `${name}.wasm`), bytes);
}
