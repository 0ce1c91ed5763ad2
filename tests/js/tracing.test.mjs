// What looks for the files that a program needs, for Next.js, Vercel and Nitro for instance, finds the WebAssembly.
import assert from "node:assert/strict";
import path from "node:path";
import { test } from "node:test";
import { nodeFileTrace } from "@vercel/nft";
import { installed } from "./support/files.mjs";

const CLIENT = ["yc_iam.wasm", "yc_iam_signer.wasm", "yc_iam_tools.wasm"];
const FILES = {
  "node.mjs": CLIENT,
  "node.cjs": CLIENT,
  "kubernetes.mjs": CLIENT,
  "integrations/undici.mjs": CLIENT,
  "testing.mjs": [...CLIENT, "yc_iam_emulator.wasm"].sort(),
};

for (const [entry, expected] of Object.entries(FILES)) {
  test(entry, async () => {
    const { fileList } = await nodeFileTrace([path.join(installed, "dist", entry)], { base: installed });
    const names = [...fileList].map((file) => path.basename(file));
    assert.deepEqual(names.filter((name) => name.endsWith(".wasm")).sort(), expected);
    assert.ok(names.includes("tools.cjs"));
  });
}
