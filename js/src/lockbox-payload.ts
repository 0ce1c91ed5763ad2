import { internals } from "./node.js";
import { inspect } from "./redacted.js";
import { call } from "./tools-core.js";

/** @internal What the core reads of an answer. */
export interface ReadPayload {
  versionId: string;
  keys: string[];
  /** In the keys' order. */
  values: Uint8Array[];
}

const wipe = (values: Iterable<Uint8Array>): void => {
  for (const value of values) value.fill(0);
};

/** Not every platform says when an object is no longer used. */
const unused = typeof FinalizationRegistry === "undefined" ? undefined : new FinalizationRegistry(wipe);

/**
 * The payload of a secret: values by their keys. Printed, logged or turned into JSON, it shows the keys only.
 *
 * It keeps the values to itself: each call gives a copy.
 */
export class LockboxPayload {
  readonly #keys: readonly string[];
  readonly #values: ReadonlyMap<string, Uint8Array>;
  /** The ID of the version that was read. */
  readonly versionId: string;

  /** @internal */
  constructor({ versionId, keys, values }: ReadPayload) {
    this.versionId = versionId;
    this.#keys = keys;
    // Of two values under one key the first counts, as in the core.
    this.#values = new Map(values.map((value, at) => [keys[at] as string, value] as const).reverse());
    unused?.register(this, values);
  }

  /** The keys, in the service's order. */
  keys(): string[] {
    return [...this.#keys];
  }

  /**
   * The value under this key as text: a secret.
   *
   * @throws {YcIamError} `invalid_argument` if there is none, or it is not text.
   */
  text(key: string): string {
    const wanted = internals.text("key", key);
    return call((core) => core.lockboxText([...this.#keys], wanted, this.#values.get(wanted))) as string;
  }

  /**
   * The value under this key, text or binary, as bytes: a secret.
   *
   * @throws {YcIamError} `invalid_argument` if there is none.
   */
  bytes(key: string): Uint8Array {
    const value = this.#values.get(internals.text("key", key));
    // The core says what is wrong.
    return value?.slice() ?? new TextEncoder().encode(this.text(key));
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
