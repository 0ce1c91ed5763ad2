// A week of tests/soak: what holds for months of it holds for so long.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const STEPS = 160;
const skip = existsSync("/proc/self/fd") ? false : "what a process holds is read from /proc";

test("a week", { skip }, async () => {
  const program = path.join(path.dirname(fileURLToPath(import.meta.url)), "../soak/weeks.mjs");
  const { stdout, stderr } = await promisify(execFile)(process.execPath, ["--expose-gc", program, "steps", String(STEPS)]);
  const [{ sample: middle }, { sample: end }, { counts }] = stdout.trim().split("\n").map((line) => JSON.parse(line));
  assert.ok(counts.tokens > STEPS * 5 && counts.aborted > STEPS / 4, JSON.stringify(counts));
  assert.ok(end.wasm <= middle.wasm + 65_536, `${end.wasm} bytes of WebAssembly, and ${middle.wasm} in the middle`);
  // A hundred of each object that a step makes would be more.
  assert.ok(end.heap < middle.heap + 1_000_000, `${end.heap} bytes of heap, and ${middle.heap} in the middle`);
  assert.deepEqual([end.files, end.threads, end.timers], [middle.files, middle.threads, 0]);
  assert.equal(stderr, "");
});
