// What a session can ask for, and how the outcomes are reported.

import { type Action, call, type CoreSession, type HttpAction, type PerformStep } from "./core.js";
import { readFile, variable } from "./files.js";
import { type Answer, type Failure, failure, type Fetch, send } from "./http.js";
import { type SessionSigners, sign } from "./signer.js";
import { now, within } from "./wait.js";

/** What effects are done with. */
export interface Tools {
  readonly fetch: Fetch;
  readonly signers: SessionSigners;
  /** The program's own source of external tokens. */
  readonly supplier: (() => unknown) | undefined;
}

/** What comes of what is asked for. */
export type Outcome = Answer | { signature: Uint8Array } | { content: Uint8Array } | Failure;

/** What asks, in whichever WebAssembly module it is. */
export type Asking = Pick<CoreSession, "completeResponse" | "completeSignature" | "completeFile" | "completeFailure">;

/** Does what the session asks for, and tells it what came of it. */
export async function perform(session: CoreSession, { id, action }: PerformStep, tools: Tools): Promise<void> {
  const outcome = await outcomeOf(session, action, tools);
  call(() => report(session, id, outcome));
}

/** @internal Tells whoever asked what came of it, and wipes it: it may be a key or a token, and nobody else has it. */
export function report(asking: Asking, id: number, outcome: Outcome): void {
  try {
    if ("status" in outcome) asking.completeResponse(id, now(), outcome.status, outcome.headers, outcome.body);
    else if ("signature" in outcome) asking.completeSignature(id, now(), outcome.signature);
    else if ("content" in outcome) asking.completeFile(id, now(), outcome.content);
    else asking.completeFailure(id, now(), outcome.kind, outcome.detail);
  } finally {
    wipe(outcome);
  }
}

/** @internal Wipes what came in. */
export function wipe(outcome: Outcome): void {
  if ("content" in outcome) outcome.content.fill(0);
  else if ("body" in outcome) outcome.body.fill(0);
}

const FAILURES = { readFile: "file", readVariable: "variable", supply: "supplier", sign: "signing" } as const;

async function outcomeOf(session: CoreSession, action: Action, tools: Tools): Promise<Outcome> {
  if (action.type === "http") return send(action, tools.fetch);
  const outcome = locally(session, action, tools);
  // What is read is there already. A function of the program may never end, and others wait for it.
  if (action.type === "readFile" || action.type === "readVariable") return outcome;
  return within(action.timeout, outcome, { kind: "timeout", detail: "" });
}

async function locally(session: CoreSession, action: Exclude<Action, HttpAction>, tools: Tools): Promise<Outcome> {
  try {
    switch (action.type) {
      case "readFile":
        return { content: readFile(action.path) };
      case "readVariable":
        return { content: encoded(variable(action.name), "") };
      case "supply":
        return { content: encoded(await tools.supplier?.(), "it did not give a string") };
      case "sign":
        return { signature: await sign(tools.signers.of(session), action.input) };
    }
  } catch (error) {
    return { kind: FAILURES[action.type], detail: failure(error).detail };
  }
}

function encoded(text: unknown, problem: string): Uint8Array {
  if (typeof text !== "string") throw new Error(problem);
  return new TextEncoder().encode(text);
}
