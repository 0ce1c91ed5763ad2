import { clusterAgent, clusterFetch } from "./cluster-fetch.js";
import { Endpoints, type GetTokenOptions, internals, type Token, type Variables } from "./node.js";
import { inspect } from "./redacted.js";
import { call } from "./tools.js";

/** Where a pod finds what it knows of its cluster. */
export interface PodOptions {
  /** By default `/var/run/secrets/kubernetes.io/serviceaccount`. */
  directory?: string | undefined;
  /** The environment, an object like `process.env`; by default the platform's own. */
  variables?: Variables | undefined;
}

/** Options of a request. */
export interface ClusterRequestOptions {
  /** `GET`, the default, or `POST`, `PUT`, `PATCH` or `DELETE`. */
  method?: string | undefined;
  /** What is sent: text. */
  body?: string | undefined;
  /** The body's content type; by default `application/json`. */
  contentType?: string | undefined;
}

/** A request that is ready to be sent, by a client that trusts `caCertificate` and nobody else. */
export interface ClusterRequest {
  /** The method. */
  readonly method: string;
  /** The URL, https. */
  readonly url: string;
  /** They hold the token: a secret. */
  readonly headers: readonly [name: string, value: string][];
  /** The body, where there is one. */
  readonly body: string | undefined;
}

type Core = ReturnType<typeof open>;

const open = (directory: string | undefined, variables: Variables) =>
  call((core) => new core.InCluster(directory, variables, internals.readFile));

/** The API server of the cluster that this pod runs in. */
export class InCluster {
  readonly #core: Core;
  readonly #renewal: InstanceType<typeof internals.Renewal>;
  readonly #agent: ReturnType<typeof clusterAgent>;
  /** The API server's URL without a slash at its end. */
  readonly server: string;
  /** The pod's namespace. */
  readonly namespace: string;
  /** The certificate authority that is trusted: PEM, one certificate or several. */
  readonly caCertificate: string;

  private constructor(core: Core) {
    this.#core = core;
    this.server = call(() => core.server);
    this.namespace = call(() => core.namespace);
    this.caCertificate = call(() => core.caCertificate);
    const tools = { fetch: internals.globalFetch, signers: new internals.SessionSigners(undefined), supplier: undefined };
    const path = call(() => core.tokenPath);
    this.#renewal = new internals.Renewal(internals.kubernetesToken(path), Endpoints.default(), tools);
    this.#agent = clusterAgent(this.caCertificate);
  }

  /**
   * Looks at the pod's files and variables. Nothing is sent.
   *
   * @throws {YcIamError} `not_in_cluster` if something is not there; `invalid_certificate`.
   */
  static fromPod({ directory, variables = internals.variables() }: PodOptions = {}): InCluster {
    return new InCluster(open(directory, variables));
  }

  /**
   * The pod's token for its own cluster; the file is read again each minute, as the kubelet writes it anew.
   *
   * @throws {YcIamError} where there is none.
   */
  getToken({ signal }: GetTokenOptions = {}): Promise<Token> {
    return this.#renewal.getToken(signal ?? undefined);
  }

  /** Drops a token because the API server answered 401 to it. True if it was the current one. */
  invalidate(token: Token | string): boolean {
    return this.#renewal.invalidate(internals.tokenValue(token));
  }

  /**
   * A request to the API server, with the token. The path begins with `/`, may have a query, and is percent-encoded.
   *
   * @throws {YcIamError} `invalid_argument`, naming the argument; as `getToken` does.
   */
  async request(path: string, options: ClusterRequestOptions = {}): Promise<ClusterRequest> {
    const token = await this.getToken();
    const { method = "GET", body, contentType = "application/json" } = options;
    const request = this.#request(method, path, token, contentType, body);
    return { method: request.method, url: request.url, headers: request.headers, body: request.body };
  }

  /**
   * Like the global `fetch`, with the token, and trusting the cluster's certificate authority only. The path is as for
   * `request`. If the API server answers 401, the token is read anew and the request sent once more. Redirects are not
   * followed; a response to a watch can be read as it comes.
   *
   * @throws {YcIamError} as `request` does; a `TypeError` whose cause is the network's error, as `fetch` does.
   */
  fetch(path: string, init: RequestInit = {}): Promise<Response> {
    return clusterFetch(this, this.#agent, init, (method, token) =>
      this.#request(method, path, token, undefined, undefined),
    );
  }

  toJSON(): object {
    return { server: this.server, namespace: this.namespace };
  }

  /** @internal */
  [inspect](): string {
    return `InCluster { server: '${this.server}', namespace: '${this.namespace}' }`;
  }

  #request(method: string, path: string, token: Token, contentType: string | undefined, body: string | undefined) {
    const { text } = internals;
    return call(() =>
      this.#core.request(text("method", method), text("path", path), token.value, contentType, body),
    ) as ClusterRequest & { timeout: number };
  }
}
