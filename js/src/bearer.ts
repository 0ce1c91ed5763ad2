// What every integration does with a token: where it may go, and what happens when it is not accepted.

import { internals, type Token } from "./node.js";

const { call } = internals;

/** `Credentials`, or `InCluster` of `yc-iam/kubernetes`. */
export interface TokenSource {
  /** A token that is good now; rejects where there is none. */
  getToken(options?: { signal?: AbortSignal | null | undefined }): Promise<Token>;
  /** Drops a token that a service refused. True if it was the current one. */
  invalidate(token: Token | string): boolean;
}

/** @internal The name of the header that a token goes into. */
export const headerName = (): string => call((core) => core.authorizationHeader());

/** @internal Throws unless a token may be sent there: https, or loopback. */
export function checkBearerUrl(url: string | URL): void {
  const { href } = new URL(url);
  call((core) => core.checkBearerUrl(href));
}

/** @internal Whether this status says that the token was not accepted. */
export const isRefusal = (status: number): boolean => call((core) => core.isRefusal(status));

/** @internal Whether a gRPC call that ended with this status says the same. */
export const isGrpcRefusal = (code: number): boolean => call((core) => core.isGrpcRefusal(code));

/** @internal Whether this body can be read twice. */
export const isResendable = (body: unknown): boolean => internals.isResendable(body);

/** @internal Drops a token and gets another; `undefined` if there is none. */
export function renewed(
  tokens: TokenSource,
  refused: Token,
  signal?: AbortSignal | undefined,
): Promise<Token | undefined> {
  tokens.invalidate(refused);
  return internals.another(tokens, refused, signal);
}

/** @internal Carries out a gRPC call without streams, and once more with another token after `UNAUTHENTICATED`. */
export async function unaryCall<T>(
  tokens: TokenSource,
  signal: AbortSignal | undefined,
  carryOut: () => Promise<T>,
): Promise<T> {
  // The one that the call's credentials are about to use.
  const token = await tokens.getToken({ signal });
  try {
    return await carryOut();
  } catch (error) {
    if (!isUnauthenticated(error) || (await renewed(tokens, token, signal)) === undefined) throw error;
    return carryOut();
  }
}

/** @internal */
export function isUnauthenticated(error: unknown): boolean {
  return typeof error === "object" && error !== null && "code" in error && typeof error.code === "number" && isGrpcRefusal(error.code);
}
