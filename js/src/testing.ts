// For tests: an emulator of the service, on a real port of this machine.

import { generateKeyPairSync } from "node:crypto";
import { type EmulatorFault, type EmulatorOptions, EmulatorCore, type ReceivedRequest } from "./emulator-core.js";
import { startServer, type RunningServer } from "./emulator-server.js";
import { Endpoints, type Token } from "./node.js";

export type { EmulatorFault, EmulatorOptions, ReceivedRequest } from "./emulator-core.js";

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

/** Makes an RSA private key, as a PKCS#8 PEM block. Blocks for some tenths of a second. */
export function generatePrivateKey(bits = 2048): string {
  return generateKeyPairSync("rsa", {
    modulusLength: bits,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  }).privateKey;
}
