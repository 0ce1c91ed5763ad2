// The tutorial, run as it stands: it fails by itself if a step does not come out as it says.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

test("the tutorial runs", async () => {
  const program = fileURLToPath(new URL("tutorial.mjs", import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [program]);
  assert.match(stdout, /the password has 13 characters/);
  assert.match(stdout, /Done\./);
  assert.doesNotMatch(stdout, /correct horse/);
});
