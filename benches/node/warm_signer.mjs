// Milliseconds per signature of the core's WebAssembly signer as published, and as `rsa` comes, in turn in one process.
// Arguments: the key file, then for each build its name and the folder with yc_iam_signer.wasm and wasm/yc_iam_signer.js.
import { createPrivateKey } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";

const BATCHES = Number(process.env.BENCH_BATCHES ?? 31);
const PER_BATCH = 10;

const [keyFile, ...builds] = process.argv.slice(2);
const pem = JSON.parse(readFileSync(keyFile, "utf8")).private_key;
const key = createPrivateKey(pem.slice(pem.indexOf("-----BEGIN")));
const pkcs8 = key.export({ format: "der", type: "pkcs8" });
const message = new Uint8Array(400).fill(0x61);

const signers = {};
for (let i = 0; i < builds.length; i += 2) {
  const [name, folder] = builds.slice(i, i + 2);
  const source = readFileSync(path.join(folder, "wasm/yc_iam_signer.js"), "utf8");
  const glue = await import(`data:text/javascript,${encodeURIComponent(source)}`);
  glue.initSync({ module: readFileSync(path.join(folder, "yc_iam_signer.wasm")) });
  signers[name] = new glue.Signer(new Uint8Array(pkcs8));
}

const times = {};
for (let batch = -2; batch < BATCHES; batch++) {
  for (const [name, signer] of Object.entries(signers)) {
    const begin = performance.now();
    for (let i = 0; i < PER_BATCH; i++) signer.sign(message);
    if (batch >= 0) (times[name] ??= []).push((performance.now() - begin) / PER_BATCH);
  }
}
const median = (values) => values.sort((a, b) => a - b)[values.length >> 1];
console.log(JSON.stringify(Object.fromEntries(Object.entries(times).map(([name, values]) => [name, median(values)]))));
