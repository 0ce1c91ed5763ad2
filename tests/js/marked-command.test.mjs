// The command `yc-iam` with a marked key and marked tokens: it shows what it was asked for, and nothing else of them.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { test } from "node:test";
import { Credentials, Endpoints } from "yc-iam";
import { directory } from "./support/emulated.mjs";
import { installed, vectors } from "./support/files.mjs";
import { all, OUTCOMES, passingTime } from "./support/marked-answers.mjs";
import { ACCOUNT, assertHidden, found, keyFile, pem, secrets } from "./support/marked.mjs";

const executable = path.join(installed, "dist/cli.cjs");
const { main } = createRequire(import.meta.url)(executable);

const certificate = vectors("kubeconfigs").find(({ name }) => name === "bad_merge_key_file").ca_certificate.text;
const KEY = JSON.stringify(keyFile);
const FILES = {
  KEY,
  CUT: KEY.slice(0, -50),
  PEM: pem,
  TOKEN: secrets.subject,
  TWO: `${secrets.subject}\n${secrets.oauth}`,
  OAUTH: secrets.oauth,
  IAM: secrets.iam,
  SECRET: `kind: Secret\napiVersion: v1\ntype: kubernetes.io/service-account-token\nmetadata: {name: s, namespace: ns, annotations: {kubernetes.io/service-account.name: a}}\ndata: {ca.crt: ${btoa(certificate)}, token: ${btoa(secrets.subject)}}\n`,
  BROKEN: `kind: Secret\ndata: {token: ${btoa(secrets.subject)}, ${secrets.oauth}\n`,
};
const WORKLOAD = `--service-account-id ${ACCOUNT}`;
const CLUSTER = "kubeconfig --server https://203.0.113.5";

/** A line, and which of the secrets it asks for. */
const LINES = [
  ["token --key-file KEY", "iam"], ["token --key-file KEY --format json", "iam"], ["token --key-file -", "iam"], ["token --key-file CUT"],
  [`token --key-file KEY --impersonate ${ACCOUNT}`, "iam"], [`token --token-file TOKEN ${WORKLOAD}`, "iam"], [`token --token-file TWO ${WORKLOAD}`],
  [`token --token-env MARKED ${WORKLOAD}`, "iam"], [`token --token-file KEY ${WORKLOAD}`], ["token --key-file TOKEN"], ["token --key-file PEM"],
  [`token --github-actions ${WORKLOAD}`, "iam"], ["token --oauth-token-file OAUTH", "iam"], ["token --oauth-token-file KEY"], ["token --metadata", "iam"], ["token", "iam"],
  ["jwt --key-file KEY"], ["jwt --key-file CUT"], ["jwt --key-file OAUTH --format json"], ["jwt --key-file KEY --lifetime 0"],
  ["exec-credential --key-file KEY", "iam"], ["exec-credential --service-account-token-file TOKEN", "subject"], ["exec-credential --service-account-token-file KEY"],
  [`exec-credential --token-file TOKEN ${WORKLOAD}`, "iam"],
  ["lockbox get e6q --key k --key-file KEY", "value"], ["lockbox get e6q --key-file KEY"], ["lockbox get e6q --key-file KEY --format json", "value"],
  ["lockbox get --folder-id b1g --name n --key k --oauth-token-file OAUTH", "value"], ["lockbox get e6q --key other --metadata"],
  [`${CLUSTER} --secret-file SECRET`, "subject"], [`${CLUSTER} --secret-file BROKEN`], [`${CLUSTER} --secret-file KEY`], [`${CLUSTER} --token-file TOKEN`, "subject"],
  [`${CLUSTER} --token-file KEY`], [`${CLUSTER} --ca-file KEY --token-file TOKEN`], [`${CLUSTER} --exec --key-file KEY`], [`${CLUSTER} --exec --key-file KEY --merge KEY`],
  [`${CLUSTER} --token-file TOKEN --merge SECRET`],
  ["explain KEY"], ["explain KEY --format json"], ["explain CUT"], ["explain PEM"], ["explain OAUTH"], ["explain IAM"], ["explain TWO"], ["explain -"],
  // What a JWT claims is no secret; as it stands there, it is not shown either.
  ["explain TOKEN"], ["explain TOKEN --federation KEY"], ["explain TOKEN --federation IAM --credential OAUTH"], ["explain SECRET"],
  ["emulator --port 0 --token-lifetime MARK"], ["token --endpoint MARK"], ["token MARK"], ["MARK"], ["help MARK"], ["token --MARK"],
  ["token --token-env MARK"], ["token --key-file MARK"], ["jwt --audience MARK --key-file KEY --lifetime MARK"], ["lockbox get MARK --key MARK"], ["explain MARK"],
]; // prettier-ignore

