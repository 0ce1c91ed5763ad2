// One call of an API: the core says what to do, this does it.

import type { Task } from "../dist/wasm/yc_iam_tools.js";
import type { CallOptions } from "./caller.js";
import type { HttpAction } from "./core.js";
import { LockboxPayload, type ReadPayload } from "./lockbox-payload.js";
import type { Credentials, Endpoints, ErrorDetails, Fetch } from "./node.js";
import { internals, YcIamError } from "./node.js";
import { call as callCore, type CoreCall, described, type Glue } from "./tools-core.js";

const { now, onAbort, send, sleepUntil, wipe } = internals;

/** What a call says next; `bindings/wasm/src/tools/call.rs` makes these. */
type CallStep =
  | { kind: "authorize"; refused: string | undefined; until: number }
  | { kind: "perform"; id: number; action: HttpAction }
  | { kind: "wait"; until: number }
  | { kind: "done"; answer: unknown }
  | { kind: "fail"; error: ErrorDetails };

/** A page holds a thousand items at most, and the core takes no more than this. */
const MAX_BODY = 8 * 1024 * 1024;

/** Carries out a task with a token of these credentials'. */
export async function run<T>(
  credentials: Credentials,
  endpoints: Endpoints,
  fetch: Fetch,
  task: (core: Glue) => Task,
  options: CallOptions,
): Promise<T> {
  const { timeout } = options;
  if (timeout !== undefined && typeof timeout !== "number") throw new TypeError("`timeout` is not a number of seconds");
  const signal = options.signal ?? undefined;
  const entropy = crypto.getRandomValues(new Uint8Array(16));
  const call = callCore((core) => new core.Call(task(core), described(endpoints), timeout, entropy));
  try {
    return (await carriedOut()) as T;
  } finally {
    // However it ends, its memory is wiped at once, not when somebody collects it. Nothing of it is under way any more.
    callCore(() => call.free());
  }

  async function carriedOut(): Promise<unknown> {
    for (;;) {
      signal?.throwIfAborted();
      const step = callCore(() => call.poll(now())) as CallStep;
      if (step.kind === "authorize") await authorize(call, step.refused, step.until);
      else if (step.kind === "perform") await perform(call, step.id, step.action, fetch, signal);
      else if (step.kind === "wait") await sleepUntil(step.until, signal);
      else if (step.kind === "fail") throw new YcIamError(step.error);
      else return isPayload(step.answer) ? new LockboxPayload(step.answer) : step.answer;
    }
  }

  async function authorize(call: CoreCall, refused: string | undefined, until: number): Promise<void> {
    if (refused !== undefined) credentials.invalidate(refused);
    const enough = new AbortController();
    const stop = signal && onAbort(signal, () => enough.abort(signal.reason));
    // Whoever has no more time stops waiting for the exchange, which goes on for the others; the call knows what it means.
    const late = sleepUntil(until, enough.signal).catch(() => undefined);
    try {
      const token = await Promise.race([credentials.getToken({ signal: enough.signal }), late]);
      if (token !== undefined) callCore(() => call.authorize(token.value));
    } catch (error) {
      if (refused === undefined || !(error instanceof YcIamError)) throw error;
      // There is no other: the call ends in the answer that refused it.
      callCore(() => call.authorize(refused));
    } finally {
      stop?.();
      enough.abort();
    }
  }
}

/** No other answer has values. */
function isPayload(answer: unknown): answer is ReadPayload {
  return typeof answer === "object" && answer !== null && "values" in answer;
}

async function perform(
  call: CoreCall,
  id: number,
  action: HttpAction,
  fetch: Fetch,
  signal: AbortSignal | undefined,
): Promise<void> {
  const outcome = await send(action, fetch, { signal, maxBody: MAX_BODY });
  try {
    // A cancelled request is nobody's any more.
    signal?.throwIfAborted();
    callCore(() => {
      if ("status" in outcome) call.completeResponse(id, now(), outcome.status, outcome.headers, outcome.body);
      else call.completeFailure(id, now(), outcome.kind, outcome.detail);
    });
  } finally {
    wipe(outcome);
  }
}
