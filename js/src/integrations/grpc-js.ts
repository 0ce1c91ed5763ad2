// `yc-iam/integrations/grpc-js`: credentials and an interceptor for `@grpc/grpc-js` (1).
//
// The library comes in as an argument: a project can have several copies of it, and this must be the caller's.

import type { CallCredentials, ChannelCredentials, Interceptor } from "@grpc/grpc-js";
import type * as grpcJs from "@grpc/grpc-js";
import { headerName, type TokenSource } from "../bearer.js";
import { YcIamError } from "../node.js";
import { RenewingCall } from "../renewing-call.js";

export type { TokenSource };

const UNAVAILABLE = 14;
const UNAUTHENTICATED = 16;

/** What is used of `@grpc/grpc-js`. */
export type GrpcJs = Pick<typeof grpcJs, "credentials" | "Metadata" | "InterceptingCall">;

/**
 * Credentials of a channel: TLS, and the token with each call. `channel` says whom to trust, by default what Node trusts.
 *
 * @throws an `Error` of grpc-js if `channel` is insecure: a token must not travel in the clear.
 */
export function channelCredentials(
  tokens: TokenSource,
  grpc: GrpcJs,
  channel: ChannelCredentials = grpc.credentials.createSsl(),
): ChannelCredentials {
  return grpc.credentials.combineChannelCredentials(channel, callCredentials(tokens, grpc));
}

/**
 * The token with each call, to be combined with others or with a channel's. Given to a single call as its
 * `credentials`, grpc-js sends it over insecure channels too, and does not tell: see to it that there is TLS.
 *
 * If there is no token, the call fails with `UNAUTHENTICATED`, or `UNAVAILABLE` where trying again can help, and the reason in
 * its `details`.
 */
export function callCredentials(tokens: TokenSource, grpc: GrpcJs): CallCredentials {
  return grpc.credentials.createFromMetadataGenerator((_, callback) => {
    tokens.getToken().then((token) => {
      const metadata = new grpc.Metadata();
      metadata.set(headerName(), token.authorization);
      callback(null, metadata);
    }, (error: unknown) => callback(withStatus(error)));
  });
}

/** gRPC takes its status from a number: `UNAVAILABLE` is what callers may try again. */
function withStatus(cause: unknown): Error {
  const error = new Error(cause instanceof Error ? cause.message : "there is no token", { cause });
  const isTransient = cause instanceof YcIamError && cause.transient;
  return Object.assign(error, { code: isTransient ? UNAVAILABLE : UNAUTHENTICATED });
}

/**
 * A client's interceptor: if a service answers `UNAUTHENTICATED`, the token is renewed and the call made once more,
 * unless the client streams its messages or the service has begun to answer. It adds no token.
 */
export function renewingInterceptor(tokens: TokenSource, grpc: GrpcJs): Interceptor {
  return (options, nextCall) => new grpc.InterceptingCall(new RenewingCall(tokens, options, () => nextCall(options)));
}
