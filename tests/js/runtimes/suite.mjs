// What must hold in every runtime: plain functions over the package's public face, nothing of Node's.
import { vectors } from "./vectors.mjs";

const encoder = new TextEncoder();

/** Runs everything; gives what failed, and JWTs for somebody else to verify. `traits`: what this runtime is. */
export async function run(yc, kubernetes, traits = {}) {
  const context = { yc, kubernetes, traits, jwts: [] };
  const failures = [];
  let passed = 0;
  for (const [name, test] of Object.entries(TESTS)) {
    try {
      passed += (await test(context)) ?? 1;
    } catch (error) {
      failures.push(`${name}: ${error?.stack ?? error}`);
    }
  }
  return { passed, failures, jwts: context.jwts };
}

const TESTS = {
  keys: ({ yc }) =>
    each("keys", ({ content, expect, error }) => {
      const make = () => yc.ServiceAccountKey.fromJson(bytes(content));
      if (error) return refused(thrownBy(make), error);
      const { id, serviceAccountId, modulusBits, createdAt } = make();
      equal([id, serviceAccountId, modulusBits, createdAt ?? null], [expect.id, expect.service_account_id, expect.modulus_bits, expect.created_at]);
    }),

  redact: ({ yc }) => each("redact", ({ text, redacted }) => equal(yc.redact(text), redacted)),

  "signing inputs": ({ yc }) =>
    each("signing_inputs", async (given) => {
      let signed;
      const signer = (input) => ((signed = new TextDecoder().decode(input)), new Uint8Array(256).fill(0x5a));
      // Whatever comes after the signature: some of these times are impossible ones for a token.
      const asked = at(given.now, () => exchange(yc, given, { signer, fetch: answering(400, new Uint8Array()) }));
      await rejectionOf(asked);
      equal(signed, given.signing_input);
    }),

  requests: ({ yc }) =>
    each("requests", async (given) => {
      let sent;
      const fetch = (url, { method, headers, body }) => {
        const anyVersion = headers.map(([name, value]) => [name, value.replace(/^yc-iam\/[\d.]+$/, "yc-iam/*")]);
        sent = { method, url, headers: anyVersion, body: body ?? null };
        return answering(200, GOOD_ANSWER)();
      };
      await at(given.now, () => exchange(yc, given, { signer: () => bytes(given.signature), fetch }));
      const { method, url, headers, body } = given.request;
      equal(sent, { method, url, headers, body });
    }),

  // Those that are tried again take time, and are the core's business alone.
  responses: ({ yc }) =>
    each(
      "responses",
      async ({ now, status, headers = [], body, token, error }) => {
        const fetch = answering(status, bytes(body), headers);
        const signer = () => new Uint8Array(256).fill(0x5a);
        const asked = at(now, () => exchange(yc, {}, { signer, fetch }));
        if (error) return refused(await rejectionOf(asked), error);
        const { value, expiresAt, issuedAt } = await asked;
        equal([value, Math.round(expiresAt), Math.round(issuedAt)], [token.value, Math.round(token.expires_at), Math.round(token.issued_at)]);
      },
      ({ token, error }) => token !== undefined || error?.transient === false,
    ),

  async "signatures of the platform, the core and a session"({ yc, jwts }) {
    const { content, key } = plainKey(yc);
    const { public_key: publicKey } = JSON.parse(content);
    let sent;
    const fetch = async (_url, { body }) => ((sent = JSON.parse(body).jwt), answering(200, goodNow())());
    const credentials = yc.Credentials.serviceAccount(JSON.parse(content), { fetch });
    const tokens = await Promise.all([credentials.getToken(), credentials.getToken()]);
    equal(tokens[0].value, tokens[1].value);
    const made = {
      platform: await key.signJwtWith("platform"),
      core: await key.signJwtWith("core"),
      "at once": key.signJwt(),
      session: sent,
    };
    for (const [by, jwt] of Object.entries(made)) {
      equal(await isGood(jwt, publicKey), true, by);
      jwts.push({ by, jwt, publicKey });
    }
    equal(await isGood(`${made.core.slice(0, -8)}AAAAAAAA`, publicKey), false, "a broken signature");
  },

  async "WebCrypto has the key and keeps it"({ yc, traits }) {
    if (!traits.web) return;
    const { subtle } = crypto;
    const imports = [];
    const importKey = (...given) => (imports.push(given), SubtleCrypto.prototype.importKey.apply(subtle, given));
    Object.defineProperty(subtle, "importKey", { value: importKey, configurable: true });
    try {
      await plainKey(yc).key.signJwtWith("platform");
    } finally {
      delete subtle.importKey;
    }
    const [[format, material, algorithm, extractable, uses], ...others] = imports;
    equal([format, algorithm, extractable, uses, others], ["pkcs8", { name: "RSA-PSS", hash: "SHA-256" }, false, ["sign"], []]);
    // Nothing of the key stays behind in memory that is the program's.
    equal(material.every((byte) => byte === 0), true);
  },

  async "a token is kept, refused, renewed and sent"({ yc }) {
    const seen = [];
    let exchanges = 0;
    const fetch = async (input, init) => {
      if (!String(input).includes("/iam/v1/tokens")) {
        seen.push(new Headers(init.headers).get("authorization"));
        return new Response("", { status: seen.length === 1 ? 401 : 200 });
      }
      return answering(200, goodNow(`t1.session.${++exchanges}`))();
    };
    const credentials = yc.Credentials.serviceAccount(plainKey(yc).key, { fetch });
    equal((await credentials.getToken()).value, (await credentials.getToken()).value);
    equal((await credentials.fetch("https://api.example.net/")).status, 200);
    equal(seen, ["Bearer t1.session.1", "Bearer t1.session.2"]);
  },

  async "the tools are loaded when they are used"({ yc }) {
    const fetch = async (input) => {
      const isExchange = String(input).includes("/iam/v1/tokens");
      const payload = { versionId: "e6qexample", entries: [{ key: "password", textValue: "s3cret" }] };
      return answering(200, isExchange ? goodNow() : encoder.encode(JSON.stringify(payload)))();
    };
    const credentials = yc.Credentials.serviceAccount(plainKey(yc).key, { fetch });
    const secret = await credentials.lockbox.get("e6qexamplesecret0001");
    equal([secret.keys(), secret.text("password")], [["password"], "s3cret"]);
  },

  async "explain and kubernetes"({ yc, kubernetes }) {
    await yc.init(undefined, { tools: true });
    equal(yc.explain(plainKey(yc).content).kind, "service_account_key");
    const given = { server: "https://192.0.2.1", cluster: "c", context: "x", user: "u", token: "t1.abcdefghijklmnopqrstuvwxyz" };
    equal(JSON.parse(kubernetes.kubeconfig({ ...given, format: "json" }))["current-context"], "x");
    equal(thrownBy(() => kubernetes.InCluster.fromPod({ directory: "/nowhere", variables: {} })).code, "not_in_cluster");
  },

  async "no files and no environment are said so"({ yc, traits }) {
    if (!traits.web) return;
    const noFiles = thrownBy(() => yc.Credentials.serviceAccount("key.json"));
    equal(noFiles.code, "unreadable_file");
    includes(noFiles.message, "there are no files on this platform");
    const noVariable = yc.Credentials.workloadIdentity("ajeexampleaccount001", { tokenEnv: "ID_TOKEN" });
    includes((await rejectionOf(noVariable.getToken())).message, "there are no environment variables on this platform");
    equal(thrownBy(() => yc.Credentials.default()).code, "no_credentials");
  },
};

