// What the package's other files use of this one on the web platform, and nobody else.

export * from "./internals.js";
export { provide } from "./web-modules.js";
