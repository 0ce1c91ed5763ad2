// Every way to a token and through the services, well and badly: a marked key and marked tokens are found nowhere.
import assert from "node:assert/strict";
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { format, inspect } from "node:util";
import { Credentials, Endpoints, explain, ServiceAccountKey, YcIamError } from "yc-iam";
import { directory, emulated } from "./support/emulated.mjs";

const ACCOUNT = "ajeb9l33h6mu12345678";
const endpoints = Endpoints.allAt("http://127.0.0.1:9");
const random = (length) => randomBytes(length).toString("base64url");

const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const pem = privateKey.export({ type: "pkcs8", format: "pem" });
const numbers = Object.entries(privateKey.export({ format: "jwk" })).filter(([name]) => /^(d|p|q|dp|dq|qi)$/.test(name));
const keyFile = { id: "ajemarkedkey00000001", service_account_id: ACCOUNT, private_key: pem };
const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
const secrets = {
  oauth: `y0_${random(42)}`,
  iam: `t1.${random(60)}.${random(48)}`,
  subject: `${part({ alg: "RS256" })}.${part({ iss: "https://issuer.example", sub: random(33), exp: 4e9 })}.${random(256)}`,
  value: random(42),
  header: random(42),
};

/** Pieces of bytes as logs may hold them: hexadecimal, base64 wherever it began, and lists of numbers. */
function* writings(bytes) {
  for (let start = 0; start + 24 < bytes.length; start += 24) {
    const piece = bytes.subarray(start, start + 24);
    yield piece.toString("hex");
    yield piece.toString("hex").toUpperCase();
    yield piece.subarray(0, 12).toString("hex").replace(/..(?=.)/g, "$& ");
    yield piece.subarray(0, 8).join(", ");
    yield piece.subarray(0, 8).join(",");
    for (const offset of [0, 1, 2]) {
      const here = bytes.subarray(start + offset, start + offset + 18);
      yield here.toString("base64");
      yield here.toString("base64url");
    }
  }
}

const needles = new Map();
for (const [name, text] of numbers) {
  const bytes = Buffer.from(text, "base64url");
  for (const writing of writings(bytes)) needles.set(writing, name);
  needles.set(BigInt(`0x${bytes.toString("hex")}`).toString().slice(0, 30), name);
}
for (const line of pem.split("\n").slice(1, -2)) needles.set(line.slice(0, 24), "PEM").set(line.slice(24, 48), "PEM");
needles.delete("");
for (const [name, token] of Object.entries(secrets)) {
  // Neither the header of a JWT is a secret, nor how a token begins.
  const secret = token.includes(".") ? token.slice(token.indexOf(".") + 1) : token.slice(3);
  for (let start = 0; start + 14 < secret.length; start += 7) needles.set(secret.slice(start, start + 14), name);
  for (const writing of writings(Buffer.from(secret))) needles.set(writing, name);
}

const clean = new Set();

function assertHidden(text, where) {
  if (clean.has(text)) return;
  for (const [needle, name] of needles) assert.ok(!text.includes(needle), `${name} is to be seen in ${where}: ${text.slice(0, 2000)}`);
  clean.add(text);
}

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

const said = (url, { method, headers, body }) => `${method} ${url} ${JSON.stringify([...new Headers(headers)])} ${body}`;
const all = `${secrets.iam}, ${secrets.oauth}, ${secrets.subject} and ${pem}`;

/** An answer that every kind of request takes for its own. */
const good = () =>
  Response.json({
    iamToken: secrets.iam, access_token: secrets.iam, issued_token_type: "urn:ietf:params:oauth:token-type:access_token", token_type: "Bearer",
    expires_in: 3600, expiresAt: "2099-01-01T00:00:00Z", value: secrets.subject, subjectId: ACCOUNT,
    entries: [{ key: "k", textValue: secrets.value }], versionId: "e6qv",
  }); // prettier-ignore
const refusing = (status) => (url, init) => {
  const words = `cannot take ${said(url, init)}, ${all}`;
  return Response.json({ code: 3, message: words, error: words, error_description: words, details: [{ a: words }] }, { status });
};
const saying = (status, type, make) => (url, init) => new Response(make(said(url, init)), { status, headers: { "content-type": type } });
const throwing = (make) => (url, init) => {
  throw make(`cannot send ${said(url, init)} with ${all}`);
};

const OUTCOMES = {
  good,
  ...Object.fromEntries([400, 401, 403, 404, 409, 429, 500, 503].map((status) => [status, refusing(status)])),
  html: saying(200, "text/html", (words) => `<html>${words} ${all}</html>`),
  text: saying(400, "text/plain", (words) => `${words} ${all}`),
  "no JSON": saying(200, "application/json", (words) => `${words} ${all}`),
  "cut off": saying(200, "application/json", () => `{"iamToken": "${secrets.iam}", "access_token": "${secrets.iam}", "value": "${secrets.iam}`),
  "another field": saying(200, "application/json", () => JSON.stringify({ tokens: [secrets.iam], [secrets.iam]: { [secrets.oauth]: 1 } })),
  "an unfit token": saying(200, "application/json", () => JSON.stringify({ iamToken: `${secrets.iam}\r\n`, access_token: `${secrets.iam} `, entries: secrets.iam })),
  "a redirect": () => new Response(null, { status: 302, headers: { location: `https://a.example/?${secrets.iam}` } }),
  "odd headers": () => new Response("{}", { status: 400, headers: { "x-request-id": secrets.iam, date: secrets.iam, "retry-after": secrets.iam } }),
  "an error": throwing((text) => new Error(text)),
  "a TypeError": throwing((text) => new TypeError("fetch failed", { cause: Object.assign(new Error(text), { code: "ECONNRESET" }) })),
  "a chain": throwing((text) => new Error(text, { cause: new Error(text, { cause: text }) })),
  "a text": throwing((text) => text),
  "an object": throwing((text) => ({ message: text, request: { body: text } })),
  "several errors": throwing((text) => new AggregateError([new Error(text)], text)),
  nothing: (url, init) => said(url, init),
}; // prettier-ignore

/** No try has to be waited for: the time until then passes at once. */
function passingTime(t) {
  const { setTimeout: real } = globalThis;
  const { now } = Date;
  let passed = 0;
  t.mock.method(Date, "now", () => now() + passed);
  t.mock.method(globalThis, "setTimeout", (work, millis, ...rest) => (millis > 5000 ? real(work, millis, ...rest) : real(() => ((passed += millis), work(...rest)), 0)));
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
