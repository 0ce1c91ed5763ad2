// Every exported function with hostile values in every place: what is thrown is documented, and nothing stops working.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import { inspect } from "node:util";
import * as main from "yc-iam";
import * as kubernetes from "yc-iam/kubernetes";
import * as testing from "yc-iam/testing";
import { emulated, rejection } from "./support/emulated.mjs";
import { installed, pem, readText, root } from "./support/files.mjs";
import { HostileError, isDocumented, VALUES } from "./support/hostile.mjs";
import { keyContent } from "./support/values.mjs";

const { Credentials, Endpoints, ServiceAccountKey, YcIamError } = main;
const ACCOUNT = "ajeb9l33h6mu12345678";
const TOKEN = "t1.9euelZqTokenOfATest-0123456789.AbCdEf";
const OAUTH = "y0_AgAAAAExampleOfNoAccount-0123456789";
const NOW = 1_767_225_600;

const unhandled = [];
const note = (reason) => unhandled.push(reason);
before(() => process.on("unhandledRejection", note));
after(async () => {
  await new Promise((resolve) => setImmediate(resolve));
  process.off("unhandledRejection", note);
  assert.deepEqual(unhandled, []);
});

/** What answers in the place of the network. */
const answer = async () => Response.json({ iamToken: TOKEN, expiresAt: "2099-01-01T00:00:00Z" });
const endpoints = Endpoints.allAt("http://127.0.0.1:9");
const options = { endpoints, fetch: answer };
const key = ServiceAccountKey.fromJson(keyContent());
const creds = Credentials.fixed(TOKEN, options);
const pod = { KUBERNETES_SERVICE_HOST: "127.0.0.1", KUBERNETES_SERVICE_PORT: "443" };

function assertAlive() {
  assert.equal(main.redact(TOKEN), "[IAM token redacted]");
  assert.equal(key.id, "ajeexamplekey0000001");
  assert.equal(endpoints.iam, "http://127.0.0.1:9");
}

