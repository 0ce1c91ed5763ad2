import type { SignFunction } from "./signer.js";

/** Imports a private key, PKCS#8 DER, into WebCrypto, which does not give it out again. */
export function importKey(pkcs8: Uint8Array): SignFunction {
  const { subtle } = globalThis.crypto;
  // Not every implementation is done with the bytes when it returns, and the caller wipes them then.
  const copy = pkcs8.slice();
  const imported = subtle
    .importKey("pkcs8", copy, { name: "RSA-PSS", hash: "SHA-256" }, false, ["sign"])
    .finally(() => copy.fill(0));
  // Whoever signs sees the rejection; there may be nobody.
  imported.catch(() => undefined);
  return async (signingInput) =>
    subtle.sign({ name: "RSA-PSS", saltLength: 32 }, await imported, signingInput as BufferSource);
}
