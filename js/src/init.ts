// How a program hands over the package's WebAssembly modules. Types of its own: not every project knows `WebAssembly`.

/**
 * A WebAssembly module: a compiled `WebAssembly.Module`, its bytes, the `Response` that has them, or where they are; or a
 * promise of one of these.
 */
export type WasmSource = string | URL | object;

/** The modules that not every program needs: `true` for the file beside the code, or where else it is. */
export interface FurtherModules {
  /** For `signJwt`, which signs at once: `yc_iam_signer.wasm`. */
  signer?: WasmSource | boolean | undefined;
  /** For `explain` and `yc-iam/kubernetes`, which answer at once: `yc_iam_tools.wasm`. */
  tools?: WasmSource | boolean | undefined;
}

/**
 * Gets the WebAssembly ready, once, before anything else of this package is used. Browsers and web workers need it;
 * Node, Deno, Bun, Cloudflare Workers and edge functions do not, and there it does no harm.
 *
 * `core`: where `yc_iam.wasm` is; by default beside the code. `further`: modules for what answers at once, `signJwt`,
 * `explain` and `yc-iam/kubernetes`. Whatever returns a promise loads what it needs by itself.
 */
export type Init = (core?: WasmSource, further?: FurtherModules) => Promise<void>;
