import { authorizedFetch, type FetchInput } from "./authorized-fetch.js";
import { call, type CoreSession, type Step, type UseStep } from "./core.js";
import { perform, type Tools } from "./effects.js";
import { coreEndpoints, Endpoints } from "./endpoints.js";
import { YcIamError } from "./errors.js";
import type { Fetch } from "./http.js";
import { coreKey, type KeyLike, ServiceAccountKey, signerOfKey } from "./key.js";
import { inspect } from "./redacted.js";
import type { Signer } from "./signer.js";
import { Token } from "./token.js";
import { now, sleepUntil, untilAborted } from "./wait.js";

/** Options of credentials. */
export interface CredentialsOptions {
  /** Where the services are; by default what the environment asks for with `YC_IAM_ENDPOINT`, else Yandex Cloud. */
  endpoints?: Endpoints | undefined;
  /** Sends requests in place of the global `fetch`. */
  fetch?: Fetch | undefined;
  /** Who signs; by default the platform's own cryptography where there is one. */
  signer?: Signer | undefined;
}

/** Options of a call that may have to wait for a token. */
export interface GetTokenOptions {
  /** Gives up waiting. The exchange goes on for those who wait too. */
  signal?: AbortSignal | null | undefined;
}

/** A token, and the local times between which the core need not be asked. */
interface Fresh {
  readonly token: Promise<Token>;
  readonly since: number;
  readonly until: number;
}

/**
 * Gives IAM tokens: gets one when it is first asked, keeps it, renews it in time.
 *
 * Keep one for as long as the program runs. However many callers ask at once, there is one exchange.
 */
export class Credentials {
  readonly #session: CoreSession;
  readonly #name: string;
  readonly #tools: Tools;
  #fresh: Fresh | undefined;
  #token: Token | undefined;
  #flight: Promise<Token> | undefined;
  #departures = 0;

  private constructor(session: CoreSession, name: string, tools: Tools) {
    this.#session = session;
    this.#name = name;
    this.#tools = tools;
  }

  /**
   * Credentials of a service account. Nothing is sent yet.
   *
   * `key`: a `ServiceAccountKey`, a key file's path, its content, or its JSON as an object, which is not changed.
   *
   * @throws {YcIamError} with the fault `key`, or `unreadable_file`.
   */
  static serviceAccount(key: KeyLike, options: CredentialsOptions = {}): Credentials {
    const { endpoints = Endpoints.fromEnv() } = options;
    // Looked up at each call, so that whoever replaces the global one replaces it here too.
    const fetch = options.fetch ?? ((input, init) => globalThis.fetch(input, init));
    const account = ServiceAccountKey.from(key);
    const signer = signerOfKey(account, options.signer);
    // Spreads the renewals of a fleet; not a secret.
    const [seed = 0n] = globalThis.crypto.getRandomValues(new BigUint64Array(1));
    const session = call(
      (core) => new core.Session(coreKey(account), coreEndpoints(endpoints), seed, signer !== undefined),
    );
    return new Credentials(session, `service account ${account.serviceAccountId}`, { fetch, signer });
  }

  /**
   * A token that is good for at least the next minute. At once while the last one is fresh; otherwise after an
   * exchange, and new tries where that can help.
   *
   * @throws {YcIamError} where there is none; the signal's reason if it was aborted.
   */
  getToken(options: GetTokenOptions = {}): Promise<Token> {
    const fresh = this.#fresh;
    if (fresh !== undefined && !options.signal?.aborted) {
      const time = now();
      if (time < fresh.until && time >= fresh.since) return fresh.token;
    }
    return this.#obtain(options.signal ?? undefined);
  }

  /**
   * The value of the `Authorization` header: `Bearer ` and a token.
   *
   * @throws as `getToken` does.
   */
  async authorization(options: GetTokenOptions = {}): Promise<string> {
    return (await this.getToken(options)).authorization;
  }

  /**
   * Drops a token because a service answered 401 to it; the next call gets another. Ignored unless it is still the
   * current one, so late callers do no harm. True if it was dropped.
   */
  invalidate(token: Token | string): boolean {
    const value = typeof token === "string" ? token : token.value;
    const dropped = call(() => this.#session.invalidate(value));
    if (dropped) this.#fresh = undefined;
    return dropped;
  }

  /**
   * Like the global `fetch`, with the token in the `Authorization` header. If the service answers 401, the token is
   * renewed and the request sent once more, unless its body is a stream or a `Request`'s, which cannot be read twice.
   *
   * Only to https URLs and loopback addresses. Redirects are up to `init.redirect`; `fetch` itself takes the token
   * off when one leads to another origin.
   *
   * @throws {YcIamError} `insecure_endpoint` for any other URL; as `getToken` and `fetch` do.
   */
  fetch(input: FetchInput, init?: RequestInit): Promise<Response> {
    return authorizedFetch(this, this.#tools.fetch, input, init);
  }

  toString(): string {
    return this[inspect]();
  }

  toJSON(): string {
    return this[inspect]();
  }

  /** @internal */
  [inspect](): string {
    return `<Credentials of ${this.#name}>`;
  }

  async #obtain(signal: AbortSignal | undefined): Promise<Token> {
    signal?.throwIfAborted();
    const step = this.#poll();
    if (step.kind === "use") return this.#remembered(step);
    if (step.kind === "fail") throw new YcIamError(step.error);
    // An effect belongs to a flight of its own. One that was thought lost finds out and follows the new one.
    const flight = step.kind === "perform" || this.#flight === undefined ? this.#depart(step) : this.#flight;
    return untilAborted(flight, signal);
  }

  #poll(): Step {
    const time = now();
    const step = call(() => this.#session.poll(time)) as Step;
    if (step.kind === "use") {
      const token = Promise.resolve(this.#remembered(step));
      // A clock that is set back behind the time when this was learnt makes it unknown again.
      this.#fresh = { token, since: time - 1, until: step.freshUntil };
    }
    return step;
  }

  #remembered(step: UseStep): Token {
    if (this.#token?.value !== step.value) this.#token = Token.of(step);
    return this.#token as Token;
  }

  /** Starts a flight that belongs to nobody, so that nobody can cancel it for the others. */
  #depart(step: Step): Promise<Token> {
    const departure = ++this.#departures;
    const flight = this.#fly(step, departure).finally(() => {
      if (departure === this.#departures) this.#flight = undefined;
    });
    // Whoever still waits sees the rejection; there may be nobody.
    flight.catch(() => undefined);
    this.#flight = flight;
    return flight;
  }

  async #fly(first: Step, departure: number): Promise<Token> {
    for (let step = first; ; step = this.#poll()) {
      if (step.kind === "use") return this.#remembered(step);
      if (step.kind === "fail") throw new YcIamError(step.error);
      if (step.kind === "perform") await perform(this.#session, step, this.#tools);
      else await sleepUntil(step.until);
      if (departure !== this.#departures && this.#flight !== undefined) return this.#flight;
    }
  }
}