/** Everything that is exported, with arguments that are fine. What a class inherits is not its own. */
function table(emulator) {
  const timed = { timeout: 1, signal: null };
  const list = { pageSize: 1, pageToken: "x", ...timed };
  const federation = {
    folderId: "b1g", name: "n", issuer: "https://a.example", audiences: ["a"], jwksUrl: "https://a.example/keys",
    description: "d", disabled: false, labels: { a: "b" },
  }; // prettier-ignore
  const config = {
    server: "https://127.0.0.1", caCertificate: undefined, cluster: "c", context: "c", user: "u", namespace: "n",
    token: undefined, tokenFile: "/t", exec: undefined, ycIam: undefined, format: "yaml", mergeInto: undefined,
  }; // prettier-ignore
  const issuer = new testing.Issuer("https://issuer.example.org", { privateKey: pem("rsa2048_a") });
  const custom = { iam: "https://a.example", auth: undefined, metadata: undefined, lockbox: undefined, operation: undefined, audience: "a" };
  const on = (owner, calls) =>
    Object.entries(calls).map(([name, given]) => [`${owner.name ?? "module"}.${name}`, given, (...args) => owner[name](...args)]);
  const ofInstance = (instance, calls) =>
    Object.entries(calls).map(([name, given]) => [`${instance.constructor.name.replace(/^_/, "")}#${name}`, given, (...args) => instance[name](...args)]);
  return [
    ...on(main, { redact: ["x"], explain: ["x", { federation: undefined, credential: undefined, endpoints, now: NOW }], errorCodes: [], init: [{}] }),
    ...on(Credentials, {
      serviceAccount: [keyContent(), { ...options, signer: "core" }],
      oauth: [OAUTH, options],
      workloadIdentity: [ACCOUNT, { ...options, token: undefined, tokenFile: undefined, tokenEnv: undefined, tokenUrl: "https://a.example", tokenHeaders: { a: "b" }, tokenField: "f", githubActions: undefined, audience: undefined }],
      metadata: [options],
      function: [{ token: { access_token: TOKEN, expires_in: 60 } }, options],
      fixed: [TOKEN, { ...options, expiresAt: 4e9 }],
      impersonate: [ACCOUNT, creds, options],
      default: [{ ...options, context: undefined, probeMetadata: false, variables: { YC_IAM_TOKEN: TOKEN }, signer: undefined }],
    }),
    ...ofInstance(creds, { getToken: [{ signal: null }], authorization: [{ signal: null }], invalidate: [TOKEN], revoke: [TOKEN, timed], fetch: ["http://127.0.0.1:9", { headers: {}, body: "x", method: "POST", signal: null }] }),
    ...on(Endpoints, { default: [], kazakhstan: [], custom: [custom], allAt: ["https://a.example"], fromEnv: [{}] }),
    ...ofInstance(endpoints, { with: [custom] }),
    ...on(ServiceAccountKey, { fromJson: [keyContent()], fromObject: [JSON.parse(keyContent())], external: [{ id: "a", serviceAccountId: "b", publicKey: "c" }], fromFile: ["/nowhere"], from: [keyContent()] }),
    ...ofInstance(key, { signJwt: [{ now: NOW, lifetime: 60, audience: "a" }], signJwtWith: ["platform", { now: NOW, lifetime: 60, audience: "a" }] }),
    ...ofInstance(creds.lockbox, { get: ["e6q", { versionId: "v", ...timed }], getByName: ["b1g", "n", { versionId: "v", ...timed }] }),
    ...ofInstance(creds.federations, { create: [federation, timed], get: ["a", timed], list: ["a", timed], listPage: ["a", list], update: ["a", { name: "n", audiences: ["a"], labels: {}, disabled: true }, timed], delete: ["a", timed] }),
    ...ofInstance(creds.federatedCredentials, { create: [{ serviceAccountId: "a", federationId: "b", externalSubjectId: "c" }, timed], get: ["a", timed], list: ["a", timed], listPage: ["a", list], delete: ["a", timed] }),
    ...ofInstance(creds.operations, { get: ["a", timed], wait: ["a", timed] }),
    ...on(kubernetes, { kubeconfig: [config], execCredential: [{ value: TOKEN, expiresAt: 4e9 }, {}], parseServiceAccountSecret: ["{}"] }),
    ["kubeconfig's exec", [{ command: "c", args: ["a"], env: { A: "b" }, installHint: "h", apiVersion: "v1", interactiveMode: "Never" }], (exec) => kubernetes.kubeconfig({ ...config, tokenFile: undefined, exec })],
    ...on(kubernetes.InCluster, { fromPod: [{ directory: "/nowhere", variables: pod }] }),
    ...on(testing, { generatePrivateKey: [2048] }),
    ["new Issuer", ["https://a.example", { privateKey: pem("rsa2048_a"), clock: undefined }], (...args) => new testing.Issuer(...args)],
    ["new YcIamError", [{ code: "timeout", fault: "network", transient: true, message: "m", hint: "h" }, undefined], (...args) => new YcIamError(...args)],
    ...ofInstance(issuer, { sign: [{ sub: "x" }], podToken: ["a", "b", { pod: "p", audiences: ["a"], lifetime: 60 }], rotateKey: [pem("rsa2048_b"), { retireOld: false }] }),
    ...ofInstance(emulator, {
      createServiceAccount: ["n"], serviceAccountKey: [{ serviceAccountId: undefined, privateKey: pem("rsa2048_a"), bits: 2048 }], deleteKey: ["k"], createUser: ["u"],
      createOauthToken: ["u"], revokeOauthToken: ["t"], attachServiceAccount: [undefined], allowImpersonation: ["a", "b"], trust: [issuer],
      createFederation: ["n", { issuer: "https://a.example", audiences: ["a"], jwksUrl: "https://a.example/k" }], deleteFederation: ["f"],
      createFederatedCredential: ["a", "b", "c"], deleteFederatedCredential: ["c"], createSecret: ["b1g", "n", { a: "b" }],
      addSecretVersion: ["s", { a: Uint8Array.of(1) }], setSecretActive: ["s", true], deleteSecret: ["s"], addAccessBinding: ["r", "o", "s"],
      removeAccessBinding: ["r", "o", "s"], orderOperationFailure: [{ code: 3, message: "m", details: [], detectedEarly: true }], publish: [issuer],
      publishKeys: ["https://a.example/k", "{}"], revokeToken: [TOKEN], orderFault: [{ path: "/none", times: 1, status: 500, retryAfter: undefined, truncated: false, html: false, delay: undefined, dropped: false, clockOffset: undefined }],
      setClockOffset: [0],
    }),
  ]; // prettier-ignore
}

