// The three things that a session can ask for, and how their outcomes are reported.

import { call, type CoreSession, type PerformStep } from "./core.js";
import { host } from "./host.js";
import { type Answer, type Failure, failure, type Fetch, send } from "./http.js";
import { sign, type SignFunction } from "./signer.js";
import { now } from "./wait.js";

/** What effects are done with. */
export interface Tools {
  readonly fetch: Fetch;
  readonly signer: SignFunction | undefined;
}

type Outcome = Answer | { signature: Uint8Array } | { content: Uint8Array } | Failure;

/** Does what the session asks for, and tells it what came of it. */
export async function perform(session: CoreSession, { id, action }: PerformStep, tools: Tools): Promise<void> {
  const outcome = await outcomeOf(action, tools);
  call(() => {
    if ("status" in outcome) session.completeResponse(id, now(), outcome.status, outcome.headers, outcome.body);
    else if ("signature" in outcome) session.completeSignature(id, now(), outcome.signature);
    else if ("content" in outcome) session.completeFile(id, now(), outcome.content);
    else session.completeFailure(id, now(), outcome.kind, outcome.detail);
  });
}

async function outcomeOf(action: PerformStep["action"], { fetch, signer }: Tools): Promise<Outcome> {
  if (action.type === "http") return send(action, fetch);
  try {
    if (action.type === "readFile") return { content: readFile(action.path) };
    if (signer === undefined) throw new Error("there is no signer");
    return { signature: await sign(signer, action.input) };
  } catch (error) {
    return { kind: action.type === "sign" ? "signing" : "file", detail: failure(error).detail };
  }
}

function readFile(path: string): Uint8Array {
  const content = host().readFile?.(path);
  if (content === undefined) throw new Error("there are no files on this platform");
  return content;
}
