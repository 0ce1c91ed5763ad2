import { call, type CoreKey, type CoreSigningInput, failureError } from "./core.js";
import { YcIamError } from "./errors.js";
import { readFile } from "./files.js";
import { holder, unexpected } from "./given.js";
import { failure } from "./http.js";
import { isUint8Array, isUrl } from "./kinds.js";
import { inspect, REDACTED } from "./redacted.js";
import { KeySigners, sign, type Signer } from "./signer.js";

/** What goes into a JWT besides the key's own IDs. */
export interface JwtOptions {
  /** The claim `iat`: seconds since the epoch; by default the system's time. */
  now?: number | undefined;
  /** `exp` − `iat`: whole seconds, 1 to 3600; by default 3600. */
  lifetime?: number | undefined;
  /** The claim `aud`: by default the global installation's. */
  audience?: string | undefined;
}

/** A service account's key, or where or what it is: the path of a key file, its content, or its JSON as an object. */
export type KeyLike = ServiceAccountKey | string | URL | Uint8Array | object;

/** What is known of a key whose private half is elsewhere. */
export interface ExternalKey {
  /** The key's ID. */
  id: string;
  /** The service account's ID. */
  serviceAccountId: string;
  /** The public key: PEM. */
  publicKey: string;
}

let open: (key: ServiceAccountKey) => CoreKey;
let signersOf: (key: ServiceAccountKey) => KeySigners;

/**
 * An authorized key of a service account, as `yc iam key create` writes it to a file: read and checked once.
 * Printed, logged or turned into JSON, it shows its IDs only.
 */
export class ServiceAccountKey {
  static {
    open = (key) => key.#core;
    signersOf = (key) => key.#signers;
  }

  readonly #core: CoreKey;
  readonly #signers: KeySigners;

  private constructor(core: CoreKey) {
    this.#core = core;
    this.#signers = new KeySigners(() => call(() => core.exposePkcs8()));
  }

  /**
   * Takes the content of a key file, or the base64 of it.
   *
   * @throws {YcIamError} with the fault `key`; it says what was given in its place.
   */
  static fromJson(content: string | Uint8Array): ServiceAccountKey {
    refuseHolder(content);
    return new ServiceAccountKey(call((core) => core.ServiceAccountKey.fromJson(content)));
  }

  /**
   * Takes a key file that was read as JSON already. The object is not changed.
   *
   * @throws {YcIamError} with the fault `key`; it names the field that is wrong or missing.
   */
  static fromObject(object: object): ServiceAccountKey {
    refuseHolder(object);
    return ServiceAccountKey.fromJson(JSON.stringify(object));
  }

  /**
   * A key whose private half is elsewhere, in a key management service or a store that does not give it away: the key
   * file's `id`, `service_account_id` and `public_key` (PEM). It goes with a `signer` of yours.
   *
   * @throws {YcIamError} with the fault `key` for an impossible ID or public key.
   */
  static external({ id, serviceAccountId, publicKey }: ExternalKey): ServiceAccountKey {
    return new ServiceAccountKey(call((core) => core.ServiceAccountKey.external(id, serviceAccountId, publicKey)));
  }

  /**
   * Reads a key file. Blocks: it is small, and read once.
   *
   * @throws {YcIamError} `unreadable_file`, or as `fromJson` does.
   */
  static fromFile(path: string | URL): ServiceAccountKey {
    // Node takes a number for an open file: 0 would wait for the end of the program's own input.
    if (typeof path !== "string" && !isUrl(path)) throw unexpected("path", "is not a string or a URL", path);
    const content = read(path);
    if (isUint8Array(content)) return ServiceAccountKey.#fromOwn(content);
    ServiceAccountKey.#unreadable(path, content).#core.free();
    throw failureError("file", "a key file's content was given in place of its path");
  }

