// What credentials can be told.

import type { Endpoints } from "./endpoints.js";
import type { Variables } from "./files.js";
import type { Fetch } from "./http.js";
import type { FunctionContext } from "./origin.js";
import type { Signer } from "./signer.js";
import type { SubjectTokenPlace } from "./subject-token.js";

/** Options of all credentials. */
export interface CredentialsOptions {
  /** Where the services are; by default what the environment asks for: `Endpoints.fromEnv()`. */
  endpoints?: Endpoints | undefined;
  /**
   * Sends requests in place of the global `fetch`, or of `node:https`, which Node has ready sooner. Without it, Node, Deno
   * and Bun ask the metadata service and loopback addresses directly, past every proxy.
   */
  fetch?: Fetch | undefined;
}

/** Options of credentials that may have a key to sign with. */
export interface SigningOptions extends CredentialsOptions {
  /** Who signs; by default the platform's own cryptography where there is one. */
  signer?: Signer | undefined;
}

/** Options of `Credentials.fixed`. */
export interface FixedOptions extends CredentialsOptions {
  /**
   * When the token ends: seconds since the epoch. Without it, the token is served until `invalidate` says that a service
   * refused it.
   */
  expiresAt?: number | undefined;
}

/** Options of `Credentials.workloadIdentity`: where the external token is found, and those of all credentials. */
export type WorkloadIdentityOptions = SubjectTokenPlace & CredentialsOptions;

/** Options of `Credentials.default`. */
export interface DefaultOptions extends SigningOptions {
  /** What a function's handler got as its second argument. */
  context?: FunctionContext;
  /** Whether the metadata service is tried when nothing else is there; by default true, where there can be one. */
  probeMetadata?: boolean | undefined;
  /** The environment, an object like `process.env`; by default the platform's own. */
  variables?: Variables | undefined;
}

/** Options of a call that may have to wait for a token. */
export interface GetTokenOptions {
  /** Gives up waiting. The exchange goes on for those who wait too. */
  signal?: AbortSignal | null | undefined;
}
