// `yc-iam/integrations/nodejs-sdk`: a session of `@yandex-cloud/nodejs-sdk` (2) whose tokens are renewed.
//
// The library's class comes in as an argument: it must be the caller's copy.

import type { Session } from "@yandex-cloud/nodejs-sdk";
import { type TokenSource, unaryCall } from "../bearer.js";

export type { TokenSource };

type Config = NonNullable<ConstructorParameters<typeof Session>[0]>;
type Method = (request: unknown, options?: { signal?: AbortSignal }) => Promise<unknown>;

/**
 * A session: `createSession(creds, Session, config)`. If a call without streams is answered with `UNAUTHENTICATED`, the
 * token is renewed and the call made once more.
 *
 * `config` is as the library has it, less whose token: `ssl`, `headers`, `pollInterval`.
 */
export function createSession<S extends Session>(
  tokens: TokenSource,
  SessionClass: new (config: Config) => S,
  config: Config = {},
): S {
  for (const name of ["oauthToken", "iamToken", "serviceAccountJson"]) {
    if (name in config) throw new TypeError(`\`config\` has \`${name}\`, but the tokens come from the credentials`);
  }
  const session = new SessionClass({ ...config, iamToken: current(tokens) });
  const client = session.client.bind(session) as Session["client"];
  session.client = ((clientClass, endpoint) =>
    renewing(tokens, client(clientClass, endpoint), clientClass.service)) as Session["client"];
  return session;
}

/** The library awaits its fixed token at each call: this one is another each time. */
function current(tokens: TokenSource): string {
  const token = {
    then(fulfil: (value: string) => void, reject: (reason: unknown) => void): void {
      tokens.getToken().then(({ value }) => fulfil(value), reject);
    },
    // A release that does not await it must not send something else in its place.
    toString(): string {
      throw new TypeError("this release of @yandex-cloud/nodejs-sdk does not await its token");
    },
  };
  return token as unknown as string;
}

function renewing<C extends object>(tokens: TokenSource, client: C, methods: object): C {
  return new Proxy(client, {
    get(client, name, receiver) {
      const member: unknown = Reflect.get(client, name, receiver);
      const method: unknown = Reflect.get(methods, name);
      if (typeof member !== "function" || !isUnary(method)) return member;
      const call: Method = (request, options) =>
        unaryCall(tokens, options?.signal, () => (member as Method).call(client, request, options));
      return call;
    },
  });
}

function isUnary(method: unknown): boolean {
  if (typeof method !== "object" || method === null) return false;
  return "requestStream" in method && !method.requestStream && "responseStream" in method && !method.responseStream;
}
