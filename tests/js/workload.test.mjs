// Workload identities, end to end: tokens of an issuer, exchanged at the emulator.
import assert from "node:assert/strict";
import { unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { Credentials } from "yc-iam";
import { Issuer } from "yc-iam/testing";
import { directory, emulated, environment, owner, rejection, serve, stoppedClock } from "./support/emulated.mjs";
import { pem } from "./support/files.mjs";

const SUBJECT = "system:serviceaccount:shop:robot";

/** An emulator that trusts a cluster, and one service account that a pod may act as. */
async function cluster(clock) {
  const { emulator } = await emulated({ clock });
  const issuer = new Issuer(undefined, { privateKey: pem("ec_p256"), clock });
  const account = emulator.createServiceAccount("robot");
  emulator.createFederatedCredential(account, emulator.trust(issuer), SUBJECT);
  const credentials = (place, at = {}) =>
    Credentials.workloadIdentity(account, { endpoints: emulator.endpoints, ...at, ...place });
  return { emulator, issuer, account, credentials, mint: () => issuer.podToken("shop", "robot") };
}

describe("a token file", () => {
  test("is read anew at each renewal", async (t) => {
    const clock = stoppedClock(t);
    const { emulator, issuer, account, credentials } = await cluster(clock.now);
    const file = issuer.tokenFile(join(directory(t), "token"), "shop", "robot");
    const first = file.rotate();
    const creds = credentials({ tokenFile: file.path });
    assert.equal(emulator.requests.length, 0);
    assert.equal(await owner(emulator, creds), account);
    assert.equal(String(creds), `<Credentials of workload identity of service account ${account}>`);
    const old = await creds.getToken();
    // Past the file's first token and past the recommended hour: the kubelet has written another.
    clock.advance(2 * 3600);
    assert.notEqual(file.rotate(), first);
    const renewal = creds.getToken();
    assert.equal(await creds.getToken(), old);
    assert.notEqual((await renewal).value, old.value);
    const exchanges = emulator.requests.filter(({ target }) => target === "/oauth/token");
    assert.equal(exchanges.length, 2);
    assert.ok(exchanges.every(({ accepted }) => accepted));
  });

  test("goes missing: the old token is served while it lives", async (t) => {
    const clock = stoppedClock(t);
    const { emulator, issuer, credentials } = await cluster(clock.now);
    const file = issuer.tokenFile(join(directory(t), "token"), "shop", "robot");
    const creds = credentials({ tokenFile: file.path });
    const old = await creds.getToken();
    unlinkSync(file.path);
    clock.advance(2 * 3600);
    assert.equal(await creds.getToken(), old);
    assert.equal(await creds.getToken(), old);
    clock.advance(12 * 3600);
    const error = await rejection(creds.getToken());
    assert.equal(error.code, "unreadable_file");
    assert.ok(error.message.includes(file.path), error.message);
    assert.equal(error.message.split(file.path).length, 2, error.message);
    file.rotate();
    clock.advance(60);
    assert.notEqual((await creds.getToken()).value, old.value);
    assert.equal(emulator.tokensIssued, 2);
  });

  test("is there, but not good", async (t) => {
    const { issuer, credentials } = await cluster();
    const path = join(directory(t), "token");
    const contents = {
      "": /is empty/,
      "t1.9euelZqNoJwt": /not a JWT/,
    };
    for (const [content, says] of Object.entries(contents)) {
      writeFileSync(path, content);
      const error = await rejection(credentials({ tokenFile: path }).getToken());
      assert.equal(error.code, "invalid_subject_token");
      assert.match(error.message, says);
      if (content) assert.ok(!error.message.includes(content));
    }
    // Whether a token has ended, the service says: this machine's clock may be off.
    const ended = issuer.podToken("shop", "robot", { lifetime: -120 });
    writeFileSync(path, ended);
    const error = await rejection(credentials({ tokenFile: path }).getToken());
    assert.equal(error.code, "bad_request");
    assert.match(error.hint, /ended \d+ s ago/);
    assert.ok(error.hint.includes(path) && !String(error).includes(ended));
  });
});

describe("an environment variable", () => {
  test("is read anew at each renewal", async (t) => {
    const { emulator, account, credentials, mint } = await cluster();
    const creds = credentials({ tokenEnv: "CI_JOB_JWT" });
    environment(t, { CI_JOB_JWT: mint() });
    assert.equal(await owner(emulator, creds), account);
    process.env.CI_JOB_JWT = mint();
    creds.invalidate(await creds.getToken());
    assert.equal(await owner(emulator, creds), account);
  });

  test("is not set", async () => {
    const { credentials } = await cluster();
    const error = await rejection(credentials({ tokenEnv: "TOKEN_OF_NO_JOB" }).getToken());
    assert.equal(error.code, "missing_variable");
    assert.match(error.message, /`TOKEN_OF_NO_JOB`/);
  });
});

describe("a value or a function", () => {
  test("a value", async () => {
    const { emulator, account, credentials, mint } = await cluster();
    assert.equal(await owner(emulator, credentials({ token: mint() })), account);
  });

  test("functions are called at each renewal", async () => {
    const { emulator, account, credentials, mint } = await cluster();
    for (const supplier of [() => mint(), async () => mint()]) {
      let calls = 0;
      const creds = credentials({ token: () => (calls++, supplier()) });
      assert.equal(calls, 0);
      assert.equal(await owner(emulator, creds), account);
      creds.invalidate(await creds.getToken());
      assert.equal(await owner(emulator, creds), account);
      assert.equal(calls, 2);
    }
  });

  const failures = {
    throws: [() => assert.fail("no luck"), /no luck/],
    rejects: [() => Promise.reject(new Error("no luck")), /no luck/],
    "rejects with a secret": [() => Promise.reject(new Error("t1.9euelZqExampleTokenOfNoService")), /redacted/],
    "gives nothing": [() => undefined, /did not give a string/],
    "gives a number": [() => 5, /did not give a string/],
  };
  for (const [what, [token, says]] of Object.entries(failures)) {
    test(`a function that ${what}`, async () => {
      const { credentials } = await cluster();
      const error = await rejection(credentials({ token }).getToken());
      assert.equal(error.code, "supplier_failed");
      assert.match(error.message, says);
    });
  }
});

describe("a URL", () => {
  test("with headers and a field", async () => {
    const { emulator, account, credentials, mint } = await cluster();
    const seen = [];
    const url = await serve(({ method, url, headers }, response) => {
      seen.push(`${method} ${url} ${headers["x-api-key"]}`);
      response.end(JSON.stringify({ count: 1, id_token: mint() }));
    });
    const all = [{ "X-Api-Key": "k" }, [["x-api-key", "k"]], new Headers({ "x-api-key": "k" }), new Map([["x-api-key", "k"]])];
    for (const tokenHeaders of all) {
      const creds = credentials({ tokenUrl: new URL(`${url}/token?x=1`), tokenHeaders, tokenField: "id_token" });
      assert.equal(await owner(emulator, creds), account);
    }
    assert.deepEqual(seen, all.fill("GET /token?x=1 k"));
  });

  test("that answers with the token alone", async () => {
    const { emulator, account, credentials, mint } = await cluster();
    const url = await serve((_, response) => response.end(`${mint()}\n`));
    assert.equal(await owner(emulator, credentials({ tokenUrl: url })), account);
  });

  test("that refuses", async () => {
    const { credentials } = await cluster();
    const url = await serve((_, response) => response.writeHead(403).end());
    const error = await rejection(credentials({ tokenUrl: url }).getToken());
    assert.equal(error.code, "permission_denied");
    assert.match(error.message, /the subject token's URL/);
  });

  test("that is impossible", async () => {
    const { credentials } = await cluster();
    assert.throws(() => credentials({ tokenUrl: "http://example.org" }), { code: "insecure_endpoint" });
    const tokenHeaders = { a: "x\r\ny: s3cret" };
    assert.throws(() => credentials({ tokenUrl: "https://example.org", tokenHeaders }), { code: "invalid_argument" });
  });

  test("of GitHub Actions", async (t) => {
    const { emulator, account, credentials, mint } = await cluster();
    const seen = [];
    const url = await serve(({ url, headers }, response) => {
      seen.push(`${url} ${headers.authorization}`);
      response.end(JSON.stringify({ value: mint() }));
    });
    assert.throws(() => credentials({ githubActions: true }), { code: "missing_variable" });
    environment(t, { ACTIONS_ID_TOKEN_REQUEST_URL: `${url}/?v=2`, ACTIONS_ID_TOKEN_REQUEST_TOKEN: "job" });
    assert.equal(await owner(emulator, credentials({ githubActions: true, audience: "https://example.org" })), account);
    assert.deepEqual(seen, ["/?v=2&audience=https%3A%2F%2Fexample.org Bearer job"]);
  });
});

describe("what the service does not like", () => {
  test("another subject, and a federated credential that was deleted", async () => {
    const { emulator, issuer, account } = await cluster();
    const at = { endpoints: emulator.endpoints };
    const token = issuer.podToken("shop", "other");
    const error = await rejection(Credentials.workloadIdentity(account, { ...at, token }).getToken());
    assert.equal(error.fault, "remote");
    assert.match(error.hint, /`sub`/);
    const another = new Issuer("https://issuer.example.org", { privateKey: pem("rsa2048_a") });
    const { url, jwksUrl } = another;
    const federation = emulator.createFederation("another", { issuer: url, audiences: ["x"], jwksUrl });
    const credential = emulator.createFederatedCredential(account, federation, "someone");
    emulator.publish(another);
    const someone = { iss: url, aud: "x", sub: "someone", exp: Math.ceil(Date.now() / 1000) + 60 };
    const ask = () => Credentials.workloadIdentity(account, { ...at, token: another.sign(someone) }).getToken();
    assert.match((await ask()).value, /^t1\./);
    assert.equal(emulator.deleteFederatedCredential(credential), true);
    assert.equal((await rejection(ask())).fault, "remote");
    assert.equal(emulator.deleteFederation(federation), true);
  });

  test("a key that it does not know yet, or no longer", async () => {
    const { emulator, issuer, credentials, mint } = await cluster();
    const [old, oldKey] = [mint(), issuer.keyId];
    issuer.rotateKey(pem("rsa2048_b"));
    assert.notEqual(issuer.keyId, oldKey);
    await rejection(credentials({ token: mint() }).getToken());
    emulator.publish(issuer);
    for (const token of [old, mint()]) assert.match((await credentials({ token }).getToken()).value, /^t1\./);
    issuer.rotateKey(pem("ec_p256"), { retireOld: true });
    issuer.rotateKey(pem("rsa2048_a"), { retireOld: true });
    emulator.publishKeys(issuer.jwksUrl, issuer.jwks);
    assert.equal((await rejection(credentials({ token: old }).getToken())).fault, "remote");
    assert.equal(JSON.parse(issuer.jwks).keys.length, 1);
  });

  test("an impossible service account", () => {
    assert.throws(() => Credentials.workloadIdentity("a b", { tokenFile: "x" }), { code: "invalid_argument" });
  });
});

test("exactly one place", () => {
  const places = [
    {},
    { tokenFile: "x", tokenEnv: "Y" },
    { githubActions: false },
    { tokenFile: "x", tokenField: "value" },
    { tokenFile: "x", audience: "y" },
    { tokenFile: 5 },
    { token: 5 },
  ];
  for (const place of places) assert.throws(() => Credentials.workloadIdentity("ajeexample", place), TypeError);
});
