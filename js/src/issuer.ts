// An external issuer of OIDC tokens, for tests of workload identities.

import { generateKeyPairSync } from "node:crypto";
import { renameSync, writeFileSync } from "node:fs";
import { call, type CoreIssuer } from "./emulator-core.js";

/** Options of an issuer. */
export interface IssuerOptions {
  /** The key that it begins with, a PKCS#8 PEM block: RSA (RS256) or P-256 (ES256). By default a fresh RSA key. */
  privateKey?: string | undefined;
  /** What tells it the time, in seconds since the epoch; by default the system's clock. */
  clock?: (() => number) | undefined;
}

/** What a pod's token is to say besides its subject. */
export interface PodTokenOptions {
  /** The pod's name. */
  pod?: string | undefined;
  /** The claim `aud`; by default the issuer's own URL. */
  audiences?: readonly string[] | undefined;
  /** `exp` − `iat` in seconds; by default 3607, as Kubernetes gives a projected token. */
  lifetime?: number | undefined;
}

let open: (issuer: Issuer) => CoreIssuer;

/** Signs tokens as a Kubernetes cluster does for its pods, or any others. */
export class Issuer {
  static {
    open = (issuer) => issuer.#core;
  }

  readonly #core: CoreIssuer;
  readonly #clock: () => number;
  /** The claim `iss`. */
  readonly url: string;

  /** @throws {YcIamError} `invalid_private_key` for another kind of key. */
  constructor(
    url = "https://storage.yandexcloud.net/mk8s-oidc/v1/clusters/catexample",
    { privateKey = generatePrivateKey(), clock = () => Date.now() / 1000 }: IssuerOptions = {},
  ) {
    this.url = url;
    this.#clock = clock;
    this.#core = call((module) => new module.Issuer(url, privateKey));
  }

  /** Where its keys would be found. */
  get jwksUrl(): string {
    return call(() => this.#core.jwksUrl);
  }

  /** Its public keys, as JSON (RFC 7517, section 5). */
  get jwks(): string {
    return call(() => this.#core.jwks);
  }

  /** The `kid` of the tokens that it signs now. */
  get keyId(): string {
    return call(() => this.#core.keyId);
  }

  /**
   * Signs with another key from now on, by default a fresh RSA key. The old ones stay in `jwks`, unless they are retired.
   *
   * @throws {YcIamError} `invalid_private_key` for another kind of key.
   */
  rotateKey(privateKey = generatePrivateKey(), { retireOld = false } = {}): void {
    call(() => this.#core.rotateKey(privateKey));
    if (retireOld) call(() => this.#core.retireOldKeys());
  }

  /**
   * A token with these claims, and no others.
   *
   * @throws {YcIamError} `invalid_argument` for claims that are no JSON.
   */
  sign(claims: object): string {
    return call(() => this.#core.sign(JSON.stringify(claims)));
  }

  /** A token for a pod, with a `sub` of `system:serviceaccount:NAMESPACE:SERVICE_ACCOUNT`. */
  podToken(namespace: string, serviceAccount: string, options: PodTokenOptions = {}): string {
    return this.#podTokens(namespace, serviceAccount, options)();
  }

  /** Writes a pod's token to a file, as a kubelet does; call `rotate` from time to time, as it does too. */
  tokenFile(path: string, namespace: string, serviceAccount: string, options: PodTokenOptions = {}): TokenFile {
    return new TokenFile(path, this.#podTokens(namespace, serviceAccount, options));
  }

  #podTokens(namespace: string, serviceAccount: string, options: PodTokenOptions): () => string {
    const file = call((module) => new module.TokenFile(namespace, serviceAccount, options));
    return () => call(() => file.read(this.#core, this.#clock()));
  }
}

/** The file with a pod's token. */
export class TokenFile {
  readonly #token: () => string;
  /** Where it is. */
  readonly path: string;

  /** @internal */
  constructor(path: string, token: () => string) {
    this.path = path;
    this.#token = token;
    this.rotate();
  }

  /** Writes a new token once four fifths of the old one's life are over, and else the old one; gives it. */
  rotate(): string {
    const token = this.#token();
    // Whoever reads it meanwhile gets the one or the other, whole.
    writeFileSync(`${this.path}.new`, token, { mode: 0o600 });
    renameSync(`${this.path}.new`, this.path);
    return token;
  }
}

/** @internal */
export function coreIssuer(issuer: Issuer): CoreIssuer {
  return open(issuer);
}

/** Makes an RSA private key, as a PKCS#8 PEM block. Blocks for some tenths of a second. */
export function generatePrivateKey(bits = 2048): string {
  return generateKeyPairSync("rsa", {
    modulusLength: bits,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  }).privateKey;
}
