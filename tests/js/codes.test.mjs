// The list of error codes is the core's, and the types know exactly that list.
import assert from "node:assert/strict";
import { test } from "node:test";
import { errorCodes } from "yc-iam";
import { installed, readText } from "./support/files.mjs";

const declarations = readText(installed, "dist/errors.d.ts");

/** The members of a union of texts. */
function union(name) {
  const [, members] = declarations.match(new RegExp(`export type ${name} =([^;]+);`));
  return [...members.matchAll(/"(\w+)"/g)].map(([, member]) => member);
}

test("codes", () => {
  assert.deepEqual(
    union("ErrorCode"),
    errorCodes().map(({ code }) => code),
  );
});

test("faults", () => {
  assert.deepEqual(new Set(union("Fault")), new Set(errorCodes().map(({ fault }) => fault)));
});

test("each code is explained", () => {
  for (const { code, transient, description } of errorCodes()) {
    assert.equal(typeof transient, "boolean", code);
    assert.match(description, /^[A-Z].*\.$/, code);
  }
});
