/** Under this name Node's `console.log` and `util.inspect` look for an object's own words. */
export const inspect: unique symbol = Symbol.for("nodejs.util.inspect.custom");

/** What stands where a secret would. */
export const REDACTED = "[redacted]";
