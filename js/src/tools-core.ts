// The tools' own WebAssembly module: instantiated at the first use.

import * as glue from "../dist/wasm/yc_iam_tools.js";
import { type Endpoints, internals } from "./node.js";

export type Glue = typeof glue;
export type CoreCall = glue.Call;

/** Calls into the tools' module. */
export const call = internals.entrance(glue, "yc_iam_tools.wasm");

/** Endpoints as this module reads them: objects of the main one mean nothing here. */
export function described({ iam, auth, metadata, lockbox, operation, audience }: Endpoints): object {
  return { iam, auth, metadata, lockbox, operation, audience };
}
