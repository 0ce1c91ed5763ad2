// The emulator's own WebAssembly module: instantiated with the first emulator; what it throws becomes errors.

import * as glue from "../dist/wasm/yc_iam_emulator.js";
import { type ErrorDetails, YcIamError } from "./node.js";
import type {
  ClusterTls,
  EmulatorFault,
  EmulatorOptions,
  FederationOptions,
  OperationFailure,
  ReceivedRequest,
  SecretEntries,
} from "./emulator-types.js";
import { wasmFile } from "./wasm-file.js";

export type * from "./emulator-types.js";

/** @internal A request as `node:http` received it. */
export interface IncomingRequest {
  method: string;
  target: string;
  /** Names and values take turns. */
  headers: string[];
  body: Uint8Array;
}

/** @internal What the emulator answers; `bindings/wasm/src/emulator/objects.rs` makes these. */
export interface Reply {
  status: number;
  headers: [string, string][];
  body: Uint8Array;
  /** Seconds to wait before anything is sent. */
  delay: number;
  /** How many bytes of the body arrive; `undefined`: nothing at all is sent. */
  sent: number | undefined;
}

/** @internal */
export type Glue = typeof glue;
/** @internal */
export type CoreIssuer = glue.Issuer;

let instantiated = false;

/** @internal Calls into the emulator's module. */
export function call<T>(work: (module: Glue) => T): T {
  if (!instantiated) {
    glue.initSync({ module: wasmFile(`${import.meta.dirname}/yc_iam_emulator.wasm`) as BufferSource });
    instantiated = true;
  }
  try {
    return work(glue);
  } catch (error) {
    throw error instanceof Error ? error : new YcIamError(error as ErrorDetails);
  }
}

/** @internal */
export class EmulatorCore {
  readonly #core: glue.Emulator;
  readonly #clock: () => number;

  constructor(options: EmulatorOptions) {
    this.#core = call(() => new glue.Emulator(options));
    this.#clock = options.clock ?? (() => Date.now() / 1000);
  }

  serveAt(url: string): void {
    call(() => this.#core.serveAt(url));
  }

  handle({ method, target, headers, body }: IncomingRequest): Reply {
    return call(() => this.#core.handle(method, target, headers, body, this.#clock())) as Reply;
  }

  handleKubernetes({ method, target, headers, body }: IncomingRequest): Reply {
    return call(() => this.#core.handleKubernetes(method, target, headers, body, this.#clock())) as Reply;
  }

  generateClusterTls(): ClusterTls {
    // Clients judge it by the system's clock.
    return call((module) => module.generateClusterTls(Date.now() / 1000)) as ClusterTls;
  }

  setClusterIssuer(issuer: CoreIssuer, audiences: readonly string[]): void {
    call(() => this.#core.setClusterIssuer(issuer, [...audiences]));
  }

  addPod(namespace: string, name: string): void {
    call(() => this.#core.addPod(namespace, name, this.#clock()));
  }

  removePod(namespace: string, name: string): boolean {
    return call(() => this.#core.removePod(namespace, name));
  }

  createSecret(folderId: string, name: string, entries: SecretEntries): string {
    return call(() => this.#core.createSecret(folderId, name, entries));
  }

  addSecretVersion(secretId: string, entries: SecretEntries): string {
    return call(() => this.#core.addSecretVersion(secretId, entries));
  }

  setSecretActive(secretId: string, isActive: boolean): boolean {
    return call(() => this.#core.setSecretActive(secretId, isActive));
  }

  deleteSecret(secretId: string): boolean {
    return call(() => this.#core.deleteSecret(secretId));
  }

  addAccessBinding(resourceId: string, role: string, subjectId: string): void {
    call(() => this.#core.addAccessBinding(resourceId, role, subjectId));
  }

  removeAccessBinding(resourceId: string, role: string, subjectId: string): boolean {
    return call(() => this.#core.removeAccessBinding(resourceId, role, subjectId));
  }

  orderOperationFailure({ code, message, details = [], detectedEarly = false }: OperationFailure): void {
    call(() => this.#core.orderOperationFailure(code, message, JSON.stringify(details), detectedEarly));
  }

  createServiceAccount(name: string): string {
    return call(() => this.#core.createServiceAccount(name));
  }

  createKey(serviceAccountId: string, privateKey: string): string {
    return call(() => this.#core.createKey(serviceAccountId, privateKey, this.#clock()));
  }

  deleteKey(keyId: string): boolean {
    return call(() => this.#core.deleteKey(keyId));
  }

  revokeToken(token: string): boolean {
    return call(() => this.#core.revokeToken(token));
  }

  revokeAllTokens(): void {
    call(() => this.#core.revokeAllTokens());
  }

  get tokensIssued(): number {
    return call(() => this.#core.tokensIssued);
  }

  get requests(): ReceivedRequest[] {
    return call(() => this.#core.requests) as ReceivedRequest[];
  }

  log(): string {
    return call(() => this.#core.log());
  }

  forgetRequests(): void {
    call(() => this.#core.forgetRequests());
  }

  orderFault(fault: EmulatorFault): void {
    const { retryAfter } = fault;
    call(() => this.#core.orderFault(retryAfter === undefined ? fault : { ...fault, retryAfter: String(retryAfter) }));
  }

  cancelFaults(): void {
    call(() => this.#core.cancelFaults());
  }

  setClockOffset(secs: number): void {
    call(() => this.#core.setClockOffset(secs));
  }

  createUser(login: string): string {
    return call(() => this.#core.createUser(login));
  }

  createOauthToken(userId: string): string {
    return call(() => this.#core.createOauthToken(userId));
  }

  revokeOauthToken(token: string): boolean {
    return call(() => this.#core.revokeOauthToken(token));
  }

  attachServiceAccount(serviceAccountId: string | undefined): void {
    call(() => this.#core.attachServiceAccount(serviceAccountId));
  }

  allowImpersonation(subjectId: string, serviceAccountId: string): void {
    call(() => this.#core.allowImpersonation(subjectId, serviceAccountId));
  }

  trust(issuer: CoreIssuer): string {
    return call(() => this.#core.trust(issuer, this.#clock()));
  }

  createFederation(name: string, options: FederationOptions): string {
    return call(() => this.#core.createFederation({ ...options, name }, this.#clock()));
  }

  deleteFederation(federationId: string): boolean {
    return call(() => this.#core.deleteFederation(federationId));
  }

  createFederatedCredential(serviceAccountId: string, federationId: string, subject: string): string {
    return call(() => this.#core.createFederatedCredential(serviceAccountId, federationId, subject, this.#clock()));
  }

  deleteFederatedCredential(id: string): boolean {
    return call(() => this.#core.deleteFederatedCredential(id));
  }

  publishKeys(jwksUrl: string, jwks: string): void {
    call(() => this.#core.publishKeys(jwksUrl, jwks));
  }
}
