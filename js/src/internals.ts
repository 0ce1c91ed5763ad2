// What the package's other files use of this one, and nobody else.

export { another } from "./another.js";
export { isResendable } from "./sent-request.js";
export { call, entrance } from "./core.js";
export { discard } from "./discard.js";
export { report, wipe } from "./effects.js";
export { readFile, variables } from "./files.js";
export { text, tokenValue, unexpected } from "./given.js";
export { globalFetch, send } from "./http.js";
export { kubernetesToken } from "./origin.js";
export { Renewal } from "./renewal.js";
export { KeySigners, SessionSigners, sign } from "./signer.js";
export { now, onAbort, sleepUntil } from "./wait.js";
