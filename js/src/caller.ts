// How the uses of a token reach the core's second module.

import type * as glue from "../dist/wasm/yc_iam_tools.js";

/** Options of a call to one of the cloud's APIs. */
export interface CallOptions {
  /** Gives up: the promise rejects with the signal's reason, and the connection is closed. */
  signal?: AbortSignal | null | undefined;
  /**
   * How many seconds the call may take in all, new tries and the exchange for its token included; by default a minute,
   * and ten where an operation is waited for.
   */
  timeout?: number | undefined;
}

/** Which page of a list. */
export interface PageOptions {
  /** How many items it may have, 1 to 1000; by default as many as the service likes, which is 100. */
  pageSize?: number | undefined;
  /** The `nextPageToken` of the page before; none for the first. */
  pageToken?: string | undefined;
}

/** A page of a list. */
export interface Page<T> {
  /** The items, in the service's order. */
  readonly items: T[];
  /** What to ask for the next page with; `undefined` if this is the last. */
  readonly nextPageToken: string | undefined;
}

/** @internal */
export type ToolsCore = typeof glue;

/** @internal Carries out a task with a token of the credentials'. */
export type Caller = <T>(task: (core: ToolsCore) => glue.Task, options: CallOptions) => Promise<T>;

/** @internal What the core reads of these. */
export function page({ pageSize, pageToken }: PageOptions): PageOptions {
  return { pageSize, pageToken };
}
