import type { Caller, CallOptions } from "./caller.js";
import { text } from "./given.js";

/** An operation as it was when it was looked at. */
export interface Operation {
  /** Its ID. */
  readonly id: string;
  /** What it does, in the service's words; may be empty. */
  readonly description: string;
  /** When it began: seconds since the epoch. */
  readonly createdAt: number | undefined;
  /** Who began it: the ID of a user or a service account. */
  readonly createdBy: string;
  /** When it changed last: seconds since the epoch. */
  readonly modifiedAt: number | undefined;
  /** Whether it has ended. */
  readonly done: boolean;
  /** What the service says about it; often the ID of what it is done to. */
  readonly metadata: Readonly<Record<string, unknown>>;
  /** Why it failed. Can be there before it is done: then it is being cleaned up after. */
  readonly error: OperationError | undefined;
  /** What it made, where it succeeded. */
  readonly response: Readonly<Record<string, unknown>> | undefined;
}

/** Why an operation failed: a `google.rpc.Status`. */
export interface OperationError {
  /** A number of `google.rpc.Code`. */
  readonly code: number;
  /** The service's words. */
  readonly message: string;
  /** What else the service says. */
  readonly details: readonly unknown[];
}

/** What the cloud does after it has answered. */
export class Operations {
  readonly #call: Caller;

  /** @internal */
  constructor(call: Caller) {
    this.#call = call;
  }

  /**
   * Looks at an operation once.
   *
   * @throws {YcIamError} `invalid_argument` for an impossible ID; what the service says; as `getToken` does.
   */
  get(id: string, options: CallOptions = {}): Promise<Operation> {
    return this.#call(({ Task }) => Task.getOperation(text("id", id)), options);
  }

  /**
   * Looks at an operation until it is done.
   *
   * @throws {YcIamError} `operation_failed` if it fails; `operation_unfinished` if the time is over before; as `get` does.
   */
  wait(id: string, options: CallOptions = {}): Promise<Operation> {
    return this.#call(({ Task }) => Task.waitForOperation(text("id", id)), options);
  }
}