/** Each argument, and each field of each argument that is an object of options, replaced by each value. */
function* variations(given) {
  for (let index = 0; index < given.length; index++) {
    for (const make of Object.values(VALUES)) yield [...given.slice(0, index), make(), ...given.slice(index + 1)];
    const fields = given[index];
    if (typeof fields !== "object" || fields === null || Object.getPrototypeOf(fields) !== Object.prototype) continue;
    for (const name of Object.keys(fields)) {
      for (const make of Object.values(VALUES)) yield [...given.slice(0, index), { ...fields, [name]: make() }, ...given.slice(index + 1)];
    }
  }
}

async function attempt(name, work) {
  try {
    await work();
    return true;
  } catch (error) {
    assert.ok(isDocumented(error, YcIamError), `${name} threw ${inspect(error, { customInspect: false })}`);
    if (error instanceof YcIamError) assert.ok(!`${error.message}${error.hint}`.includes("InTheHostileError"), name);
    return false;
  }
}

test("everything that is exported is tried", async () => {
  const { emulator } = await emulated();
  const tried = new Set(table(emulator).map(([name]) => name));
  const missing = [];
  const OTHERS = /^(Token|ServiceAccountSecret|InCluster#|EmulatedCluster|PodMount|TokenFile|UsedEmulator|Emulator\.start|Explanation|Issuer#tokenFile|internals|Emulator#(stop|log|forgetRequests|revokeAllTokens|cancelFaults|constructor)|useEmulator)/;
  for (const module of [main, kubernetes, testing]) {
    for (const [name, value] of Object.entries(module)) {
      if (typeof value !== "function") continue;
      if (/^[a-z]/.test(name)) {
        if (![...tried].some((one) => one.endsWith(`.${name}`)) && !OTHERS.test(name)) missing.push(name);
        continue;
      }
      for (const method of Object.getOwnPropertyNames(value)) {
        if (typeof Object.getOwnPropertyDescriptor(value, method).value === "function") missing.push(`${name}.${method}`);
      }
      for (const [method, { value: own }] of Object.entries(Object.getOwnPropertyDescriptors(value.prototype))) {
        if (typeof own === "function" && !/^(constructor|toString|toJSON)$/.test(method)) missing.push(`${name}#${method}`);
      }
    }
  }
  assert.deepEqual(missing.filter((name) => !tried.has(name) && !OTHERS.test(name)), []);
  assert.ok(tried.size > 75, String(tried.size));
});

test("each argument and each option", { timeout: 120_000 }, async () => {
  const { emulator } = await emulated();
  let calls = 0;
  let worked = 0;
  // The kit makes keys where none is given, and that takes long: its module's own functions are walked below.
  const rows = table(emulator).filter(([name]) => !/generatePrivateKey|Issuer|Emulator/.test(name));
  for (const [name, given, call] of rows) {
    const began = performance.now();
    for (const args of variations(given)) {
      calls++;
      worked += (await attempt(name, () => call(...args))) ? 1 : 0;
    }
    assert.ok(performance.now() - began < 30_000, `${name} takes long`);
    assertAlive();
    assert.equal((await Credentials.oauth(OAUTH, options).getToken()).value, TOKEN);
  }
  assert.ok(calls > 5000 && worked > 500, `${calls} calls, ${worked} worked`);
});

test("credentials that were made of them", { timeout: 60_000 }, async (t) => {
  // What is tried again is tried soon: the time in between passes at once.
  const { setTimeout: real } = globalThis;
  const { now } = Date;
  let passed = 0;
  t.mock.method(Date, "now", () => now() + passed);
  t.mock.method(globalThis, "setTimeout", (work, millis) => {
    if (millis > 5000) return real(work, millis);
    return real(() => ((passed += millis), work()), 0);
  });
  const madeOf = async ([name, make]) => {
    const gives = () => {
      const made = make();
      if (/error|symbol|prototype|proxy|text/.test(name)) throw made;
      return made;
    };
    const all = [
      () => Credentials.oauth(OAUTH, { endpoints, fetch: gives }),
      () => Credentials.oauth(OAUTH, { endpoints, fetch: async () => ({ status: make(), headers: make(), arrayBuffer: make() }) }),
      () => Credentials.oauth(OAUTH, { endpoints, fetch: async () => ({ status: 200, headers: [["a", make()]], arrayBuffer: async () => make() }) }),
      () => Credentials.oauth(OAUTH, { endpoints, fetch: async () => ({ status: 200, body: { getReader: () => ({ read: async () => ({ done: false, value: make() }), cancel: async () => undefined }) } }) }),
      () => Credentials.workloadIdentity(ACCOUNT, { ...options, token: gives }),
      () => Credentials.serviceAccount(keyContent(), { ...options, signer: gives }),
    ];
    for (const credentials of all.map((one) => one())) {
      for (let time = 0; time < 2; time++) {
        const error = await Promise.race([credentials.getToken().catch((error) => error), new Promise((resolve) => real(resolve, 20_000, "hung").unref())]);
        assert.notEqual(error, "hung", name);
        assert.ok(error instanceof YcIamError || error instanceof main.Token, `${name}: ${inspect(error)}`);
      }
    }
    assertAlive();
  };
  // One by one: the time that one lets pass is not the others'.
  for (const entry of Object.entries(VALUES)) await madeOf(entry);
});

test("getters and proxies that throw leave nothing behind in the core", () => {
  const failing = () => VALUES.proxy();
  const labels = () => Object.defineProperty({}, "a", { get: () => { throw new HostileError(); }, enumerable: true }); // prettier-ignore
  for (let time = 0; time < 20_000; time++) {
    assert.throws(() => endpoints.with(failing()), HostileError);
    if (time % 20 === 0) assert.throws(() => kubernetes.kubeconfig(failing()), HostileError);
    if (time % 20 === 0) assert.throws(() => kubernetes.kubeconfig({ exec: { command: "c", env: labels() }, cluster: "c", context: "c", user: "u", server: "https://a.example" }), HostileError);
  }
  assertAlive();
});

test("functions that call back", async () => {
  const seen = [];
  const again = (what) => {
    seen.push(what);
    inspect(credentials);
    credentials.invalidate("t1.another");
    Endpoints.custom({ iam: "https://a.example" });
  };
  const credentials = Credentials.serviceAccount(keyContent(), {
    endpoints,
    fetch: async () => {
      again("fetch");
      assert.equal(await Promise.race([credentials.getToken(), new Promise((resolve) => setTimeout(resolve, 20, "waits"))]), "waits");
      return answer();
    },
    signer: () => (again("signer"), new Uint8Array(256)),
  });
  assert.equal((await credentials.getToken()).value, TOKEN);
  assert.deepEqual(seen, ["signer", "fetch"]);
  const reentrant = {
    get iam() {
      assertAlive();
      return Endpoints.custom({ iam: "https://a.example" }).iam;
    },
  };
  assert.equal(Endpoints.custom(reentrant).iam, "https://a.example");
  const variables = new Proxy({}, { get: (_, name) => (name === "YC_IAM_TOKEN" ? creds.lockbox && TOKEN : undefined), ownKeys: () => ["YC_IAM_TOKEN"], getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true }) }); // prettier-ignore
  assert.equal((await Credentials.default({ ...options, variables }).getToken()).value, TOKEN);
});

