// For tests: an emulator of the service, on a real port of this machine.

import {
  type EmulatorFault,
  type EmulatorOptions,
  EmulatorCore,
  type FederationOptions,
  type ReceivedRequest,
} from "./emulator-core.js";
import { startServer, type RunningServer } from "./emulator-server.js";
import { coreIssuer, generatePrivateKey, Issuer, TokenFile } from "./issuer.js";
import { Endpoints, type Token } from "./node.js";

export type { EmulatorFault, EmulatorOptions, FederationOptions, ReceivedRequest } from "./emulator-core.js";
export type { IssuerOptions, PodTokenOptions } from "./issuer.js";
export { generatePrivateKey, Issuer, TokenFile };

// The bundler gives another name to a class that mentions itself; users see this one.
Object.defineProperty(Issuer, "name", { value: "Issuer", configurable: true });

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
  #account: string | undefined;
  /** Its base URL. */
  readonly url: string;
  /** Endpoints that lead to it. */
  readonly endpoints: Endpoints;

  private constructor(core: EmulatorCore, server: RunningServer) {
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
    return new Emulator(core, server);
  }

  /** Closes the port and every connection; answers that were to be delayed are never sent. */
  async stop(): Promise<void> {
    await this.#server.stop();
  }

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
