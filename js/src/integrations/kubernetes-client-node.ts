// `yc-iam/integrations/kubernetes-client-node`: a `KubeConfig` of `@kubernetes/client-node` (1) whose tokens are renewed.
//
// The library's class comes in as an argument: it must be the caller's copy, and it is an ES module.

import type { ApiType, Configuration, KubeConfig } from "@kubernetes/client-node" with { "resolution-mode": "import" };
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

/**
 * Asks for a fresh token at each request, watch or connection. If the API server answers 401 to a request of a client
 * from `makeApiClient`, the token is renewed and the request sent once more.
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
  let last: Token | undefined;
  const config = new (class extends Config {
    override makeApiClient<T extends ApiType>(Api: new (config: Configuration) => T): T {
      const Renewing = function (config: Configuration): T {
        return new Api({ ...config, httpApi: renewing(config.httpApi) });
      };
      return super.makeApiClient(Renewing as unknown as new (config: Configuration) => T);
    }
  })();
  config.loadFromOptions({
    clusters: [{ name: NAME, server, skipTLSVerify: false, ...caData }],
    users: [{ name: NAME, authProvider: { name: NAME } }],
    contexts: [{ name: NAME, cluster: NAME, user: NAME, ...(namespace === undefined ? {} : { namespace }) }],
    currentContext: NAME,
  });
  config.addAuthenticator({
    isAuthProvider: (user) => (user.authProvider as { name?: unknown } | undefined)?.name === NAME,
    async applyAuthentication(_, options) {
      last = await tokens.getToken();
      options.headers = { ...options.headers, Authorization: last.authorization };
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
          const token = last;
          if (token === undefined || request.getHeaders()["Authorization"] !== token.authorization) return response;
          tokens.invalidate(token);
          if (!isResendable(request.getBody())) return response;
          const another = await renewed(tokens, token, request.getSignal());
          if (another === undefined) return response;
          // Read, so that the connection is free again.
          await response.body.text();
          request.setHeaderParam("Authorization", another.authorization);
          return http.send(request).toPromise();
        }) as unknown as typeof answer;
      },
    };
  }
}
