// For tests: an emulator of the service, on a real port of this machine.

import { EmulatedCluster, PodMount } from "./emulated-cluster.js";
import { EmulatorCore } from "./emulator-core.js";
import { startServer, type RunningServer } from "./emulator-server.js";
import type {
  EmulatorFault,
  EmulatorOptions,
  FederationOptions,
  OperationFailure,
  ReceivedRequest,
  SecretEntries,
} from "./emulator-types.js";
import { coreIssuer, generatePrivateKey, Issuer, TokenFile } from "./issuer.js";
import { Endpoints, type Token } from "./node.js";
import { runningHooks, type TestHooks, UsedEmulator } from "./used-emulator.js";

export type { EmulatedPodOptions } from "./emulated-cluster.js";
export type {
  EmulatorFault,
  EmulatorOptions,
  FederationOptions,
  OperationFailure,
  ReceivedRequest,
  SecretEntries,
} from "./emulator-types.js";
export type { IssuerOptions, PodTokenOptions } from "./issuer.js";
export type { TestHook, TestHooks } from "./used-emulator.js";
export { EmulatedCluster, generatePrivateKey, Issuer, PodMount, TokenFile, UsedEmulator };

// The bundler gives another name to a class that mentions itself; users see this one.
for (const [name, named] of Object.entries({ EmulatedCluster, Issuer })) {
  Object.defineProperty(named, "name", { value: name, configurable: true });
}

/** Options of a key that the emulator makes. */
export interface EmulatedKeyOptions {
  /** Whose key it is; by default an account of the emulator's own. */
  serviceAccountId?: string | undefined;
  /** The private key, a PEM block; by default a fresh one. */
  privateKey?: string | undefined;
  /** The length of a fresh key: 2048, 3072 or 4096. By default 2048. */
  bits?: number | undefined;
}

/**
 * An emulator of the service on a free port of 127.0.0.1.
 *
 * It judges JWTs as strictly as the service does, issues tokens and knows them again: `GET /emulator/whoami` with a good
 * bearer answers `{"subjectId": …}`.
 */
export class Emulator {
  readonly #core: EmulatorCore;
  readonly #server: RunningServer;
  readonly #cluster: EmulatedCluster | undefined;
  #account: string | undefined;
  /** Its base URL. */
  readonly url: string;
  /** Endpoints that lead to it. */
  readonly endpoints: Endpoints;

  private constructor(core: EmulatorCore, server: RunningServer, cluster: EmulatedCluster | undefined) {
    this.#cluster = cluster;
    this.#core = core;
    this.#server = server;
    this.url = server.url;
    this.endpoints = Endpoints.allAt(server.url);
    core.serveAt(server.url);
  }

  /** Opens the port and begins to answer. Rejects if the port is taken. */
  static async start(options: EmulatorOptions = {}): Promise<Emulator> {
    const core = new EmulatorCore(options);
    const server = await startServer(options.port ?? 0, (request) => core.handle(request));
    if (!options.kubernetes) return new Emulator(core, server, undefined);
    try {
      const cluster = await EmulatedCluster.start(core, options.clock ?? (() => Date.now() / 1000));
      return new Emulator(core, server, cluster);
    } catch (error) {
      await server.stop();
      throw error;
    }
  }

