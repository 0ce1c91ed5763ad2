import type { UseStep } from "./core.js";
import { inspect, REDACTED } from "./redacted.js";

/** An IAM token. Printed, logged or turned into JSON, it shows its times and not its value. */
export class Token {
  readonly #value: string;
  readonly #authorization: string;
  /** When it ends: seconds since the epoch, by the service's clock. */
  readonly expiresAt: number;
  /** When it was received: seconds since the epoch, by the service's clock as far as it is known. */
  readonly issuedAt: number;

  private constructor(step: UseStep) {
    this.#value = step.value;
    this.#authorization = step.authorization;
    this.expiresAt = step.expiresAt;
    this.issuedAt = step.issuedAt;
  }

  /** @internal */
  static of(step: UseStep): Token {
    return new Token(step);
  }

  /** The token itself: a secret. */
  get value(): string {
    return this.#value;
  }

  /** The value of the `Authorization` header, as RFC 6750 has it: a secret. */
  get authorization(): string {
    return this.#authorization;
  }

  toString(): string {
    return REDACTED;
  }

  toJSON(): { value: string; expiresAt: number; issuedAt: number } {
    return { value: REDACTED, expiresAt: this.expiresAt, issuedAt: this.issuedAt };
  }

  /** @internal */
  [inspect](): string {
    return `Token { value: ${REDACTED}, expiresAt: ${this.expiresAt}, issuedAt: ${this.issuedAt} }`;
  }
}
