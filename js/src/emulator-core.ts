// The emulator's own WebAssembly module: instantiated with the first emulator; what it throws becomes errors.

import * as glue from "../dist/wasm/yc_iam_emulator.js";
import { type ErrorDetails, YcIamError } from "./node.js";
import { wasmFile } from "./wasm-file.js";

/** Options of an emulator. */
export interface EmulatorOptions {
  /** The port; by default a free one. */
  port?: number | undefined;
  /** Values of the claim `aud` that it accepts besides its own; by default the global installation's. */
  audiences?: string[] | undefined;
  /** By how many seconds a JWT's times may be off; by default 60. */
  clockTolerance?: number | undefined;
  /** How many seconds a token lives; by default 43 200, which is 12 hours. */
  tokenLifetime?: number | undefined;
  /** By how many seconds its clock is ahead; by default 0. */
  clockOffset?: number | undefined;
  /** The same seed gives the same IDs and tokens; by default 0. */
  seed?: number | undefined;
  /** What tells it the time, in seconds since the epoch; by default the system's clock. */
  clock?: (() => number) | undefined;
}

/**
 * What is to go wrong, and with how many requests. Exactly one of `status`, `truncated`, `html`, `delay`, `dropped` and
 * `clockOffset`; but `html` may have a `status`.
 */
export interface EmulatorFault {
  /** Only requests for this path; by default any. */
  path?: string | undefined;
  /** How many requests; by default 1. */
  times?: number | undefined;
  /** A refusal with this HTTP status, 400 to 599. */
  status?: number | undefined;
  /** With `status`: the header `Retry-After`, seconds or an HTTP date. */
  retryAfter?: string | number | undefined;
  /** Half of the body is missing. */
  truncated?: boolean | undefined;
  /** A web page, as from a proxy. */
  html?: boolean | undefined;
  /** The answer comes so many seconds late. */
  delay?: number | undefined;
  /** The connection closes without an answer. */
  dropped?: boolean | undefined;
  /** The clock that judges the request is so many seconds ahead. */
  clockOffset?: number | undefined;
}

/** A workload identity federation: an external issuer that is trusted. */
export interface FederationOptions {
  /** The claim `iss` that is accepted. */
  issuer: string;
  /** The values of the claim `aud` that are accepted. */
  audiences: readonly string[];
  /** Where the issuer's keys are: see `publishKeys`. */
  jwksUrl: string;
}

/** One request as it was received, with every credential taken out, and what became of it. */
export interface ReceivedRequest {
  /** When: seconds since the epoch, by the emulator's clock. */
  readonly at: number;
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
  /** The JWT's header as JSON text, where there was a JWT. */
  readonly jwtHeader: string | undefined;
  /** The JWT's claims as JSON text, where there was a JWT. */
  readonly jwtClaims: string | undefined;
  /** Whether it was accepted, though the answer may not have arrived. */
  readonly accepted: boolean;
  /** What was decided, in words. */
  readonly verdict: string;
  /** The answer's status. */
  readonly status: number;
  /** The answer's request ID; empty where it has none. */
  readonly requestId: string;
  /** The ordered faults that struck it, in words. */
  readonly faults: readonly string[];
}

/** @internal A request as `node:http` received it. */
export interface IncomingRequest {
  method: string;
  target: string;
  /** Names and values take turns. */
  headers: string[];
  body: Uint8Array;
}

/** @internal What the emulator answers; `bindings/wasm/src/emulator/objects.rs` makes these. */
export interface Reply {
  status: number;
  headers: [string, string][];
  body: Uint8Array;
  /** Seconds to wait before anything is sent. */
  delay: number;
  /** How many bytes of the body arrive; `undefined`: nothing at all is sent. */
  sent: number | undefined;
}

/** @internal */
export type Glue = typeof glue;
/** @internal */
export type CoreIssuer = glue.Issuer;

let instantiated = false;

/** @internal Calls into the emulator's module. */
export function call<T>(work: (module: Glue) => T): T {
  if (!instantiated) {
    glue.initSync({ module: wasmFile("yc_iam_emulator.wasm") as BufferSource });
    instantiated = true;
  }
  try {
    return work(glue);
  } catch (error) {
    throw error instanceof Error ? error : new YcIamError(error as ErrorDetails);
  }
}

/** @internal */
export class EmulatorCore {
  readonly #core: glue.Emulator;
  readonly #clock: () => number;

  constructor(options: EmulatorOptions) {
    this.#core = call(() => new glue.Emulator(options));
    this.#clock = options.clock ?? (() => Date.now() / 1000);
  }

  serveAt(url: string): void {
    call(() => this.#core.serveAt(url));
  }

  handle({ method, target, headers, body }: IncomingRequest): Reply {
    return call(() => this.#core.handle(method, target, headers, body, this.#clock())) as Reply;
  }

  createServiceAccount(name: string): string {
    return call(() => this.#core.createServiceAccount(name));
  }

  createKey(serviceAccountId: string, privateKey: string): string {
    return call(() => this.#core.createKey(serviceAccountId, privateKey, this.#clock()));
  }

  deleteKey(keyId: string): boolean {
    return call(() => this.#core.deleteKey(keyId));
  }

  revokeToken(token: string): boolean {
    return call(() => this.#core.revokeToken(token));
  }

  revokeAllTokens(): void {
    call(() => this.#core.revokeAllTokens());
  }

  get tokensIssued(): number {
    return call(() => this.#core.tokensIssued);
  }

  get requests(): ReceivedRequest[] {
    return call(() => this.#core.requests) as ReceivedRequest[];
  }

  forgetRequests(): void {
    call(() => this.#core.forgetRequests());
  }

  orderFault(fault: EmulatorFault): void {
    const { retryAfter } = fault;
    call(() => this.#core.orderFault(retryAfter === undefined ? fault : { ...fault, retryAfter: String(retryAfter) }));
  }

  cancelFaults(): void {
    call(() => this.#core.cancelFaults());
  }

  setClockOffset(secs: number): void {
    call(() => this.#core.setClockOffset(secs));
  }

  createUser(login: string): string {
    return call(() => this.#core.createUser(login));
  }

  createOauthToken(userId: string): string {
    return call(() => this.#core.createOauthToken(userId));
  }

  revokeOauthToken(token: string): boolean {
    return call(() => this.#core.revokeOauthToken(token));
  }

  attachServiceAccount(serviceAccountId: string | undefined): void {
    call(() => this.#core.attachServiceAccount(serviceAccountId));
  }

  allowImpersonation(subjectId: string, serviceAccountId: string): void {
    call(() => this.#core.allowImpersonation(subjectId, serviceAccountId));
  }

  trust(issuer: CoreIssuer): string {
    return call(() => this.#core.trust(issuer, this.#clock()));
  }

  createFederation(name: string, options: FederationOptions): string {
    return call(() => this.#core.createFederation({ ...options, name }, this.#clock()));
  }

  deleteFederation(federationId: string): boolean {
    return call(() => this.#core.deleteFederation(federationId));
  }

  createFederatedCredential(serviceAccountId: string, federationId: string, subject: string): string {
    return call(() => this.#core.createFederatedCredential(serviceAccountId, federationId, subject, this.#clock()));
  }

  deleteFederatedCredential(id: string): boolean {
    return call(() => this.#core.deleteFederatedCredential(id));
  }

  publishKeys(jwksUrl: string, jwks: string): void {
    call(() => this.#core.publishKeys(jwksUrl, jwks));
  }
}
