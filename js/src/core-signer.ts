// Signatures by the library's own WebAssembly: a module of its own, which is loaded where nothing else signs.

import * as glue from "../dist/wasm/yc_iam_signer.js";
import { entrance } from "./core.js";

export const SIGNER_FILE = "yc_iam_signer.wasm";

const call = entrance(glue, SIGNER_FILE);

/** @internal Signs with this private key, PKCS#8 DER, which is asked for at the first signature and wiped then. */
export function coreSigner(exposePkcs8: () => Uint8Array): (signingInput: Uint8Array) => Uint8Array {
  let signer: glue.Signer | undefined;
  return (signingInput) => {
    const prepared = (signer ??= prepare(exposePkcs8()));
    try {
      return call(() => prepared.sign(signingInput));
    } catch (error) {
      // It may belong to an instance that stopped.
      signer = undefined;
      throw error;
    }
  };
}

function prepare(pkcs8: Uint8Array): glue.Signer {
  try {
    return call((module) => new module.Signer(pkcs8));
  } finally {
    pkcs8.fill(0);
  }
}
