// What the emulator is told, and what it tells.

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
  /** Which look finds an operation done; by default 2, so that the first does not. 0: it is done when it is answered. */
  operationPolls?: number | undefined;
  /**
   * Whether federations, federated credentials and operations take the roles that they take at the service; by default any
   * subject of a valid token may do anything with them.
   */
  strictAccess?: boolean | undefined;
  /** Whether there is a Kubernetes API server too, with a TLS port of its own: `emulator.kubernetes`. */
  kubernetes?: boolean | undefined;
}

/** A secret's values by their keys: text, or bytes. */
export type SecretEntries = Readonly<Record<string, string | Uint8Array>>;

/** How an operation fails: a `google.rpc.Status`. */
export interface OperationFailure {
  /** A number of `google.rpc.Code`, 1 to 16. */
  code: number;
  /** The service's words. */
  message: string;
  /** What else the service says, as JSON. */
  details?: readonly object[] | undefined;
  /** The first look finds `error` set while `done` is still false, once. */
  detectedEarly?: boolean | undefined;
}

/** @internal PEM each. */
export interface ClusterTls {
  caCertificate: string;
  certificate: string;
  privateKey: string;
}

/**
 * What is to go wrong, and with how many requests. Exactly one of `status`, `truncated`, `html`, `delay`, `dropped` and
 * `clockOffset`; but `html` may have a `status`.
 */
export interface EmulatorFault {
  /** Only requests for this path; by default any. */
  path?: string | undefined;
  /** How many requests, at least 1, the default. */
  times?: number | undefined;
  /** A refusal with this HTTP status, 400 to 599; with `html`, the web page's, 200 to 599. */
  status?: number | undefined;
  /** With `status` alone: the header `Retry-After`, seconds or an HTTP date. */
  retryAfter?: string | number | undefined;
  /** Half of the body is missing. */
  truncated?: boolean | undefined;
  /** A web page, as from a proxy. */
  html?: boolean | undefined;
  /** The answer comes so many seconds late, a day at most. */
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
  /** The method. */
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  /** Names and values. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** The body as text. */
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
