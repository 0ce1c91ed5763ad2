// What each runtime does in its own way. An entry (`node.ts`) sets it; everything else only uses it.

import type { Variables } from "./files.js";
import type { Exchange } from "./http.js";
import type { SignFunction } from "./signer.js";

type ToolsModule = typeof import("./tools.js");

export interface Host {
  /** One of the package's WebAssembly modules, or its bytes; asked for once, at the first use. */
  wasm(file: string): WebAssembly.Module | Uint8Array;
  /** Gets a WebAssembly module ready where `wasm` cannot wait for it. */
  prepare?(file: string): Promise<void>;
  /** What tokens are used for: code of its own, loaded at the first use. */
  tools(): ToolsModule;
  /** Gets `tools` ready where it cannot wait. */
  prepareTools?(): Promise<void>;
  /** A quicker way to exchange a request for an answer than the global `fetch`, where that would do the same. */
  readonly exchange?: Exchange | undefined;
  /** An exchange past every proxy, where the platform can be told so. */
  readonly directExchange?: Exchange | undefined;
  /** Imports a private key, PKCS#8 DER, into the platform's own cryptography. */
  readonly importKey?: ((pkcs8: Uint8Array) => SignFunction) | undefined;
  /** Reads a file whole. */
  readFile?(path: string | URL): Uint8Array;
  /** The environment's variables. */
  readonly variables?: Variables;
  /** Whether this may be a machine of the cloud, with a metadata service. */
  mayHaveMetadata?: boolean;
  /** Whether `fetch` may send a token along when a redirect leads to another origin: it did so everywhere once. */
  readonly carriesTokensOn?: boolean;
  /** Whether timers and requests under way end with the request that a function is answering. */
  endsWithRequest?: boolean;
}

let current: Host | undefined;

export function setHost(host: Host): void {
  current = host;
}

export function host(): Host {
  if (current === undefined) throw new Error("import `yc-iam` by its name, not one of the files in it");
  return current;
}
