import { authorizedFetch, type FetchInput } from "./authorized-fetch.js";
import { call, type CoreSession, type Step, type UseStep } from "./core.js";
import { perform, type Tools } from "./effects.js";
import { coreEndpoints, Endpoints } from "./endpoints.js";
import { YcIamError } from "./errors.js";
import { variables } from "./files.js";
import { host } from "./host.js";
import { type KeyLike, ServiceAccountKey, signersOfKey } from "./key.js";
import type {
  CredentialsOptions,
  DefaultOptions,
  FixedOptions,
  GetTokenOptions,
  SigningOptions,
  WorkloadIdentityOptions,
} from "./options.js";
import * as origins from "./origin.js";
import type { FunctionContext, Origin } from "./origin.js";
import { inspect } from "./redacted.js";
import { SessionSigners } from "./signer.js";
import { Token } from "./token.js";
import { now, sleepUntil, untilAborted } from "./wait.js";

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
  readonly #origin: Origin;
  readonly #endpoints: Endpoints;
  readonly #tools: Tools;
  #fresh: Fresh | undefined;
  #token: Token | undefined;
  #flight: Promise<Token> | undefined;
  #departures = 0;

  private constructor(origin: Origin, endpoints: Endpoints, tools: Tools) {
    this.#origin = origin;
    this.#endpoints = endpoints;
    this.#tools = tools;
    const source = origin.source();
    // Spreads the renewals of a fleet; not a secret.
    const [seed = 0n] = globalThis.crypto.getRandomValues(new BigUint64Array(1));
    this.#session = call((core) => new core.Session(source, coreEndpoints(endpoints), seed));
  }

  static #from(origin: Origin, options: CredentialsOptions, tools: Partial<Tools> = {}): Credentials {
    const { endpoints = Endpoints.fromEnv() } = options;
    // Looked up at each call, so that whoever replaces the global one replaces it here too.
    const fetch = options.fetch ?? ((input, init) => globalThis.fetch(input, init));
    return new Credentials(origin, endpoints, {
      fetch,
      signers: tools.signers ?? new SessionSigners(undefined),
      supplier: tools.supplier,
    });
  }

  /**
   * Credentials of a service account. Nothing is sent yet.
   *
   * `key`: a `ServiceAccountKey`, a key file's path, its content, or its JSON as an object, which is not changed.
   *
   * @throws {YcIamError} with the fault `key`, or `unreadable_file`.
   */
  static serviceAccount(key: KeyLike, options: SigningOptions = {}): Credentials {
    const { signer } = options;
    const account = ServiceAccountKey.from(key);
    const known = signersOfKey(account);
    // Says at once what cannot be.
    known.choose(signer);
    const signers = new SessionSigners(signer, account.id, known);
    return Credentials.#from(origins.serviceAccount(account), options, { signers });
  }

  /**
   * Credentials of a Yandex account, by its OAuth token. Nothing is sent yet.
   *
   * @throws {YcIamError} `invalid_credential` for what cannot be an OAuth token.
   */
  static oauth(token: string, options: CredentialsOptions = {}): Credentials {
    return Credentials.#from(origins.oauth(token), options);
  }

  /**
   * Credentials of a service account by workload identity federation (RFC 8693), without any key. Nothing is sent yet.
   *
   * Exactly one option says where the external OIDC token is found, anew at each renewal: `tokenFile`, `tokenEnv`,
   * `token`, `tokenUrl` with `tokenHeaders` and `tokenField`, or `githubActions` with `audience`.
   *
   * @throws {YcIamError} `invalid_argument` for an impossible ID or header; `invalid_endpoint` and `insecure_endpoint` for
   *   an impossible URL; `missing_variable` outside of a GitHub job that may ask for tokens.
   */
  static workloadIdentity(serviceAccountId: string, options: WorkloadIdentityOptions): Credentials {
    const supplier = typeof options.token === "function" ? options.token : undefined;
    return Credentials.#from(origins.workloadIdentity(serviceAccountId, options), options, { supplier });
  }

  /**
   * Credentials of the service account that is attached to this VM or pod, by the metadata service. Nothing is sent yet.
   *
   * Anywhere else, `getToken` rejects with `metadata_unavailable` within a second. `YC_METADATA_ADDR` says where else
   * the service is.
   */
  static metadata(options: CredentialsOptions = {}): Credentials {
    return Credentials.#from(origins.metadata(), options);
  }

  /**
   * Credentials of a function's service account, for one invocation: make them in the handler.
   *
   * `context`: what the handler gets as its second argument, or the `token` of it.
   *
   * @throws {YcIamError} `no_service_account` if the function has none; `invalid_credential` for what is no such token.
   */
  static function(context: FunctionContext, options: CredentialsOptions = {}): Credentials {
    return Credentials.#from(origins.invocation(context), options);
  }

  /**
   * An IAM token that somebody else got; it cannot be renewed.
   *
   * @throws {YcIamError} `invalid_credential` for what cannot be an IAM token.
   */
  static fixed(token: string, options: FixedOptions = {}): Credentials {
    return Credentials.#from(origins.fixed(token, options.expiresAt), options);
  }

  /**
   * Credentials of another service account, through credentials that may create tokens for it: their account has the
   * role `iam.serviceAccounts.tokenCreator`. Nothing is sent yet.
   *
   * `source` shows the way and stays what it is: these get a token of their own through it. Endpoints and `fetch` are
   * its own by default.
   *
   * @throws {YcIamError} `invalid_argument` for an impossible ID.
   */
  static impersonate(serviceAccountId: string, source: Credentials, options: CredentialsOptions = {}): Credentials {
    if (!(source instanceof Credentials)) throw new TypeError("`source` is not credentials");
    const { endpoints = source.#endpoints, fetch = source.#tools.fetch } = options;
    return Credentials.#from(origins.impersonation(serviceAccountId, source.#origin), { endpoints, fetch }, source.#tools);
  }

  /**
   * Credentials by the environment, which is looked at now, and once: the first of these that is there is used, and no
   * other is tried. Nothing is sent yet.
   *
   * 1. `YC_SERVICE_ACCOUNT_KEY_FILE`: a key file's path, or its content
   * 2. `YDB_SERVICE_ACCOUNT_KEY_FILE_CREDENTIALS`: a key file's path
   * 3. `YDB_SERVICE_ACCOUNT_KEY_CREDENTIALS`: a key file's content
   * 4. `YC_IAM_TOKEN`: an IAM token
   * 5. `YC_TOKEN`: an IAM token or an OAuth token
   * 6. `YDB_ACCESS_TOKEN_CREDENTIALS`: an IAM token
   * 7. `YC_OAUTH_TOKEN`: an OAuth token
   * 8. `YC_WORKLOAD_IDENTITY_TOKEN_FILE` and `YC_SERVICE_ACCOUNT_ID`: an external token's path, and whose it is
   * 9. the option `context`: a function's, as `Credentials.function` takes it
   * 10. `YDB_METADATA_CREDENTIALS=1` or `YC_METADATA_ADDR`: the metadata service
   * 11. the metadata service if it answers within a second, unless `probeMetadata` is false
   *
   * An empty variable counts as not set. Printed, the credentials say what is used.
   *
   * @throws {YcIamError} what is wrong with the first that is set; `no_credentials` lists everything that was tried if
   *   there is nothing, here or, after the probe, from `getToken`.
   */
  static default(options: DefaultOptions = {}): Credentials {
    const { context, probeMetadata = host().mayHaveMetadata ?? false, variables: environment = variables() } = options;
    const { endpoints = Endpoints.fromEnv(environment), fetch } = options;
    const signers = new SessionSigners(options.signer);
    return Credentials.#from(origins.byEnvironment(environment, context, probeMetadata), { endpoints, fetch }, { signers });
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
    return `<Credentials of ${this.#origin.name}>`;
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
