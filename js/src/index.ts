// The public names, the same for every runtime.

import { call } from "./core.js";
import { Credentials } from "./credentials.js";
import { Endpoints } from "./endpoints.js";
import type { ErrorCodeInfo } from "./errors.js";
import type { Explanation, ExplainOptions } from "./explain.js";
import { host } from "./host.js";
import { ServiceAccountKey } from "./key.js";
import { Token } from "./token.js";

export type { FetchInput } from "./sent-request.js";
export type {
  CredentialsOptions,
  DefaultOptions,
  FixedOptions,
  GetTokenOptions,
  SigningOptions,
  WorkloadIdentityOptions,
} from "./options.js";
export type { CallOptions, Page, PageOptions } from "./caller.js";
export type { EndpointOverrides } from "./endpoints.js";
export { type ErrorCode, type ErrorCodeInfo, type ErrorDetails, type Fault, YcIamError } from "./errors.js";
export type { Explanation, ExplainOptions, Fact, Finding } from "./explain.js";
export type {
  FederatedCredential,
  FederatedCredentials,
  NewFederatedCredential,
} from "./federated-credentials.js";
export type { Federation, FederationChanges, Federations, NewFederation } from "./federations.js";
export type { Variables } from "./files.js";
export type { Fetch } from "./http.js";
export type { FurtherModules, Init, WasmSource } from "./init.js";
export type { ExternalKey, JwtOptions, KeyLike } from "./key.js";
export type { Lockbox, LockboxOptions } from "./lockbox.js";
export type { LockboxPayload } from "./lockbox-payload.js";
export type { Operation, OperationError, Operations } from "./operations.js";
export type { FunctionContext } from "./origin.js";
export type { Signer, SignFunction } from "./signer.js";
export type {
  SubjectTokenPlace,
  SubjectTokenSupplier,
  TokenAtUrl,
  TokenGiven,
  TokenInFile,
  TokenInVariable,
  TokenOfGithubActions,
} from "./subject-token.js";
export { Credentials, Endpoints, ServiceAccountKey, Token };

// The bundler gives another name to a class that mentions itself; users see this one.
for (const [name, named] of Object.entries({ Credentials, Endpoints, ServiceAccountKey, Token })) {
  Object.defineProperty(named, "name", { value: name, configurable: true });
}

/** Takes JWTs, IAM and OAuth tokens, API keys, static keys and private keys out of text that somebody will read. */
export function redact(text: string): string {
  return call((core) => core.redact(text));
}

/**
 * Says what a key file, a token, a JWT, or a federation's or federated credential's JSON is, whose, until when, what is
 * wrong with it and what to do: without one byte of a secret. Nothing is sent, and no signature is verified.
 *
 * @throws {YcIamError} `invalid_argument` if `federation` or `credential` is none; nothing else.
 */
export function explain(content: string | Uint8Array, options: ExplainOptions = {}): Explanation {
  return host().tools().explain(content, options);
}

/** Every error code, with what it means. */
export function errorCodes(): ErrorCodeInfo[] {
  return call((core) => core.errorCodes()) as ErrorCodeInfo[];
}
