// `yc-iam/integrations/kubernetes-client-node`: a `KubeConfig` of `@kubernetes/client-node` (1, from 1.2 on) whose tokens are renewed.
//
// The library's class comes in as an argument: it must be the caller's copy, and it is an ES module.

import type { Agent as HttpAgent } from "node:http";
import type { RequestOptions } from "node:https";
import type { ApiType, Configuration, KubeConfig, RequestContext, User } from "@kubernetes/client-node" with { "resolution-mode": "import" };
import { checkBearerUrl, isRefusal, isResendable, renewed, type TokenSource } from "../bearer.js";
import type { Token } from "../node.js";

export type { TokenSource };

/** Where a cluster is, and whom to trust; `InCluster` of `yc-iam/kubernetes` is one. */
export interface Cluster {
  /** The API server's URL. */
  readonly server: string;
  /** PEM; by default what Node trusts. */
  readonly caCertificate?: string | undefined;
  /** The context's namespace. */
  readonly namespace?: string | undefined;
}

const NAME = "yc-iam";

/** Releases before 1.4 know none. */
const signalOf = (request: Partial<RequestContext>): AbortSignal | undefined => request.getSignal?.();

const isOurs = (user: User | null): boolean => (user?.authProvider as { name?: unknown } | undefined)?.name === NAME;

/**
 * Asks for a fresh token at each request, watch or connection. If the API server answers 401 to a request of a client
 * from `makeApiClient`, the token is renewed and the request sent once more. A redirect to another origin fails.
 *
 * In a pod: `const pod = InCluster.fromPod()`, and `kubeConfig(pod, KubeConfig, pod)`. With an IAM token:
 * `kubeConfig(creds, KubeConfig, { server, caCertificate })`.
 *
 * @throws {YcIamError} `insecure_endpoint` unless the server's URL is https or a loopback address.
 */
export function kubeConfig(tokens: TokenSource, Config: typeof KubeConfig, cluster: Cluster): KubeConfig {
  const { server, caCertificate, namespace } = cluster;
  checkBearerUrl(server);
  const caData = caCertificate === undefined ? {} : { caData: Buffer.from(caCertificate).toString("base64") };
  const sent = new WeakMap<object, Token>();
  const config = new (class extends Config {
    override makeApiClient<T extends ApiType>(Api: new (config: Configuration) => T): T {
      const Renewing = function (config: Configuration): T {
        return new Api({ ...config, httpApi: renewing(config.httpApi) });
      };
      return super.makeApiClient(Renewing as unknown as new (config: Configuration) => T);
    }

    override async applySecurityAuthentication(request: RequestContext): Promise<void> {
      await super.applySecurityAuthentication(request);
      bind(request.getAgent(), this.getCurrentCluster()?.server);
      if (!isOurs(this.getCurrentUser())) return;
      // The library's own way to a token does not say for which request it is.
      const token = await tokens.getToken({ signal: signalOf(request) });
      request.setHeaderParam("Authorization", token.authorization);
      sent.set(request, token);
    }

    override async applyToHTTPSOptions(options: RequestOptions): Promise<void> {
      await super.applyToHTTPSOptions(options);
      bind(options.agent, this.getCurrentCluster()?.server);
    }
  })();
  config.loadFromOptions({
    clusters: [{ name: NAME, server, skipTLSVerify: false, ...caData }],
    users: [{ name: NAME, authProvider: { name: NAME } }],
    contexts: [{ name: NAME, cluster: NAME, user: NAME, ...(namespace === undefined ? {} : { namespace }) }],
    currentContext: NAME,
  });
  config.addAuthenticator({
    isAuthProvider: isOurs,
    async applyAuthentication(_, options) {
      const { authorization } = await tokens.getToken();
      options.headers = { ...options.headers, Authorization: authorization };
    },
  });
  return config;

  function renewing(http: Configuration["httpApi"]): Configuration["httpApi"] {
    return {
      send(request) {
        const answer = http.send(request);
        // A promise behind, which may bring another one.
        return answer.pipe(async (response) => {
          if (!isRefusal(response.httpStatusCode)) return response;
          const token = sent.get(request);
          if (token === undefined || request.getHeaders()["Authorization"] !== token.authorization) return response;
          tokens.invalidate(token);
          if (!isResendable(request.getBody())) return response;
          const another = await renewed(tokens, token, signalOf(request)).catch((error: unknown) => {
            response.body.text().catch(() => undefined);
            throw error;
          });
          if (another === undefined) return response;
          // Read, so that the connection is free again.
          await response.body.text().catch(() => undefined);
          request.setHeaderParam("Authorization", another.authorization);
          return http.send(request).toPromise();
        }) as unknown as typeof answer;
      },
    };
  }
}

/** Where an agent may connect to. */
const homes = new WeakMap<object, string>();

/** The library's fetch follows redirects, and takes the token along to other ports and to the domains above. */
function bind(agent: unknown, server: string | undefined): void {
  if (typeof agent !== "object" || agent === null || server === undefined) return;
  const { hostname, port, protocol } = new URL(server);
  const home = place(hostname, port || (protocol === "http:" ? 80 : 443));
  // One that serves several requests is bound once.
  if (homes.get(agent) === home) return;
  homes.set(agent, home);
  const bound = agent as HttpAgent;
  const { createConnection } = bound;
  bound.createConnection = function (options, callback) {
    const { host, port } = options as { host?: string | null; port?: number | string | null };
    if (place(host, port) === home) return createConnection.call(this, options, callback);
    callback?.(new Error("a redirect leads to another origin, where the token must not go"), undefined as never);
    return undefined;
  };
}

const place = (host: string | null | undefined, port: number | string | null | undefined): string =>
  `${host?.replace(/^\[|\]$/g, "").toLowerCase()} ${port}`;
