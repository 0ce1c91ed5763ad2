// `yc-iam/integrations/axios`: interceptors for an axios instance (axios 1, from 1.2 on).

import { Readable } from "node:stream";
import type { AxiosError, AxiosInstance, AxiosResponse, InternalAxiosRequestConfig } from "axios";
import type { AxiosInstance as AxiosModuleInstance } from "axios" with { "resolution-mode": "import" };
import { checkBearerUrl, headerName, isRefusal, isResendable, renewed, type TokenSource } from "../bearer.js";
import type { Token } from "../node.js";

export type { TokenSource };

/**
 * Adds the token to each request of this instance, and listens to the request's `signal` while it waits for one. If the
 * service answers 401, the token is renewed and the request sent once more, unless its body is a stream, which cannot
 * be read twice. Gives a function that takes the interceptors off again.
 *
 * A request fails with the `YcIamError` `insecure_endpoint` unless it goes to https or to a loopback address, and as
 * `getToken` does.
 */
export function useYcIam(axios: AxiosInstance | AxiosModuleInstance, tokens: TokenSource): () => void {
  // To TypeScript, `import` and `require` get different classes; there is one.
  const instance = axios as AxiosInstance;
  const sent = new WeakMap<object, Token>();
  const { request, response } = instance.interceptors;
  const adds = request.use(async (config) => {
    const { transformRequest = [], signal } = config;
    const check = (config: InternalAxiosRequestConfig): void => checkBearerUrl(instance.getUri(config));
    check(config);
    const token = await tokens.getToken({ signal: signal instanceof AbortSignal ? signal : undefined });
    config.headers.set(headerName(), token.authorization);
    sent.set(config.headers, token);
    // Other interceptors may lead the request elsewhere; this runs after them all.
    const last = function (this: InternalAxiosRequestConfig, data: unknown): unknown {
      check(this);
      this.beforeRedirect = withoutToken(token, instance.getUri(this), this.beforeRedirect);
      return data;
    };
    config.transformRequest = [transformRequest, last].flat();
    return config;
  });
  // An instance without interceptors: they have seen this request.
  const bare = instance.create();
  const renews = response.use(
    async (response) => (await again(response)) ?? response,
    async (error: AxiosError) => {
      const answer = error?.response === undefined ? undefined : await again(error.response);
      if (answer === undefined) throw error;
      return answer;
    },
  );
  return () => {
    request.eject(adds);
    response.eject(renews);
  };

  async function again({ status, config, data }: AxiosResponse): Promise<AxiosResponse | undefined> {
    const token = sent.get(config.headers);
    if (token === undefined || !isRefusal(status)) return undefined;
    tokens.invalidate(token);
    if (!isResendable(config.data)) return undefined;
    const signal = config.signal instanceof AbortSignal ? config.signal : undefined;
    const another = await renewed(tokens, token, signal).catch((error: unknown) => {
      void discard(data);
      throw error;
    });
    if (another === undefined) return undefined;
    void discard(data);
    const headers = config.headers.concat({ [headerName()]: another.authorization });
    const beforeRedirect = withoutToken(another, instance.getUri(config), config.beforeRedirect);
    // The body is what these made of it.
    return bare.request({ ...config, headers, beforeRedirect, transformRequest: [(data: unknown) => data] });
  }
}

type BeforeRedirect = NonNullable<InternalAxiosRequestConfig["beforeRedirect"]>;

/** What follows redirects for axios takes a header along to a host's subdomains, and not every release takes it off there. */
function withoutToken(token: Token, url: string, theirs: BeforeRedirect | undefined): BeforeRedirect {
  const { origin } = new URL(url);
  return (options, ...rest) => {
    theirs?.(options, ...rest);
    const { href, headers } = options as { href: string; headers: Record<string, unknown> };
    if (new URL(href).origin === origin) return;
    for (const [name, value] of Object.entries(headers)) if (value === token.authorization) delete headers[name];
  };
}

/** A refusal that nobody will read, where it is a stream: its connection must not wait for that. */
async function discard(data: unknown): Promise<void> {
  if (data instanceof ReadableStream) await data.cancel().catch(() => undefined);
  else if (data instanceof Readable) data.destroy();
}
