// The entry for the web platform: browsers, workers, edge runtimes. No files, no environment, WebCrypto; and WebAssembly
// that is compiled before it is needed, for no browser compiles at once what is large.

import { setHost } from "./host.js";
import { prepare, prepareTools, ready, tools } from "./web-modules.js";
import { importKey } from "./web-crypto.js";

setHost({
  wasm: ready,
  prepare,
  tools,
  prepareTools,
  endsWithRequest: globalThis.navigator?.userAgent === "Cloudflare-Workers",
  // A page that came over plain http has none.
  get importKey() {
    return globalThis.crypto?.subtle === undefined ? undefined : importKey;
  },
});

export * from "./index.js";
export { init } from "./web-modules.js";
/** @internal For this package's other files. */
export * as internals from "./web-internals.js";
