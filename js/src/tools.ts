// What tokens are used for, and what is said about them: loaded when somebody asks for it.

export { run } from "./call.js";
export { bytes, explain } from "./explain.js";
export { call } from "./tools-core.js";
