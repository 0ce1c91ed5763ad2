// `yc-iam/integrations/ydbjs-auth`: a credentials provider for the drivers of `@ydbjs/core` (6).
//
// The library's class comes in as an argument: it must be the caller's copy, and it is an ES module.

import type { CredentialsProvider } from "@ydbjs/auth" with { "resolution-mode": "import" };
import { checkBearerUrl, isUnauthenticated, renewed, type TokenSource } from "../bearer.js";
import type { Token } from "../node.js";

export type { TokenSource };

/**
 * `new Driver(connectionString, { credentialsProvider: credentialsProvider(creds, CredentialsProvider, connectionString) })`.
 * If a call without streams is answered with `UNAUTHENTICATED`, the token is renewed and the call made once more.
 *
 * @throws {YcIamError} `insecure_endpoint` unless the connection string's scheme is `grpcs` or its host is a loopback
 *   address; a `TypeError` if it is no URL.
 */
export function credentialsProvider(
  tokens: TokenSource,
  Provider: typeof CredentialsProvider,
  connectionString: string | URL,
): CredentialsProvider {
  checkBearerUrl(String(connectionString).replace(/^grpc(s?):/, "http$1:"));
  const provider = new (class extends Provider {
    #given: Token | undefined;

    async getToken(force?: boolean, signal?: AbortSignal): Promise<string> {
      if (force && this.#given !== undefined) tokens.invalidate(this.#given);
      this.#given = await tokens.getToken({ signal });
      return this.#given.value;
    }
  })();
  const { middleware } = provider;
  return Object.defineProperty(provider, "middleware", { value: renewing(tokens, middleware) });
}

type Middleware = CredentialsProvider["middleware"];

function renewing(tokens: TokenSource, add: Middleware): Middleware {
  return async function* (this: CredentialsProvider, call, options) {
    // The one that the library's middleware is about to use.
    const token = await tokens.getToken({ signal: options.signal });
    let begun = call.requestStream || call.responseStream;
    try {
      const answers = add.call(this, call, options);
      for (;;) {
        const answer = await answers.next();
        if (answer.done) return answer.value as never;
        begun = true;
        yield answer.value as never;
      }
    } catch (error) {
      if (!isUnauthenticated(error)) throw error;
      tokens.invalidate(token);
      if (begun || (await renewed(tokens, token, options.signal)) === undefined) throw error;
    }
    return (yield* add.call(this, call, options)) as never;
  } as Middleware;
}