test("a clock that fails, or calls back", async () => {
  let fails = false;
  let emulator;
  ({ emulator } = await emulated({
    clock() {
      if (fails) throw new HostileError();
      void emulator?.requests;
      return NOW;
    },
  }));
  fails = true;
  const error = await rejection(Credentials.oauth(OAUTH, { endpoints: emulator.endpoints }).getToken());
  assert.ok(error instanceof YcIamError);
});

// What stands behind the package: the modules' own functions. They may throw any error, but none may stop the module.
for (const name of ["yc_iam", "yc_iam_tools", "yc_iam_emulator"]) {
  test(`the functions of ${name}`, async () => {
    const glue = await import(`data:text/javascript,${encodeURIComponent(readText(root, `js/dist/wasm/${name}.js`))}`);
    glue.initSync({ module: readFileSync(path.join(installed, `dist/${name}.wasm`)) });
    const endpoints = { iam: "https://a.example" };
    const made = [];
    if (name === "yc_iam") {
      made.push(glue.ServiceAccountKey.fromJson(keyContent()), glue.Endpoints.global(), glue.Source.metadata());
      made.push(made[0].signingInput(NOW), new glue.Session(glue.Source.serviceAccount(made[0]), made[1], 1n));
    } else if (name === "yc_iam_tools") {
      made.push(new glue.Call(glue.Task.lockbox("e6q"), endpoints, 1, new Uint8Array(16)), glue.Task.getOperation("a"));
      made.push(new glue.Program(["--help"], {}, new Uint8Array(16), true));
    } else made.push(new glue.Emulator({}), new glue.Issuer("https://a.example", pem("rsa2048_a")));
    if (name === "yc_iam") {
      // It claims to be longer than any memory.
      const hole = Object.assign([], { length: 2 ** 32 - 1 });
      assert.throws(() => glue.SubjectToken.url("https://a.example", hole), TypeError);
    }
    let calls = 0;
    const walk = (called, length, call) => {
      for (let index = 0; index <= length; index++) {
        for (const make of Object.values(VALUES)) {
          const args = Array.from({ length }, (_, at) => (at === index ? make() : "x"));
          calls++;
          try {
            call(...args)?.free?.();
          } catch (error) {
            assert.ok(!(error instanceof WebAssembly.RuntimeError), `${called}: ${error?.stack}`);
          }
        }
      }
    };
    const skipped = /^(constructor|free|default|initSync|__|generatePrivateKey)/;
    for (const [exported, value] of Object.entries(glue)) {
      if (skipped.test(exported) || typeof value !== "function") continue;
      if (value.prototype === undefined || !/^[A-Z]/.test(exported)) walk(exported, value.length, value);
      else {
        walk(`new ${exported}`, value.length, (...args) => new value(...args));
        for (const method of Object.getOwnPropertyNames(value)) {
          if (typeof value[method] === "function" && !skipped.test(method)) walk(`${exported}.${method}`, value[method].length, (...args) => value[method](...args));
        }
      }
    }
    for (const object of made) {
      for (const [method, { value }] of Object.entries(Object.getOwnPropertyDescriptors(Object.getPrototypeOf(object)))) {
        if (typeof value === "function" && !skipped.test(method)) walk(`${object.constructor.name}#${method}`, value.length, (...args) => object[method](...args));
      }
    }
    assert.ok(calls > 1000, String(calls));
  });
}
