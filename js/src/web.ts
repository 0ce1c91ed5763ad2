// The entry for the web platform: browsers, workers, edge runtimes. No files, no environment, WebCrypto; and WebAssembly
// that is compiled before it is needed, for no browser compiles at once what is large.

import { setHost } from "./host.js";
import { prepare, prepareTools, ready, tools } from "./web-modules.js";
import { importKey } from "./web-crypto.js";

const { Cloudflare, EdgeRuntime } = globalThis as { Cloudflare?: { compatibilityFlags?: object }; EdgeRuntime?: unknown };
const isWorker = globalThis.navigator?.userAgent === "Cloudflare-Workers" || Cloudflare?.compatibilityFlags !== undefined;

setHost({
  wasm: ready,
  prepare,
  tools,
  prepareTools,
  // A browser does not, and does not tell where a redirect leads that it did not follow.
  carriesTokensOn: isWorker || EdgeRuntime !== undefined,
  endsWithRequest: isWorker,
  // A page that came over plain http has none.
  get importKey() {
    return globalThis.crypto?.subtle === undefined ? undefined : importKey;
  },
});

export * from "./index.js";
export { init } from "./web-modules.js";
/** @internal For this package's other files. */
export * as internals from "./web-internals.js";
