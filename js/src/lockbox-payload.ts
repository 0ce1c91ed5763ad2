import { internals } from "./node.js";
import { inspect } from "./redacted.js";
import { call, type CorePayload } from "./tools-core.js";

/**
 * The payload of a secret: values by their keys. Printed, logged or turned into JSON, it shows the keys only.
 *
 * The values lie in the core's memory until they are asked for; each call gives a copy.
 */
export class LockboxPayload {
  readonly #core: CorePayload;
  /** The ID of the version that was read. */
  readonly versionId: string;

  /** @internal */
  constructor(core: CorePayload) {
    this.#core = core;
    this.versionId = call(() => core.versionId);
  }

  /** The keys, in the service's order. */
  keys(): string[] {
    return call(() => this.#core.keys());
  }

  /**
   * The value under this key as text: a secret.
   *
   * @throws {YcIamError} `invalid_argument` if there is none, or it is not text.
   */
  text(key: string): string {
    return call(() => this.#core.text(internals.text("key", key))) as string;
  }

  /**
   * The value under this key, text or binary, as bytes: a secret.
   *
   * @throws {YcIamError} `invalid_argument` if there is none.
   */
  bytes(key: string): Uint8Array {
    return call(() => this.#core.bytes(internals.text("key", key)));
  }

  toString(): string {
    return this[inspect]();
  }

  toJSON(): { versionId: string; keys: string[] } {
    return { versionId: this.versionId, keys: this.keys() };
  }

  /** @internal */
  [inspect](): string {
    return `LockboxPayload { versionId: '${this.versionId}', keys: ${JSON.stringify(this.keys())} }`;
  }
}