function exchange(yc, { key = "plain", endpoints = "default" }, options) {
  const where = typeof endpoints === "string" ? yc.Endpoints[endpoints]() : yc.Endpoints.custom(endpoints);
  return yc.Credentials.serviceAccount(yc.ServiceAccountKey.fromJson(keyContent(key)), { endpoints: where, ...options }).getToken();
}

const keyContent = (name) => bytes(vectors.keys.find((given) => given.name === name).content);

function plainKey(yc) {
  const content = new TextDecoder().decode(keyContent("plain"));
  return { content, key: yc.ServiceAccountKey.fromJson(content) };
}

const GOOD_ANSWER = encoder.encode('{"iamToken":"t1.good","expiresAt":"2099-01-01T00:00:00Z"}');

function goodNow(iamToken = "t1.good") {
  const expiresAt = new Date(Date.now() + 12 * 3600_000).toISOString();
  return encoder.encode(JSON.stringify({ iamToken, expiresAt }));
}

/** A `fetch` with this answer, also one that no `Response` could be made of. */
const answering = (status, body, headers = []) => async () => ({
  status,
  headers,
  arrayBuffer: async () => body.slice().buffer,
});

/** Does this with the clock at that time, which nothing here waits for. */
async function at(now, work) {
  const real = Date.now;
  Date.now = () => now * 1000;
  try {
    return await work();
  } finally {
    Date.now = real;
  }
}

/** Whether WebCrypto takes this for a PS256 signature. */
async function isGood(jwt, pem) {
  const [header, claims, signature] = jwt.split(".");
  const spki = fromBase64(pem.replace(/-----[^-]+-----|\s/g, ""));
  const algorithm = { name: "RSA-PSS", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("spki", spki, algorithm, false, ["verify"]);
  const raw = fromBase64(signature.replace(/-/g, "+").replace(/_/g, "/"));
  return crypto.subtle.verify({ ...algorithm, saltLength: 32 }, key, raw, encoder.encode(`${header}.${claims}`));
}

const fromBase64 = (text) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));

/** Bytes as `tests/README.md` writes them. */
function bytes(given) {
  if (given.join !== undefined) {
    const parts = given.join.map((part) => [...bytes(part)]);
    return Uint8Array.from(parts.flat());
  }
  if (given.repeat !== undefined) return encoder.encode(given.repeat.repeat(given.times));
  return given.base64 === undefined ? encoder.encode(given.text) : fromBase64(given.base64);
}

async function each(name, check, filter = () => true) {
  const cases = vectors[name].filter(filter);
  for (const given of cases) {
    try {
      await check(given);
    } catch (error) {
      throw new Error(`${given.name}: ${error?.message ?? error}`, { cause: error });
    }
  }
  if (cases.length === 0) throw new Error("there are no cases");
  return cases.length;
}

function thrownBy(work) {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error("an error was expected");
}

const rejectionOf = (promise) =>
  promise.then(
    () => {
      throw new Error("an error was expected");
    },
    (error) => error,
  );

function refused(error, expected) {
  equal(error?.code, expected.code, String(error));
  for (const said of expected.says ?? []) includes(error.message, said);
}

function includes(text, part) {
  if (!text.includes(part)) throw new Error(`\`${part}\` is not in: ${text}`);
}

function equal(found, expected, name = "") {
  const [left, right] = [found, expected].map((value) => JSON.stringify(value));
  if (left !== right) throw new Error(`${name} ${left} is not ${right}`);
}
