// The public names, the same for every runtime.

import { call } from "./core.js";
import { Credentials } from "./credentials.js";
import { Endpoints } from "./endpoints.js";
import type { ErrorCodeInfo } from "./errors.js";
import { ServiceAccountKey } from "./key.js";
import { Token } from "./token.js";

export type { FetchInput } from "./authorized-fetch.js";
export type {
  CredentialsOptions,
  DefaultOptions,
  FixedOptions,
  GetTokenOptions,
  SigningOptions,
  WorkloadIdentityOptions,
} from "./options.js";
export type { EndpointOverrides } from "./endpoints.js";
export { type ErrorCode, type ErrorCodeInfo, type ErrorDetails, type Fault, YcIamError } from "./errors.js";
export type { Variables } from "./files.js";
export type { Fetch } from "./http.js";
export type { JwtOptions, KeyLike } from "./key.js";
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

/** Every error code, with what it means. */
export function errorCodes(): ErrorCodeInfo[] {
  return call((core) => core.errorCodes()) as ErrorCodeInfo[];
}
