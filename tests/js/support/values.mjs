// What vectors are written in, and how errors are compared with them; `tests/README.md` says it in words.
import assert from "node:assert/strict";
import { inspect } from "node:util";
import { Endpoints } from "yc-iam";
import { vectors } from "./files.mjs";

export function bytes(given) {
  if (given.join !== undefined) return Buffer.concat(given.join.map(bytes));
  if (given.repeat !== undefined) return Buffer.from(given.repeat.repeat(given.times));
  return given.base64 === undefined ? Buffer.from(given.text) : Buffer.from(given.base64, "base64");
}

/** A number, also one that JSON cannot write. */
export const number = (given) => (typeof given === "string" ? Number(given) : given);

export const close = (found, expected, name) =>
  assert.ok(Math.abs(found - expected) < 0.0005, `${name} is ${found}, not ${expected}`);

export function between(found, min = -Infinity, max = Infinity, name = "") {
  assert.ok(found >= min - 0.0005 && found <= max + 0.0005, `${name} is ${found}, not ${min} to ${max}`);
}

export function endpoints(given = "default") {
  return typeof given === "string" ? Endpoints[given]() : Endpoints.custom(given);
}

const keyCases = new Map(vectors("keys").map((key) => [key.name, key]));

/** The content of the key file of this name. */
export const keyContent = (name = "plain") => bytes(keyCases.get(name).content);

const OPTIONAL = { status: "status", request_id: "requestId" };

/** Compares an error, or the plain object of one, with what a vector says of it. */
export function assertError(error, expected) {
  assert.equal(error?.code, expected.code, inspect(error));
  for (const name of ["fault", "transient"]) if (name in expected) assert.equal(error[name], expected[name], name);
  for (const [name, here] of Object.entries(OPTIONAL)) {
    if (name in expected) assert.equal(error[here] ?? null, expected[name], name);
  }
  if (expected.retry_after === null) assert.equal(error.retryAfter ?? null, null);
  else if (expected.retry_after !== undefined) close(error.retryAfter, expected.retry_after, "retryAfter");
  for (const said of expected.says ?? []) assert.ok(error.message.includes(said), `\`${said}\` is not in: ${error.message}`);
  assertHidden(error, expected.hides ?? []);
}

/** None of these texts is to be seen, whichever way one looks. */
export function assertHidden(value, secrets) {
  const words = `${value?.message} ${value?.hint}`;
  const views = [
    String(value),
    JSON.stringify(value),
    inspect(value, { depth: 10 }),
    inspect(value, { depth: 10, showHidden: true, customInspect: false }),
    String(value?.stack),
  ];
  for (const secret of secrets) {
    assert.ok(!words.includes(secret), `${inspect(secret)} is to be seen in ${words}`);
    // A line break hides in every layout.
    if (secret.length < 3) continue;
    for (const spelling of [secret, JSON.stringify(secret).slice(1, -1), inspect(secret).slice(1, -1)]) {
      for (const view of views) assert.ok(!view?.includes(spelling), `${inspect(secret)} is to be seen in ${view}`);
    }
  }
}
