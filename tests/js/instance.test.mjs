// One core, however the package is loaded; and what happens when it cannot be, or can no longer.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import * as imported from "yc-iam";
import * as importedKit from "yc-iam/testing";
import { installed } from "./support/files.mjs";
import { keyContent } from "./support/values.mjs";

const require = createRequire(import.meta.url);

function node(...given) {
  return execFileSync(process.execPath, given, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}

test("import and require give the same", () => {
  const required = require("yc-iam");
  // What the package's own files share has no name for others.
  const names = Object.keys(required).filter((name) => name !== "internals");
  for (const name of names) assert.equal(imported[name], required[name], name);
  assert.deepEqual(Object.keys(imported).sort(), names.sort());
  const kit = require("yc-iam/testing");
  for (const name of Object.keys(kit)) assert.equal(importedKit[name], kit[name], name);
});

test("nothing is instantiated before it is used, and once then", () => {
  const script = `
    let instances = 0;
    const { Instance } = WebAssembly;
    WebAssembly.Instance = class extends Instance { constructor(...given) { super(...given); instances++; } };
    const { redact } = require("yc-iam");
    process.stdout.write(String(instances));
    redact("");
    import("yc-iam").then((imported) => { imported.redact(""); process.stdout.write(String(instances)); });`;
  const directory = path.dirname(path.dirname(installed));
  const seen = execFileSync(process.execPath, ["--eval", script], { encoding: "utf8", cwd: directory });
  assert.equal(seen, "01");
});

test("a package without its WebAssembly says so", () => {
  const copy = mkdtempSync(path.join(tmpdir(), "yc-iam-"));
  after(() => rmSync(copy, { recursive: true }));
  cpSync(path.join(installed, "dist"), copy, { recursive: true, filter: (file) => !file.endsWith(".wasm") });
  const script = `try { require(${JSON.stringify(path.join(copy, "node.cjs"))}).redact(""); } catch (error) { console.log(error.message); }`;
  assert.match(node("--eval", script), /yc_iam\.wasm` cannot be read: if a bundler put the code there/);
});

test("a core that stopped is replaced, and what belonged to it says so", () => {
  const content = keyContent();
  const old = imported.ServiceAccountKey.fromJson(content);
  // More than the core's memory can hold: it stops, as it does for a bug.
  const stopped = { message: /the core of yc-iam stopped/ };
  assert.throws(() => imported.ServiceAccountKey.fromJson(new Uint8Array(3_000_000_000)), stopped);
  assert.throws(() => old.signJwt(), { message: /belongs to a core of yc-iam that stopped/ });
  assert.throws(() => imported.Credentials.serviceAccount(old), { message: /belongs to a core/ });
  const fresh = imported.ServiceAccountKey.fromJson(content);
  assert.equal(fresh.id, "ajeexamplekey0000001");
  assert.match(fresh.signJwt(), /^eyJ/);
});
