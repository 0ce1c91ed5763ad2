// Every way to a token and through the services, well and badly: a marked key and marked tokens are found nowhere.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { format, inspect } from "node:util";
import { Credentials, Endpoints, explain, ServiceAccountKey, YcIamError } from "yc-iam";
import { directory, emulated } from "./support/emulated.mjs";
import { all, OUTCOMES, passingTime } from "./support/marked-answers.mjs";
import { ACCOUNT, assertHidden, keyFile, pem, secrets } from "./support/marked.mjs";

const endpoints = Endpoints.allAt("http://127.0.0.1:9");

/** Whatever a program, a debugger or a log may show. */
function* views(thing) {
  yield inspect(thing, { depth: 10 });
  yield inspect(thing, { depth: 10, showHidden: true, getters: false });
  yield inspect(thing, { depth: 10, showHidden: true, customInspect: false });
  yield format("%s %o %O %j", thing, thing, thing, thing);
  for (const show of [String, JSON.stringify, (it) => it.stack, (it) => inspect(structuredClone(it)), (it) => Object.entries(it).flat().join()]) {
    try {
      yield `${show(thing)}`;
    } catch (error) {
      yield inspect(error);
    }
  }
}

function look(thing, where) {
  for (let link = thing, depth = 0; link !== undefined && link !== null && depth < 10; link = link.cause, depth++) {
    for (const text of views(link)) assertHidden(text, where);
  }
}

/** All that is written to the console, while the test runs. */
function written(t) {
  const texts = [];
  for (const stream of [process.stdout, process.stderr]) {
    const { write } = stream;
    t.mock.method(stream, "write", function (text, ...rest) {
      texts.push(String(text));
      return write.call(this, text, ...rest);
    });
  }
  return texts;
}

function sources(t, fetch, broken) {
  const options = { endpoints, fetch };
  const at = directory(t);
  const [file, tokenFile] = [path.join(at, "key.json"), path.join(at, "token")];
  writeFileSync(file, JSON.stringify(keyFile));
  writeFileSync(tokenFile, secrets.subject + (broken ? `\n${secrets.oauth}` : ""));
  const fail = (work) => () => {
    if (broken) throw new Error(all, { cause: all });
    return work();
  };
  const oauth = Credentials.oauth(secrets.oauth, options);
  return {
    key: Credentials.serviceAccount(keyFile, options),
    "the core's signer": Credentials.serviceAccount(JSON.stringify(keyFile), { ...options, signer: "core" }),
    path: Credentials.serviceAccount(file, options),
    signer: Credentials.serviceAccount(keyFile, { ...options, signer: fail(() => new Uint8Array(256)) }),
    oauth,
    "token's file": Credentials.workloadIdentity(ACCOUNT, { ...options, tokenFile }),
    token: Credentials.workloadIdentity(ACCOUNT, { ...options, token: secrets.subject }),
    supplier: Credentials.workloadIdentity(ACCOUNT, { ...options, token: fail(() => secrets.subject) }),
    "token's URL": Credentials.workloadIdentity(ACCOUNT, { ...options, tokenUrl: "https://a.example/t", tokenHeaders: { x: secrets.header }, tokenField: "value" }),
    metadata: Credentials.metadata(options),
    function: Credentials.function({ token: { access_token: secrets.iam, expires_in: 600, token_type: "Bearer" } }, options),
    fixed: Credentials.fixed(secrets.iam, options),
    impersonation: Credentials.impersonate(ACCOUNT, oauth, options),
    default: Credentials.default({ ...options, variables: { YC_TOKEN: secrets.oauth } }),
  }; // prettier-ignore
}

function calls(creds) {
  const { lockbox, federations, federatedCredentials: federated, operations } = creds;
  const more = { timeout: 600 };
  return [
    lockbox.get("e6q", more), lockbox.getByName("b1g", "n", more), federations.get("a", more), federations.list("b1g", more), federated.get("a", more),
    federated.list(ACCOUNT, more), operations.get("a", more), creds.revoke(secrets.iam, more), creds.federations.delete("a", more),
    creds.fetch("http://127.0.0.1:9/x", { method: "POST", headers: { x: secrets.header }, body: secrets.value }),
  ]; // prettier-ignore
}