  /** Closes the port and every connection; answers that were to be delayed are never sent. */
  async stop(): Promise<void> {
    await Promise.all([this.#server.stop(), this.#cluster?.stop()]);
  }

  /** The API server of a Kubernetes cluster: there if it was started with the option `kubernetes`. */
  get kubernetes(): EmulatedCluster {
    if (this.#cluster === undefined) throw new Error("there is no cluster: start the emulator with `kubernetes: true`");
    return this.#cluster;
  }

  /** As `stop`: for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  /** Creates a service account and gives its ID. */
  createServiceAccount(name: string): string {
    return this.#core.createServiceAccount(name);
  }

  /**
   * Creates a key and gives the key file's content, in the form in which the service hands it out.
   *
   * @throws {YcIamError} for an unknown service account or an impossible private key.
   */
  serviceAccountKey(options: EmulatedKeyOptions = {}): string {
    this.#account ??= this.#core.createServiceAccount("emulated");
    const { serviceAccountId = this.#account, privateKey, bits = 2048 } = options;
    return this.#core.createKey(serviceAccountId, privateKey ?? generatePrivateKey(bits));
  }

  /** Deletes a key: JWTs that it signed are refused from now on. True if it was there. */
  deleteKey(keyId: string): boolean {
    return this.#core.deleteKey(keyId);
  }

  /** Creates a Yandex account and gives its ID. */
  createUser(login: string): string {
    return this.#core.createUser(login);
  }

  /**
   * Creates an OAuth token for a Yandex account.
   *
   * @throws {YcIamError} `invalid_argument` for an unknown account.
   */
  createOauthToken(userId: string): string {
    return this.#core.createOauthToken(userId);
  }

  /** Ends an OAuth token; IAM tokens that it brought live on. True if it was there. */
  revokeOauthToken(token: string): boolean {
    return this.#core.revokeOauthToken(token);
  }

  /**
   * Attaches a service account to the machine that asks for metadata; `undefined` takes it away.
   *
   * @throws {YcIamError} `invalid_argument` for an unknown service account.
   */
  attachServiceAccount(serviceAccountId: string | undefined): void {
    this.#core.attachServiceAccount(serviceAccountId);
  }

  /**
   * Lets a user or a service account create tokens for a service account: the role `iam.serviceAccounts.tokenCreator`.
   *
   * @throws {YcIamError} `invalid_argument` for an unknown service account.
   */
  allowImpersonation(subjectId: string, serviceAccountId: string): void {
    this.#core.allowImpersonation(subjectId, serviceAccountId);
  }

  /**
   * Creates a federation that trusts an issuer and the keys that it has now, for tokens that are meant for the issuer
   * itself, as a cluster's are; `publish` tells it about others. Gives the federation's ID.
   */
  trust(issuer: Issuer): string {
    return this.#core.trust(coreIssuer(issuer));
  }

  /** Creates a federation and gives its ID. */
  createFederation(name: string, options: FederationOptions): string {
    return this.#core.createFederation(name, options);
  }

  /** Deletes a federation; its federated credentials are worth nothing then. True if it was there. */
  deleteFederation(federationId: string): boolean {
    return this.#core.deleteFederation(federationId);
  }

  /**
   * Lets an external subject of a federation act as a service account; gives the federated credential's ID.
   *
   * @throws {YcIamError} `invalid_argument` for an unknown service account or federation.
   */
  createFederatedCredential(serviceAccountId: string, federationId: string, subject: string): string {
    return this.#core.createFederatedCredential(serviceAccountId, federationId, subject);
  }

  /** Deletes a federated credential. True if it was there. */
  deleteFederatedCredential(federatedCredentialId: string): boolean {
    return this.#core.deleteFederatedCredential(federatedCredentialId);
  }

  /**
   * Creates a Lockbox secret with a first version and gives its ID. To read it takes the role `lockbox.payloadViewer`.
   *
   * @throws {YcIamError} `invalid_argument` for what breaks a limit, or a name that the folder has.
   */
  createSecret(folderId: string, name: string, entries: SecretEntries): string {
    return this.#core.createSecret(folderId, name, entries);
  }

  /** Adds a version to a secret, which becomes the current one, and gives the version's ID. */
  addSecretVersion(secretId: string, entries: SecretEntries): string {
    return this.#core.addSecretVersion(secretId, entries);
  }

  /** Lets a secret's payload be read, or not any more. True if the secret is there. */
  setSecretActive(secretId: string, isActive: boolean): boolean {
    return this.#core.setSecretActive(secretId, isActive);
  }

  /** Deletes a secret. True if it was there. */
  deleteSecret(secretId: string): boolean {
    return this.#core.deleteSecret(secretId);
  }

  /**
   * Gives a subject a role on a resource: a secret, a service account, a federation or a folder, by its ID; or
   * `kubernetes`, the emulated cluster.
   */
  addAccessBinding(resourceId: string, role: string, subjectId: string): void {
    this.#core.addAccessBinding(resourceId, role, subjectId);
  }

  /** Takes a role away. True if it was there. */
  removeAccessBinding(resourceId: string, role: string, subjectId: string): boolean {
    return this.#core.removeAccessBinding(resourceId, role, subjectId);
  }

  /**
   * Makes the next operation that starts fail; further orders strike those after it.
   *
   * @throws {YcIamError} `invalid_argument` for another code or other details.
   */
  orderOperationFailure(failure: OperationFailure): void {
    this.#core.orderOperationFailure(failure);
  }

  /** Publishes the keys that an issuer has now, where federations look for them. */
  publish(issuer: Issuer): void {
    this.#core.publishKeys(issuer.jwksUrl, issuer.jwks);
  }

  /**
   * Publishes a key set (RFC 7517, section 5) at a federation's `jwksUrl`: nothing is ever fetched.
   *
   * @throws {YcIamError} `invalid_argument` for what is no key set.
   */
  publishKeys(jwksUrl: string, jwks: string): void {
    this.#core.publishKeys(jwksUrl, jwks);
  }

  /** Ends a token that was issued. True if it was there. */
  revokeToken(token: Token | string): boolean {
    return this.#core.revokeToken(typeof token === "string" ? token : token.value);
  }

  /** Ends every token that was issued. */
  revokeAllTokens(): void {
    this.#core.revokeAllTokens();
  }

  /** How many tokens have been issued so far, those included whose answers did not arrive. */
  get tokensIssued(): number {
    return this.#core.tokensIssued;
  }

  /** The latest requests, the oldest first, without their secrets. */
  get requests(): ReceivedRequest[] {
    return this.#core.requests;
  }

  /**
   * `requests` as text: when (UTC), what, the answer's status, and what was decided and why. A request that was not accepted
   * is followed by its JWT's header and claims, where it had a JWT. There is no secret in it.
   */
  log(): string {
    return this.#core.log();
  }

  /** Empties `requests`. */
  forgetRequests(): void {
    this.#core.forgetRequests();
  }

  /**
   * Makes one thing go wrong.
   *
   * @throws {YcIamError} `invalid_argument` for no fault, or for two.
   */
  orderFault(fault: EmulatorFault): void {
    this.#core.orderFault(fault);
  }

  /** Takes back every order that is not used up. */
  cancelFaults(): void {
    this.#core.cancelFaults();
  }

  /** Puts its clock so many seconds ahead. */
  setClockOffset(secs: number): void {
    this.#core.setClockOffset(secs);
  }
}

/**
 * An emulator for each test that follows in this file or suite, and an environment that leads to it: `YC_IAM_ENDPOINT` and
 * `YC_SERVICE_ACCOUNT_KEY_FILE` are set during each test, so code that uses `Credentials.default()` runs unchanged. When a
 * test fails, `node:test` and vitest show the emulator's log.
 *
 * Options are the emulator's, and `beforeEach` and `afterEach`: the test runner's; by default the globals of these names,
 * else those of `node:test`. Tests that run at the same time in one process would share the environment.
 */
export function useEmulator({ beforeEach, afterEach, ...options }: EmulatorOptions & Partial<TestHooks> = {}): UsedEmulator {
  const hooks = beforeEach !== undefined && afterEach !== undefined ? { beforeEach, afterEach } : runningHooks();
  return new UsedEmulator(() => Emulator.start(options), hooks);
}
