// What is left of a private key in the memory of a process that used it and let it go: nothing, if the package read it itself.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { directory } from "./support/emulated.mjs";
import { HOLDERS } from "./support/key-holder.mjs";
import { found, foundInProcess, needles } from "./support/memory.mjs";

const skip = process.platform === "linux" ? false : "the memory of another process is read as Linux shows it";
const program = path.join(path.dirname(fileURLToPath(import.meta.url)), "support/key-holder.mjs");

const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const pem = privateKey.export({ type: "pkcs8", format: "pem" });
const keyFile = JSON.stringify({ id: "ajemarkedkey00000001", service_account_id: "ajeb9l33h6mu12345678", private_key: pem });
const wanted = needles(privateKey.export({ format: "jwk" }), pem);

test("the search finds what is there", () => {
  const texts = [keyFile, Buffer.from(keyFile, "utf16le"), privateKey.export({ type: "pkcs1", format: "der" }), Buffer.from(pem)];
  for (const text of texts) assert.ok(found(wanted, Buffer.from(text)).size > 0);
  assert.equal(found(wanted, Buffer.from(privateKey.export({ format: "jwk" }).n, "base64url")).size, 0);
});

for (const holder of Object.keys(HOLDERS)) {
  test(`nothing is left of a key: ${holder}`, { skip }, async (t) => {
    const at = directory(t);
    writeFileSync(path.join(at, "key.json"), keyFile);
    const child = spawn(process.execPath, ["--expose-gc", program, holder], { cwd: at, stdio: ["pipe", "pipe", "inherit"] });
    t.after(() => child.kill("SIGKILL"));
    const seen = {};
    for await (const step of createInterface({ input: child.stdout })) {
      try {
        if (step !== "written") seen[step] = [...foundInProcess(wanted, child.pid)];
      } catch (error) {
        if (!["EACCES", "EPERM"].includes(error.code)) throw error;
        return t.skip("this system lets nobody read the memory of another process");
      }
      child.stdin.write("\n");
    }
    assert.ok(seen.kept.length > 0, "a key that is in use is somewhere");
    assert.deepEqual(seen.gone, []);
    assert.deepEqual([...found(wanted, readFileSync(path.join(at, "gone.heapsnapshot")))], []);
  });
}
