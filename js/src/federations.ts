import { type Caller, type CallOptions, page, type Page, type PageOptions } from "./caller.js";
import { text } from "./given.js";

/** An external issuer that is trusted. */
export interface Federation {
  /** Its ID. */
  readonly id: string;
  /** Its name, unique within the folder. */
  readonly name: string;
  /** The folder that it belongs to. */
  readonly folderId: string;
  /** May be empty. */
  readonly description: string;
  /** Whether its tokens are refused at present. */
  readonly disabled: boolean;
  /** The values of `aud`, one of which a token must have. */
  readonly audiences: string[];
  /** The `iss` that tokens must have, letter for letter. */
  readonly issuer: string;
  /** Where the issuer's public keys are (RFC 7517). */
  readonly jwksUrl: string;
  /** Labels, names and values. */
  readonly labels: Record<string, string>;
  /** When it was created: seconds since the epoch. */
  readonly createdAt: number | undefined;
}

/** What can be changed of a federation; what is not given stays as it is. */
export interface FederationChanges {
  /** Its name, unique within the folder. */
  name?: string | undefined;
  /** Up to 256 characters. */
  description?: string | undefined;
  /** Whether its tokens are refused. */
  disabled?: boolean | undefined;
  /** The values of `aud` that count: 1 to 100 of up to 255 characters. */
  audiences?: readonly string[] | undefined;
  /** Where the issuer's public keys are: an https URL. */
  jwksUrl?: string | undefined;
  /** Up to 64. */
  labels?: Readonly<Record<string, string>> | undefined;
}

/** What a new federation is to say. */
export interface NewFederation extends FederationChanges {
  /** The folder that it is to belong to. */
  folderId: string;
  /** Its name, unique within the folder. */
  name: string;
  /** The `iss` of the tokens: an https URL. It cannot be changed later. */
  issuer: string;
  /** The values of `aud` that count: 1 to 100 of up to 255 characters. */
  audiences: readonly string[];
  /** Where the issuer's public keys are: an https URL. */
  jwksUrl: string;
}

/**
 * Workload identity federations of OIDC issuers. Needs the role `iam.workloadIdentityFederations.editor` in the folder,
 * or `iam.workloadIdentityFederations.viewer` to read.
 *
 * Every function throws a `YcIamError`: `invalid_argument` for what is impossible, what the service says, and what
 * `getToken` throws.
 */
export class Federations {
  readonly #call: Caller;

  /** @internal */
  constructor(call: Caller) {
    this.#call = call;
  }

  /** Makes a federation, and waits until it is there. */
  create(given: NewFederation, options: CallOptions = {}): Promise<Federation> {
    const { folderId, ...fields } = given;
    return this.#call(({ Task }) => Task.createFederation(text("folderId", folderId), fields), options);
  }

  /** Reads one. */
  get(id: string, options: CallOptions = {}): Promise<Federation> {
    return this.#call(({ Task }) => Task.getFederation(text("id", id)), options);
  }

  /** Reads all those of a folder, page after page. */
  async list(folderId: string, options: CallOptions = {}): Promise<Federation[]> {
    return (await this.#list(folderId, undefined, options)).items;
  }

  /** Reads one page of those of a folder. */
  listPage(folderId: string, options: PageOptions & CallOptions = {}): Promise<Page<Federation>> {
    return this.#list(folderId, page(options), options);
  }

  /** Changes the fields that are given and no other, and waits until it is done. */
  update(id: string, changes: FederationChanges, options: CallOptions = {}): Promise<Federation> {
    return this.#call(({ Task }) => Task.updateFederation(text("id", id), changes), options);
  }

  /** Deletes one, and waits until it is gone. Its federated credentials are worth nothing then. */
  delete(id: string, options: CallOptions = {}): Promise<void> {
    return this.#call(({ Task }) => Task.deleteFederation(text("id", id)), options);
  }

  #list(of: string, page: PageOptions | undefined, options: CallOptions): Promise<Page<Federation>> {
    return this.#call(({ Task }) => Task.listFederations(text("folderId", of), page), options);
  }
}