/** What a line asks for when its output is there. */
async function run(line, environment, fetch, mark, at) {
  const words = line.split(" ").map((word) => (word in FILES ? path.join(at, word) : word.replace("MARK", word === "MARK" || word === "--MARK" ? mark : "MARK")));
  const written = { stdout: "", stderr: "" };
  const host = {
    variables: environment,
    stdinIsTerminal: false,
    fetch,
    readInput: async () => Buffer.from(KEY),
    write: async (to, text) => void (written[to] += Buffer.from(text)),
    interrupted: async () => undefined,
  };
  const code = await main(words, host);
  return { code, ...written };
}

const MARKED_OUTCOMES = ["good", "400", "401", "503", "html", "no JSON", "cut off", "an unfit token", "odd headers", "an error", "a chain", "a text", "nothing"];

for (const name of MARKED_OUTCOMES) {
  test(`the command: ${name}`, async (t) => {
    passingTime(t);
    const at = directory(t);
    for (const [file, content] of Object.entries(FILES)) writeFileSync(path.join(at, file), content);
    const fetch = async (...args) => OUTCOMES[name](...args);
    const environment = {
      MARKED: secrets.subject, YC_TOKEN: secrets.oauth, YC_IAM_ENDPOINT: "http://127.0.0.1:9",
      ACTIONS_ID_TOKEN_REQUEST_URL: "https://actions.example/token?x=1", ACTIONS_ID_TOKEN_REQUEST_TOKEN: secrets.header,
    }; // prettier-ignore
    const before = process.env;
    process.env = { ...before, ...environment };
    t.after(() => (process.env = before));
    const asked = new Set();
    for (const [line, askedFor] of LINES) {
      for (const mark of line.includes("MARK") && !line.includes("MARKED") ? [secrets.oauth, secrets.iam, secrets.subject, pem, KEY] : [""]) {
        const { code, stdout, stderr } = await run(line, environment, fetch, mark, at);
        assert.ok(Number.isInteger(code) && code <= 6, `${line}: ${code}`);
        assertHidden(stderr, `what \`${line}\` says`);
        assertHidden(stdout, `what \`${line}\` prints`, askedFor);
        if (found(stdout).has(askedFor)) asked.add(line);
      }
    }
    // The tokens that were asked for were seen: the search does find what is there.
    const expected = LINES.filter(([, askedFor]) => askedFor !== undefined).length;
    if (name === "good") assert.equal(asked.size, expected, LINES.filter(([line, it]) => it && !asked.has(line)).join());
  });
}

test("the emulator's log", async (t) => {
  const child = spawn(process.execPath, [executable, "emulator", "--format", "json"]);
  t.after(() => child.kill("SIGKILL"));
  const written = [];
  child.stderr.on("data", (chunk) => written.push(String(chunk)));
  const url = await new Promise((resolve) =>
    child.stdout.on("data", (chunk) => {
      written.push(String(chunk));
      const found = /http:\/\/127\.0\.0\.1:\d+/.exec(written.join(""));
      if (found) resolve(found[0]);
    }),
  );
  const at = { endpoints: Endpoints.allAt(url) };
  const marked = [
    Credentials.serviceAccount(keyFile, at), Credentials.oauth(secrets.oauth, at), Credentials.workloadIdentity(ACCOUNT, { ...at, token: secrets.subject }),
  ]; // prettier-ignore
  for (const credentials of marked) await assert.rejects(credentials.getToken());
  await assert.rejects(Credentials.fixed(secrets.iam, at).lockbox.get(secrets.value));
  await fetch(`${url}/${secrets.value}?token=${secrets.iam}`, { method: "POST", headers: { authorization: `Bearer ${secrets.header}` }, body: all });
  child.kill("SIGINT");
  const code = await new Promise((resolve) => child.on("close", resolve));
  assert.equal(code, 0);
  assertHidden(written.join(""), "what the emulator writes");
});
