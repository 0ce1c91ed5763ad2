// Where the external token of a workload identity is found.

import { call, type CoreSubjectToken } from "./core.js";
import { variables } from "./files.js";
import { text } from "./given.js";

/** Gives an external OIDC token that is good now. Called at each renewal; nobody waits for it for longer than 30 seconds. */
export type SubjectTokenSupplier = () => string | Promise<string>;

/** A file, as Kubernetes projects one into a pod: read at each renewal. */
export interface TokenInFile {
  /** Its path. */
  tokenFile: string;
}

/** An environment variable, as GitLab's `id_tokens` set one: read at each renewal. */
export interface TokenInVariable {
  /** Its name. */
  tokenEnv: string;
}

/** The program itself has it. */
export interface TokenGiven {
  /** A function that gives it; or the token itself, which serves until it ends and cannot be renewed. */
  token: string | SubjectTokenSupplier;
}

/** A URL that answers with it: asked at each renewal. */
export interface TokenAtUrl {
  /** https, or http on a loopback address or the metadata service's own. */
  tokenUrl: string | URL;
  /** Headers of the request, names and values. */
  tokenHeaders?: Readonly<Record<string, string>> | Iterable<readonly [name: string, value: string]> | undefined;
  /** The field of the JSON answer; without it, the whole answer is the token. */
  tokenField?: string | undefined;
}

/** The issuer of GitHub Actions, for a job with the permission `id-token: write`. */
export interface TokenOfGithubActions {
  /** The job's own issuer, which its variables name, is asked. */
  githubActions: true;
  /** The claim `aud`; by default the URL of the repository's owner. */
  audience?: string | undefined;
}

type All = TokenInFile & TokenInVariable & TokenGiven & TokenAtUrl & TokenOfGithubActions;
type Only<T> = T & { [K in Exclude<keyof All, keyof T>]?: undefined };

/** Where the external token is found: in exactly one of these places. */
export type SubjectTokenPlace =
  | Only<TokenInFile>
  | Only<TokenInVariable>
  | Only<TokenGiven>
  | Only<TokenAtUrl>
  | Only<TokenOfGithubActions>;

/** @internal */
export function subjectToken(place: SubjectTokenPlace): CoreSubjectToken {
  const { tokenFile, tokenEnv, token, tokenUrl, tokenHeaders = {}, tokenField, audience } = place;
  const githubActions = place.githubActions || undefined;
  const places = [tokenFile, tokenEnv, token, tokenUrl, githubActions].filter((given) => given !== undefined);
  if (places.length !== 1) {
    throw new TypeError("pass exactly one of `tokenFile`, `tokenEnv`, `token`, `tokenUrl` and `githubActions: true`");
  }
  if (tokenUrl === undefined && (place.tokenHeaders !== undefined || tokenField !== undefined)) {
    throw new TypeError("`tokenHeaders` and `tokenField` go with `tokenUrl` only");
  }
  if (githubActions === undefined && audience !== undefined) {
    throw new TypeError("`audience` goes with `githubActions` only");
  }
  return call(({ SubjectToken }) => {
    if (tokenFile !== undefined) return SubjectToken.file(text("tokenFile", tokenFile));
    if (tokenEnv !== undefined) return SubjectToken.variable(text("tokenEnv", tokenEnv));
    if (tokenUrl !== undefined) return SubjectToken.url(String(tokenUrl), pairs(tokenHeaders).flat(), tokenField);
    if (githubActions) return SubjectToken.githubActions(audience, variables());
    if (typeof token === "function") return SubjectToken.supplier();
    return SubjectToken.value(text("token", token));
  });
}

function pairs(headers: NonNullable<TokenAtUrl["tokenHeaders"]>): (readonly [string, string])[] {
  if (!(Symbol.iterator in headers)) return Object.entries(headers);
  const pairs: (readonly [string, string])[] = [];
  // One by one: what is no pair ends this at once.
  for (const [name, value] of headers as Iterable<readonly [string, string]>) pairs.push([name, value]);
  return pairs;
}
