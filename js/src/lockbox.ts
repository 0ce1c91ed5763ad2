import type { Caller, CallOptions } from "./caller.js";
import type { LockboxPayload } from "./lockbox-payload.js";
import { text } from "./given.js";

/** Options of reading a secret. */
export interface LockboxOptions extends CallOptions {
  /** The ID of a version of the secret; by default the current one. */
  versionId?: string | undefined;
}

/** The secrets of Lockbox. Needs the role `lockbox.payloadViewer`. */
export class Lockbox {
  readonly #call: Caller;

  /** @internal */
  constructor(call: Caller) {
    this.#call = call;
  }

  /**
   * Reads a secret by its ID.
   *
   * @throws {YcIamError} `invalid_argument` for an impossible ID; `not_found`, `permission_denied` and what else the
   *   service says; as `getToken` does.
   */
  get(secretId: string, options: LockboxOptions = {}): Promise<LockboxPayload> {
    return this.#call(({ Task }) => Task.lockbox(text("secretId", secretId), options.versionId), options);
  }

  /**
   * Reads a secret by its folder's ID and its name.
   *
   * @throws {YcIamError} as `get` does.
   */
  getByName(folderId: string, name: string, options: LockboxOptions = {}): Promise<LockboxPayload> {
    return this.#call(
      ({ Task }) => Task.lockboxByName(text("folderId", folderId), text("name", name), options.versionId),
      options,
    );
  }
}
