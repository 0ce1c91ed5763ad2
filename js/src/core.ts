// The way into the WebAssembly core: instantiates it at the first use, and turns what it throws into errors.

import * as glue from "../dist/wasm/yc_iam.js";
import { type ErrorDetails, YcIamError } from "./errors.js";
import { host } from "./host.js";

export type Core = typeof glue;
export type CoreEndpoints = glue.Endpoints;
export type CoreKey = glue.ServiceAccountKey;
export type CoreSession = glue.Session;
export type CoreSource = glue.Source;
export type CoreSubjectToken = glue.SubjectToken;
export type CoreSigningInput = glue.SigningInput;

/** What a session says next; `bindings/wasm/src/session/objects.rs` makes these. Times are seconds since the epoch. */
export type Step = UseStep | PerformStep | WaitStep | { kind: "fail"; error: ErrorDetails };

export interface UseStep {
  kind: "use";
  value: string;
  authorization: string;
  expiresAt: number;
  issuedAt: number;
  freshUntil: number;
}

export interface PerformStep {
  kind: "perform";
  id: number;
  action: Action;
}

/** What there is to do, within `timeout` seconds. */
export type Action =
  | HttpAction
  | { type: "readFile"; timeout: number; path: string }
  | { type: "readVariable"; timeout: number; name: string }
  | { type: "supply"; timeout: number }
  | { type: "sign"; timeout: number; input: Uint8Array };

export interface WaitStep {
  kind: "wait";
  until: number;
  inFlight: boolean;
}

export interface HttpAction {
  type: "http";
  method: string;
  url: string;
  headers: [string, string][];
  body: string | undefined;
  /** Seconds. */
  timeout: number;
  useProxy: boolean;
}

/** Calls into the core. */
export const call = entrance(glue, "yc_iam.wasm");

/** The error for something that failed in the host's hands outside a session. */
export function failureError(kind: "file" | "signing", detail: string, cause?: unknown): YcIamError {
  return new YcIamError(call((core) => core.failureError(kind, detail)) as ErrorDetails, cause);
}

/** What every WebAssembly module's glue has. */
interface Glue {
  initSync(module: { module: BufferSource | WebAssembly.Module }): unknown;
  __wbg_reset_state(): void;
}

/** The way into a WebAssembly module: instantiated at the first use. */
export function entrance<G extends Glue>(glue: G, file: string): <T>(work: (module: G) => T) => T {
  let instantiated = false;
  return (work) => {
    if (!instantiated) {
      glue.initSync({ module: host().wasm(file) as BufferSource });
      instantiated = true;
    }
    try {
      return work(glue);
    } catch (error) {
      throw translated(error, glue);
    }
  };
}

function translated(error: unknown, glue: Glue): unknown {
  if (error instanceof WebAssembly.RuntimeError) {
    // Its memory can be in any state: never enter that instance again.
    glue.__wbg_reset_state();
    return new Error(
      "the core of yc-iam stopped, which is a bug in it; keys and credentials made before no longer work: make them anew",
      { cause: error },
    );
  }
  if (error instanceof Error) {
    return error.message.startsWith("Invalid stale object")
      ? new Error("this object belongs to a core of yc-iam that stopped: make keys and credentials anew", { cause: error })
      : error;
  }
  return isDetails(error) ? new YcIamError(error) : error;
}

function isDetails(thrown: unknown): thrown is ErrorDetails {
  return typeof thrown === "object" && thrown !== null && "code" in thrown && "fault" in thrown;
}
