// A key that can sign and nothing else: what is left of a key file.

import { call } from "../../src/core.js";
import { coreKey } from "../../src/key.js";
import { importKey } from "../../src/web-crypto.js";
import { ServiceAccountKey } from "./core.js";

export interface SigningKey {
  readonly id: string;
  readonly serviceAccountId: string;
  /** A JWT, and whether its signature was verified with the key's public half. */
  sign(options: { audience: string; lifetime: number }): Promise<{ jwt: string; isVerified: boolean }>;
}

const ALGORITHM = { name: "RSA-PSS", hash: "SHA-256" };

/**
 * Takes the private key to WebCrypto, which does not give it out again; the core keeps no copy. A page over plain http from
 * another machine has no WebCrypto: there the core keeps the key and signs.
 */
export async function signingKey(content: Uint8Array): Promise<SigningKey> {
  const parsed = ServiceAccountKey.fromJson(content);
  const { id, serviceAccountId } = parsed;
  if (globalThis.crypto.subtle === undefined) {
    return { id, serviceAccountId, sign: async (options) => ({ jwt: parsed.signJwt(options), isVerified: false }) };
  }
  const core = coreKey(parsed);
  const pkcs8 = call(() => core.exposePkcs8());
  call(() => core.free());
  try {
    const signer = importKey(pkcs8);
    const { pem, verifier } = await publicHalf(pkcs8);
    const key = ServiceAccountKey.external({ id, serviceAccountId, publicKey: pem });
    return {
      id,
      serviceAccountId,
      async sign(options) {
        const jwt = await key.signJwtWith(signer, options);
        return { jwt, isVerified: await verified(verifier, jwt) };
      },
    };
  } finally {
    pkcs8.fill(0);
  }
}

async function publicHalf(pkcs8: Uint8Array): Promise<{ pem: string; verifier: CryptoKey }> {
  const { subtle } = globalThis.crypto;
  const whole = await subtle.importKey("pkcs8", pkcs8 as BufferSource, ALGORITHM, true, ["sign"]);
  const { n, e } = await subtle.exportKey("jwk", whole);
  const publicJwk = { kty: "RSA", n, e } as JsonWebKey;
  const verifier = await subtle.importKey("jwk", publicJwk, ALGORITHM, true, ["verify"]);
  const spki = new Uint8Array(await subtle.exportKey("spki", verifier));
  return { pem: `-----BEGIN PUBLIC KEY-----\n${btoa(String.fromCharCode(...spki))}\n-----END PUBLIC KEY-----\n`, verifier };
}

async function verified(verifier: CryptoKey, jwt: string): Promise<boolean> {
  const end = jwt.lastIndexOf(".");
  const base64 = jwt.slice(end + 1).replaceAll("-", "+").replaceAll("_", "/");
  const signature = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
  const input = new TextEncoder().encode(jwt.slice(0, end));
  return globalThis.crypto.subtle.verify({ name: "RSA-PSS", saltLength: 32 }, verifier, signature, input);
}
