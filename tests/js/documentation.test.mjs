// The page that is written from the declarations says what the installed package has.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { root } from "./support/files.mjs";

test("the reference is current", async () => {
  const { page } = await import(pathToFileURL(join(root, "docs/generate_reference.mjs")));
  const declarations = dirname(fileURLToPath(import.meta.resolve("yc-iam")));
  assert.equal(page(declarations), readFileSync(join(root, "docs/reference/javascript.md"), "utf8"), "run `node docs/generate_reference.mjs`");
});
