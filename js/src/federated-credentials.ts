import { type Caller, type CallOptions, page, type Page, type PageOptions } from "./caller.js";
import { text } from "./given.js";

/** Lets an external subject act as a service account. */
export interface FederatedCredential {
  /** Its ID. */
  readonly id: string;
  /** The service account that the subject may act as. */
  readonly serviceAccountId: string;
  /** The federation whose tokens count. */
  readonly federationId: string;
  /** The `sub` of those tokens, letter for letter: `system:serviceaccount:NAMESPACE:NAME` in Kubernetes. */
  readonly externalSubjectId: string;
  /** When it was created: seconds since the epoch. */
  readonly createdAt: number | undefined;
}

/** What a new federated credential is to say. */
export interface NewFederatedCredential {
  /** The service account that the subject may act as. */
  serviceAccountId: string;
  /** The federation whose tokens count. */
  federationId: string;
  /** The `sub` of those tokens, letter for letter. */
  externalSubjectId: string;
}

/**
 * Which external subjects may act as which service accounts. Needs the role
 * `iam.serviceAccounts.federatedCredentialEditor`, or `iam.serviceAccounts.federatedCredentialViewer` to read.
 *
 * Every function throws a `YcIamError`: `invalid_argument` for what is impossible, what the service says, and what
 * `getToken` throws.
 */
export class FederatedCredentials {
  readonly #call: Caller;

  /** @internal */
  constructor(call: Caller) {
    this.#call = call;
  }

  /** Lets a subject of a federation act as a service account, and waits until it may. */
  create(given: NewFederatedCredential, options: CallOptions = {}): Promise<FederatedCredential> {
    return this.#call(
      ({ Task }) =>
        Task.createFederatedCredential(
          text("serviceAccountId", given.serviceAccountId),
          text("federationId", given.federationId),
          text("externalSubjectId", given.externalSubjectId),
        ),
      options,
    );
  }

  /** Reads one. */
  get(id: string, options: CallOptions = {}): Promise<FederatedCredential> {
    return this.#call(({ Task }) => Task.getFederatedCredential(text("id", id)), options);
  }

  /** Reads all those of a service account, page after page. */
  async list(serviceAccountId: string, options: CallOptions = {}): Promise<FederatedCredential[]> {
    return (await this.#list(serviceAccountId, undefined, options)).items;
  }

  /** Reads one page of those of a service account. */
  listPage(serviceAccountId: string, options: PageOptions & CallOptions = {}): Promise<Page<FederatedCredential>> {
    return this.#list(serviceAccountId, page(options), options);
  }

  /** Deletes one, and waits until it is gone. */
  delete(id: string, options: CallOptions = {}): Promise<void> {
    return this.#call(({ Task }) => Task.deleteFederatedCredential(text("id", id)), options);
  }

  #list(of: string, page: PageOptions | undefined, options: CallOptions): Promise<Page<FederatedCredential>> {
    return this.#call(({ Task }) => Task.listFederatedCredentials(text("serviceAccountId", of), page), options);
  }
}