async function outcomeOf(promise, where) {
  try {
    const given = await promise;
    if (!(given instanceof Response) && typeof given !== "string") look(given, where);
  } catch (error) {
    // What the program's own `fetch` throws at `creds.fetch` is the program's own.
    if (error instanceof YcIamError) look(error, where);
  }
}

for (const [name, answer] of Object.entries(OUTCOMES)) {
  test(`sources: ${name}`, async (t) => {
    passingTime(t);
    const texts = written(t);
    for (const broken of name === "good" ? [false, true] : [false]) {
      for (const [source, creds] of Object.entries(sources(t, async (...args) => answer(...args), broken))) {
        await outcomeOf(creds.getToken(), `${source}, ${name}`);
        look(creds, source);
      }
    }
    for (const text of texts) assertHidden(text, "what was written");
  });

  test(`services: ${name}`, async (t) => {
    passingTime(t);
    const creds = Credentials.fixed(secrets.iam, { endpoints, fetch: async (...args) => answer(...args) });
    await Promise.all(calls(creds).map((call) => outcomeOf(call, name)));
  });
}

test("what is refused at once", async () => {
  const text = JSON.stringify(keyFile);
  const makers = [
    (it) => Credentials.oauth(`${it}\n!`), (it) => Credentials.fixed(`${it}\n!`), (it) => Credentials.function(it), (it) => Endpoints.custom({ iam: it }),
    (it) => ServiceAccountKey.fromJson(`${it}}`), (it) => ServiceAccountKey.fromJson(it.slice(0, -40)), (it) => ServiceAccountKey.fromObject({ ...keyFile, id: it }),
    (it) => ServiceAccountKey.fromObject({ ...keyFile, private_key: it.replaceAll("M", "N") }), (it) => Credentials.workloadIdentity(it, { token: "x" }),
    (it) => Credentials.workloadIdentity(ACCOUNT, { token: `${it}!` }).getToken(), (it) => Credentials.workloadIdentity(ACCOUNT, { tokenFile: it }).getToken(),
    (it) => Credentials.workloadIdentity(ACCOUNT, { tokenUrl: it }), (it) => ServiceAccountKey.external({ id: "a", serviceAccountId: "b", publicKey: it }),
  ]; // prettier-ignore
  let refused = 0;
  for (const it of [secrets.oauth, secrets.iam, secrets.subject, pem, text]) {
    for (const make of makers) {
      try {
        await make(it);
      } catch (error) {
        assert.ok(error instanceof YcIamError, inspect(error));
        refused++;
        look(error, String(make));
      }
    }
  }
  assert.ok(refused > 45, String(refused));
});

test("explanations", () => {
  for (const it of [secrets.oauth, secrets.iam, JSON.stringify(keyFile), JSON.stringify(keyFile).slice(0, -50), pem]) look(explain(it), "an explanation");
});

test("the emulator's record", async () => {
  const { emulator } = await emulated();
  const at = { endpoints: emulator.endpoints };
  const content = emulator.serviceAccountKey({ privateKey: pem });
  const creds = Credentials.serviceAccount(content, at);
  const token = await creds.getToken();
  for (const made of [Credentials.oauth(secrets.oauth, at), Credentials.workloadIdentity(ACCOUNT, { ...at, token: secrets.subject }), Credentials.fixed(secrets.iam, at)]) {
    await outcomeOf(made.lockbox.get("e6q"), "a refusal");
  }
  for (const thing of [emulator.requests, emulator, creds, token, ServiceAccountKey.fromJson(content)]) {
    look(thing, "the emulator");
    for (const text of views(thing)) assert.ok(!text.includes(token.value.slice(12)));
  }
});