  /**
   * The key that is meant, whichever way it is given. A string is content if it begins as a JSON object does, else a path.
   *
   * @throws {YcIamError} as `fromFile` and `fromJson` do.
   */
  static from(given: KeyLike): ServiceAccountKey {
    if (given instanceof ServiceAccountKey) return given;
    if (isUint8Array(given)) return ServiceAccountKey.fromJson(given);
    if (typeof given !== "string" && !isUrl(given)) return ServiceAccountKey.fromObject(given);
    if (typeof given === "string" && call((core) => core.ServiceAccountKey.beginsAsJson(given))) return ServiceAccountKey.fromJson(given);
    const content = read(given);
    return isUint8Array(content) ? ServiceAccountKey.#fromOwn(content) : ServiceAccountKey.#unreadable(given, content);
  }

  /** Takes a content that nobody else has, and wipes it. */
  static #fromOwn(content: Uint8Array): ServiceAccountKey {
    try {
      return ServiceAccountKey.fromJson(content);
    } finally {
      content.fill(0);
    }
  }

  /** What a path is that cannot be read; mostly throws. Whether the path is shown, the core decides. */
  static #unreadable(path: string | URL, failure: unknown): ServiceAccountKey {
    const { message } = failure as Error;
    return new ServiceAccountKey(call((core) => core.ServiceAccountKey.fromUnreadable(String(path), message)));
  }

  /** The key's ID: the JWT's `kid`. */
  get id(): string {
    return call(() => this.#core.id);
  }

  /** The ID of the service account that the key belongs to: the JWT's `iss`. */
  get serviceAccountId(): string {
    return call(() => this.#core.serviceAccountId);
  }

  /** When the key was created, RFC 3339, if the file says so. */
  get createdAt(): string | undefined {
    return call(() => this.#core.createdAt);
  }

  /** The length of the RSA modulus: 2048 to 4096. */
  get modulusBits(): number {
    return call(() => this.#core.modulusBits);
  }

  /**
   * Signs a JWT (RFC 7519) with PS256 (RFC 7518), to be exchanged for an IAM token. Always in the library's own
   * WebAssembly, so it works the same everywhere and at once; `signJwtWith("platform")` is several times faster.
   *
   * @throws {YcIamError} with the fault `caller` for an impossible option.
   */
  signJwt(options: JwtOptions = {}): string {
    const input = this.#signingInput(options);
    try {
      const signature = this.#signers.core(input.bytes());
      return call(() => input.assemble(signature));
    } finally {
      input.free();
    }
  }

  /**
   * The same JWT, signed by the platform's own cryptography, by the core, or by a function of yours.
   *
   * @throws {YcIamError} as `signJwt` does, and `signing_failed` for what the signer throws or returns.
   */
  async signJwtWith(signer: Signer, options: JwtOptions = {}): Promise<string> {
    const signing = this.#signers.choose(signer);
    const input = this.#signingInput(options);
    try {
      const signature = await sign(signing, input.bytes());
      return call(() => input.assemble(signature));
    } catch (error) {
      throw error instanceof YcIamError ? error : failureError("signing", failure(error).detail, error);
    } finally {
      input.free();
    }
  }

  #signingInput({ now = Date.now() / 1000, lifetime, audience }: JwtOptions): CoreSigningInput {
    return call(() => this.#core.signingInput(now, lifetime, audience));
  }

  toString(): string {
    return this[inspect]();
  }

  toJSON(): { id: string; service_account_id: string; private_key: string } {
    return { id: this.id, service_account_id: this.serviceAccountId, private_key: REDACTED };
  }

  /** @internal */
  [inspect](): string {
    return `ServiceAccountKey { id: '${this.id}', serviceAccountId: '${this.serviceAccountId}', privateKey: ${REDACTED} }`;
  }
}

/** As an object it would be one without a single field of a key's. */
function refuseHolder(given: unknown): void {
  const held = holder(given);
  if (held !== undefined) throw new TypeError(`a key is a path, a key file's content as text or bytes, or its JSON as an object; this is ${held}`);
}

/** The file's content, or the failure. */
function read(path: string | URL): unknown {
  try {
    return readFile(path);
  } catch (error) {
    return error;
  }
}

/** @internal */
export function coreKey(key: ServiceAccountKey): CoreKey {
  return open(key);
}

/** @internal */
export function signersOfKey(key: ServiceAccountKey): KeySigners {
  return signersOf(key);
}
