// The API server of an emulated Kubernetes cluster.

import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import type { EmulatorCore } from "./emulator-core.js";
import { type RunningServer, startServer } from "./emulator-server.js";
import { coreIssuer, Issuer, type PodTokenOptions, type TokenFile } from "./issuer.js";

/** Which pod. */
export interface EmulatedPodOptions extends PodTokenOptions {
  /** By default `default`. */
  namespace?: string | undefined;
  /** By default `default`. */
  serviceAccount?: string | undefined;
}

/**
 * An API server that knows pods, and who one is: with a token of its issuer's, or, as a managed cluster, with an IAM token
 * whose subject has the role `k8s.cluster-api.viewer` on the resource `kubernetes`.
 */
export class EmulatedCluster {
  readonly #core: EmulatorCore;
  readonly #server: RunningServer;
  /** Its base URL: https, on a port of 127.0.0.1. */
  readonly url: string;
  /** The certificate authority that its certificate is of: PEM. */
  readonly caCertificate: string;
  /** Signs its pods' tokens; after a rotation of its keys, `trust` it again. */
  readonly issuer: Issuer;

  private constructor(core: EmulatorCore, server: RunningServer, caCertificate: string, clock: () => number) {
    this.#core = core;
    this.#server = server;
    this.url = server.url;
    this.caCertificate = caCertificate;
    this.issuer = new Issuer(undefined, { clock });
    this.trust(this.issuer);
  }

  /** @internal */
  static async start(core: EmulatorCore, clock: () => number): Promise<EmulatedCluster> {
    const { caCertificate, ...tls } = core.generateClusterTls();
    const server = await startServer(0, (request) => core.handleKubernetes(request), tls);
    return new EmulatedCluster(core, server, caCertificate, clock);
  }

  /** @internal */
  async stop(): Promise<void> {
    await this.#server.stop();
  }

  /**
   * Takes the tokens of this issuer, and no other's, with the keys that it has now. `audiences`: the values of `aud` that
   * count; by default the issuer's own URL.
   */
  trust(issuer: Issuer, audiences: readonly string[] = []): void {
    this.#core.setClusterIssuer(coreIssuer(issuer), audiences);
  }

  /** Lets a pod run. */
  addPod(namespace: string, name: string): void {
    this.#core.addPod(namespace, name);
  }

  /** Removes a pod. True if it was there. */
  removePod(namespace: string, name: string): boolean {
    return this.#core.removePod(namespace, name);
  }

  /**
   * Writes a pod's files into a directory, as a kubelet does, for `InCluster.fromPod`: `ca.crt`, `namespace` and `token`.
   * The pod itself is not made: see `addPod`.
   */
  mount(directory: string, options: EmulatedPodOptions = {}): PodMount {
    const { namespace = "default", serviceAccount = "default", ...token } = options;
    mkdirSync(directory, { recursive: true });
    write(`${directory}/ca.crt`, this.caCertificate);
    write(`${directory}/namespace`, namespace);
    return new PodMount(this.url, directory, this.issuer.tokenFile(`${directory}/token`, namespace, serviceAccount, token));
  }
}

/** A pod's files. */
export class PodMount {
  readonly #token: TokenFile;
  /** Where they are. */
  readonly directory: string;
  /** The variables that the pod has, to be merged into its environment. */
  readonly variables: { readonly KUBERNETES_SERVICE_HOST: string; readonly KUBERNETES_SERVICE_PORT: string };

  /** @internal */
  constructor(url: string, directory: string, token: TokenFile) {
    const { hostname, port } = new URL(url);
    this.#token = token;
    this.directory = directory;
    this.variables = { KUBERNETES_SERVICE_HOST: hostname, KUBERNETES_SERVICE_PORT: port };
  }

  /** Writes a new token once four fifths of the old one's life are over, and else the old one; gives it. */
  rotate(): string {
    return this.#token.rotate();
  }
}

function write(path: string, content: string): void {
  writeFileSync(`${path}.new`, content);
  renameSync(`${path}.new`, path);
}
