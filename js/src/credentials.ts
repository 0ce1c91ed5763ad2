import { authorizedFetch } from "./authorized-fetch.js";
import type { Caller, CallOptions } from "./caller.js";
import type { Tools } from "./effects.js";
import { Endpoints } from "./endpoints.js";
import { FederatedCredentials } from "./federated-credentials.js";
import { Federations } from "./federations.js";
import { variables } from "./files.js";
import { tokenValue, unexpected } from "./given.js";
import { host } from "./host.js";
import { type Fetch, globalFetch } from "./http.js";
import { type KeyLike, ServiceAccountKey, signersOfKey } from "./key.js";
import { Lockbox } from "./lockbox.js";
import { Operations } from "./operations.js";
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
import { Renewal } from "./renewal.js";
import type { FetchInput } from "./sent-request.js";
import { SessionSigners } from "./signer.js";
import type { Token } from "./token.js";

/**
 * Gives IAM tokens: gets one when it is first asked, keeps it, renews it in time.
 *
 * Keep one for as long as the program runs. However many callers ask at once, there is one exchange.
 */
export class Credentials {
  readonly #origin: Origin;
  readonly #endpoints: Endpoints;
  readonly #tools: Tools;
  readonly #renewal: Renewal;
  readonly #call: Caller = async (task, options) => {
    await host().prepareTools?.();
    return host().tools().run(this, this.#endpoints, this.#tools.fetch, task, options);
  };

  private constructor(origin: Origin, endpoints: Endpoints, tools: Tools) {
    this.#origin = origin;
    this.#endpoints = endpoints;
    this.#tools = tools;
    this.#renewal = new Renewal(origin, endpoints, tools);
    // Whoever passes one of these on, to a client that takes a `fetch` for instance, passes on whose it is.
    for (const name of ["fetch", "getToken", "authorization"] as const) {
      Object.defineProperty(this, name, { value: this[name].bind(this), writable: true, configurable: true });
    }
  }

  static #from(origin: Origin, options: CredentialsOptions, tools: Partial<Tools> = {}): Credentials {
    const { endpoints = Endpoints.fromEnv() } = options;
    // Looked up at each call, so that whoever replaces the global one replaces it here too.
    const fetch: unknown = options.fetch ?? globalFetch;
    if (!isFetch(fetch)) throw unexpected("fetch", "is not a function", fetch);
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
   * the service is: an https URL, or a host on loopback.
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
    if (!(source instanceof Credentials)) throw unexpected("source", "is not credentials", source);
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
   * 11. the metadata service if it answers within a second with an IAM token, unless `probeMetadata` is false
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
   * A token that is good for another minute at least, or a tenth of its life if that is shorter. At once while the
   * last one is fresh; otherwise after an exchange, and new tries where that can help.
   *
   * @throws {YcIamError} where there is none; the signal's reason if it was aborted.
   */
  getToken(options: GetTokenOptions = {}): Promise<Token> {
    return this.#renewal.getToken(options.signal ?? undefined);
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
    return this.#renewal.invalidate(tokenValue(token));
  }

  /**
   * Ends an IAM token at once, for everybody; if it is these credentials' current one, the next call gets another. Gives
   * the ID of the account that it was for.
   *
   * @throws {YcIamError} `invalid_credential` for what cannot be an IAM token; what the service says; as `getToken` does.
   */
  async revoke(token: Token | string, options: CallOptions = {}): Promise<string> {
    const value = tokenValue(token);
    const subjectId: string = await this.#call(({ Task }) => Task.revoke(value), options);
    this.invalidate(value);
    return subjectId;
  }

  /** The secrets of Lockbox. */
  get lockbox(): Lockbox {
    return new Lockbox(this.#call);
  }

  /** Which external subjects may act as which service accounts. */
  get federatedCredentials(): FederatedCredentials {
    return new FederatedCredentials(this.#call);
  }

  /** Workload identity federations: the external issuers that are trusted. */
  get federations(): Federations {
    return new Federations(this.#call);
  }

  /** What the cloud does after it has answered. */
  get operations(): Operations {
    return new Operations(this.#call);
  }

  /**
   * Like the global `fetch`, with the token in the `Authorization` header. If the service answers 401, the token is
   * renewed and the request sent once more, unless its body is a stream or a `Request`'s, which cannot be read twice.
   *
   * Only to https URLs and loopback addresses. What is passed counts as it is at the call. Redirects are up to
   * `init.redirect`; the token is taken off when one leads to another origin.
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
}

const isFetch = (given: unknown): given is Fetch => typeof given === "function";
