// Who makes a signature: the platform, the core, or the caller.

import { call, type CoreSession, failureError } from "./core.js";
import { coreSigner, SIGNER_FILE } from "./core-signer.js";
import { host } from "./host.js";
import { isBuffer, isUint8Array } from "./kinds.js";

/**
 * Signs with PS256 (RFC 7518, section 3.5): RSASSA-PSS, SHA-256, a salt of 32 bytes. Returns the raw signature. Credentials
 * wait for it for no longer than 30 seconds.
 */
export type SignFunction = (signingInput: Uint8Array) => Uint8Array | ArrayBuffer | Promise<Uint8Array | ArrayBuffer>;

/**
 * Who signs JWTs. `"platform"`: the runtime's own cryptography, the default where there is one. `"core"`: the library's
 * WebAssembly. A function: whatever it likes, a key management service for instance.
 */
export type Signer = "platform" | "core" | SignFunction;

/** @internal Signs for one private key: by the core or by the platform, each prepared when it is needed and kept. */
export class KeySigners {
  readonly #exposePkcs8: () => Uint8Array;
  readonly core: (signingInput: Uint8Array) => Uint8Array;
  #platform: SignFunction | undefined;

  constructor(exposePkcs8: () => Uint8Array) {
    this.#exposePkcs8 = exposePkcs8;
    this.core = coreSigner(exposePkcs8);
  }

  /** The function that signs. */
  choose(signer: Signer | undefined): SignFunction {
    if (typeof signer === "function") return signer;
    checkSigner(signer);
    if (signer !== "core" && host().importKey !== undefined) return (this.#platform ??= this.#import());
    if (signer !== "platform") return this.#sign;
    throw failureError("signing", 'this platform does not sign with RSA-PSS: use the signer "core"');
  }

  readonly #sign: SignFunction = async (signingInput) => {
    await host().prepare?.(SIGNER_FILE);
    return this.core(signingInput);
  };

  #import(): SignFunction {
    const pkcs8 = this.#exposePkcs8();
    try {
      return host().importKey?.(pkcs8) ?? this.#sign;
    } finally {
      pkcs8.fill(0);
    }
  }
}

/** @internal Signs for sessions, with the key that each of them names; prepared once for each key. */
export class SessionSigners {
  readonly #signer: Signer | undefined;
  #keyId: string | undefined;
  #signers: KeySigners | undefined;

  /** `known` signs with the key of this ID, and was prepared elsewhere. */
  constructor(signer: Signer | undefined, keyId?: string, known?: KeySigners) {
    checkSigner(signer);
    this.#signer = signer;
    this.#keyId = keyId;
    this.#signers = known;
  }

  /** The function that signs what this session asks for now. */
  of(session: CoreSession): SignFunction {
    if (typeof this.#signer === "function") return this.#signer;
    const keyId = call(() => session.signingKeyId);
    if (this.#signers === undefined || this.#keyId !== keyId) {
      this.#signers = new KeySigners(() => exposeSigningKey(session));
      this.#keyId = keyId;
    }
    return this.#signers.choose(this.#signer);
  }
}

function exposeSigningKey(session: CoreSession): Uint8Array {
  const pkcs8 = call(() => session.exposeSigningKey());
  if (pkcs8 === undefined) throw new Error("there is no key to sign with");
  return pkcs8;
}

function checkSigner(signer: unknown): void {
  if (signer === undefined || signer === "core" || signer === "platform" || typeof signer === "function") return;
  throw new TypeError('a signer is "platform", "core" or a function');
}

/** @internal Signs, and checks that what came is a signature by its looks. */
export async function sign(signer: SignFunction, signingInput: Uint8Array): Promise<Uint8Array> {
  const signature: unknown = await signer(signingInput);
  // Of what was detached there is no copy to be had.
  if (isUint8Array(signature) || isBuffer(signature)) return new Uint8Array(signature);
  throw new TypeError("a signer returns a Uint8Array or an ArrayBuffer");
}
