// What was given in the place of what is expected, and what to do about it; never shows it.

import { isKind } from "./kinds.js";

/** Values that hold what is meant, or will. */
const HOLDERS: Record<string, string> = {
  ArrayBuffer: "an ArrayBuffer: pass `new Uint8Array(…)` of it",
  SharedArrayBuffer: "a SharedArrayBuffer: pass `new Uint8Array(…)` of it",
  DataView: "a DataView: pass a `Uint8Array`",
  Response: "a Response: pass `await response.text()`",
  Request: "a Request: pass `await request.text()`",
  Blob: "a Blob: pass `await blob.text()`",
  File: "a File: pass `await file.text()`",
  ReadableStream: "a ReadableStream: read it to its end before",
};

/** What this is and how to get at what is in it, if it only holds what is meant. */
export function holder(given: unknown): string | undefined {
  if (typeof given !== "object" || given === null) return undefined;
  if (isPromise(given)) return "a promise: `await` it";
  return Object.entries(HOLDERS).find(([name]) => isKind(given, name))?.[1];
}

/** The error for an argument that is not what it has to be: `is not a string`. */
export function unexpected(name: string, problem: string, given: unknown): TypeError {
  const held = holder(given);
  return new TypeError(`\`${name}\` ${problem}${held === undefined ? "" : `, but ${held}`}`);
}

/** What is not a string is a mistake in the calling program. */
export function text(name: string, given: unknown): string {
  if (typeof given !== "string") throw unexpected(name, "is not a string", given);
  return given;
}

/** The value of a token that was given as one or as its value. */
export function tokenValue(given: { readonly value: string } | string): string {
  return text("token", typeof given === "object" && given !== null && !isPromise(given) ? given.value : given);
}

/** Also one of a library's own. */
const isPromise = (given: object): boolean => isKind(given, "Promise") || ("then" in given && typeof given.then === "function");
