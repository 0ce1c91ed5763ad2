// Who makes a signature: the platform, the core, or the caller.

import { failureError } from "./core.js";
import { host } from "./host.js";

/** Signs with PS256 (RFC 7518, section 3.5): RSASSA-PSS, SHA-256, a salt of 32 bytes. Returns the raw signature. */
export type SignFunction = (signingInput: Uint8Array) => Uint8Array | ArrayBuffer | Promise<Uint8Array | ArrayBuffer>;

/**
 * Who signs JWTs. `"platform"`: the runtime's own cryptography, the default where there is one. `"core"`: the library's
 * WebAssembly. A function: whatever it likes, a key management service for instance.
 */
export type Signer = "platform" | "core" | SignFunction;

/** @internal A private key that can be taken out, and what was made of it before. */
export interface SignerSource {
  exposePkcs8(): Uint8Array;
  imported: SignFunction | undefined;
}

/** @internal The function that signs, or `undefined` where the core does. */
export function signFunction(signer: Signer | undefined, source: SignerSource): SignFunction | undefined {
  if (typeof signer === "function") return signer;
  if (signer === "core") return undefined;
  if (signer !== undefined && signer !== "platform") {
    throw new TypeError('a signer is "platform", "core" or a function');
  }
  if (host().importKey !== undefined) return (source.imported ??= importKey(source));
  if (signer === undefined) return undefined;
  throw failureError("signing", 'this platform does not sign with RSA-PSS: use the signer "core"');
}

function importKey(source: SignerSource): SignFunction | undefined {
  const pkcs8 = source.exposePkcs8();
  try {
    return host().importKey?.(pkcs8);
  } finally {
    pkcs8.fill(0);
  }
}

/** @internal Signs, and checks that what came is a signature by its looks. */
export async function sign(signer: SignFunction, signingInput: Uint8Array): Promise<Uint8Array> {
  const signature: unknown = await signer(signingInput);
  if (signature instanceof Uint8Array) return signature;
  if (signature instanceof ArrayBuffer) return new Uint8Array(signature);
  throw new TypeError("a signer returns a Uint8Array or an ArrayBuffer");
}
