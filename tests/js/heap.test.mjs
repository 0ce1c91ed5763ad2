// Thousands of calls leave nothing on the heap: neither credentials nor flights, listeners, promises or errors.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import path from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { ROUNDS } from "./support/heap-load.mjs";

const program = path.join(path.dirname(fileURLToPath(import.meta.url)), "support/heap-load.mjs");

test("nothing stays of a call", async () => {
  const { stdout, stderr } = await promisify(execFile)(process.execPath, ["--expose-gc", program], { maxBuffer: 1 << 26 });
  const { before, after, outcomes, listeners } = JSON.parse(stdout);
  assert.ok(outcomes.answered > ROUNDS * 10 && outcomes.failed > ROUNDS * 10, JSON.stringify(outcomes));
  const growth = (kind) => after[kind] - (before[kind] ?? 0);
  assert.equal(growth("object Kept"), ROUNDS);
  // What runs for the first time is there once or twice; what a call leaves is there for each.
  const grown = Object.keys(after).filter((kind) => kind !== "object Kept" && growth(kind) >= ROUNDS / 2);
  assert.deepEqual(grown.map((kind) => [kind, before[kind], after[kind]]), []);
  assert.equal(listeners, 0);
  assert.equal(stderr, "");
});
