// The entry for Node: files, `node:crypto`, and the WebAssembly module from the file next door.

import { setHost } from "./host.js";
import type { Init } from "./init.js";
import { readFile } from "./node-files.js";
import { directExchange, nodeExchange } from "./node-exchange.js";
import { wasmFile } from "./wasm-file.js";

// Node 18 has WebCrypto, but not under this name, and the WebAssembly looks nowhere else.
if (!("crypto" in globalThis)) globalThis.crypto = (require("node:crypto") as typeof import("node:crypto")).webcrypto as Crypto;

setHost({
  wasm(file) {
    // Each in full: what looks for the files that a program needs, for Next.js or Nitro for instance, reads this and does not run it.
    const paths: Record<string, string> = {
      "yc_iam.wasm": `${import.meta.dirname}/yc_iam.wasm`,
      "yc_iam_signer.wasm": `${import.meta.dirname}/yc_iam_signer.wasm`,
      "yc_iam_tools.wasm": `${import.meta.dirname}/yc_iam_tools.wasm`,
    };
    return wasmFile(paths[file] as string);
  },
  tools: () => require("./tools.js") as typeof import("./tools.js"),
  readFile,
  // What a program changes there counts at once, even if it puts another object in its place.
  get variables() {
    return process.env;
  },
  mayHaveMetadata: true,
  get exchange() {
    return nodeExchange();
  },
  directExchange,
  // Node does not, in any version that this package is for; these did so for longer.
  carriesTokensOn: "Deno" in globalThis || "Bun" in globalThis,
  importKey(pkcs8) {
    // Loaded for the first key: it takes longer than everything else here.
    const { constants, createPrivateKey, sign } = require("node:crypto") as typeof import("node:crypto");
    const der = Buffer.from(pkcs8.buffer, pkcs8.byteOffset, pkcs8.byteLength);
    const key = {
      key: createPrivateKey({ key: der, format: "der", type: "pkcs8" }),
      padding: constants.RSA_PKCS1_PSS_PADDING,
      saltLength: 32,
    };
    // Two tenths of a millisecond, which the thread pool's round trip would not save.
    return (signingInput) => sign("sha256", signingInput, key);
  },
});

export * from "./index.js";
/** Gets the WebAssembly ready; on Node it is. */
export const init: Init = async () => undefined;
/** @internal For this package's other files. */
export * as internals from "./internals.js";
