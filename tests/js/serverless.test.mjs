// The functions of examples/serverless, called as the services call them, also after long freezes.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { directory, emulated, environment, rejection, stoppedClock } from "./support/emulated.mjs";
import { pem } from "./support/files.mjs";

/** The folders, copied to where `yc-iam` is installed. */
const FUNCTIONS = join(import.meta.dirname, "../serverless");

/** Longer than a token lives, in seconds. */
const FREEZE = 13 * 3600;

/** A cloud with a secret that a service account may read, and a key of that account. */
async function prepared(t) {
  const clock = stoppedClock(t);
  const { emulator } = await emulated();
  const robot = emulator.createServiceAccount("robot");
  const secretId = emulator.createSecret("b1gfolder0000000000", "database", { user: "app", password: "correct horse" });
  emulator.addAccessBinding(secretId, "lockbox.payloadViewer", robot);
  const key = emulator.serviceAccountKey({ serviceAccountId: robot, privateKey: pem("rsa2048_a") });
  return { emulator, robot, secretId, key, freeze: () => clock.advance(FREEZE) };
}

function accepted(emulator) {
  assert.ok(
    emulator.requests.every(({ accepted }) => accepted),
    emulator.log(),
  );
}

describe("Yandex Cloud Functions", () => {
  /** Finds an entry point, `<file>.<export>`, as the runtime does when it starts. */
  function load(entryPoint) {
    const [file, name] = entryPoint.split(".");
    const require = createRequire(import.meta.url);
    const path = join(FUNCTIONS, "yandex-node", `${file}.js`);
    delete require.cache[require.resolve(path)];
    return require(path)[name];
  }

  /** What an HTTP invocation brings. */
  const event = {
    httpMethod: "GET",
    headers: { Host: "functions.yandexcloud.net" },
    multiValueHeaders: {},
    queryStringParameters: {},
    multiValueQueryStringParameters: {},
    requestContext: { identity: { sourceIp: "192.0.2.1", userAgent: "curl" }, httpMethod: "GET" },
    body: "",
    isBase64Encoded: false,
  };

  function context(token) {
    return {
      functionName: "d4eexample",
      functionVersion: "d4vexample",
      memoryLimitInMB: 128,
      requestId: "r",
      token,
      getRemainingTimeInMillis: () => 3000,
      getPayload: () => event,
    };
  }

  function check({ statusCode, body }) {
    assert.equal(statusCode, 200);
    assert.deepEqual(JSON.parse(body).keys, ["user", "password"]);
    assert.doesNotMatch(body, /correct horse/);
  }

  test("by the context's token", async (t) => {
    const { emulator, robot, secretId, freeze } = await prepared(t);
    emulator.attachServiceAccount(robot);
    environment(t, { SECRET_ID: secretId, YC_IAM_ENDPOINT: emulator.url });
    const handler = load("index.handler");
    for (let invocation = 0; invocation < 3; invocation++) {
      // The metadata service gives the same three fields.
      const url = `${emulator.url}/computeMetadata/v1/instance/service-accounts/default/token`;
      const token = await (await fetch(url, { headers: { "metadata-flavor": "Google" } })).json();
      assert.deepEqual(Object.keys(token).sort(), ["access_token", "expires_in", "token_type"]);
      check(await handler(event, context(token)));
      freeze();
    }
    accepted(emulator);
  });

  test("without a service account", async (t) => {
    const { emulator, secretId } = await prepared(t);
    environment(t, { SECRET_ID: secretId, YC_IAM_ENDPOINT: emulator.url });
    const error = await rejection(load("index.handler")(event, context(null)));
    assert.equal(error.fault, "config");
    assert.match(error.message, /service account/);
    assert.deepEqual(emulator.requests, []);
  });

  for (const form of ["path", "content"]) {
    test(`by a key file's ${form}`, async (t) => {
      const { emulator, secretId, key, freeze } = await prepared(t);
      const path = join(directory(t), "key.json");
      writeFileSync(path, key);
      const given = form === "path" ? path : key;
      environment(t, { SECRET_ID: secretId, YC_IAM_ENDPOINT: emulator.url, YC_SERVICE_ACCOUNT_KEY_FILE: given });
      const handler = load("with-key.handler");
      for (let tokens = 1; tokens <= 3; tokens++) {
        for (let invocation = 0; invocation < 2; invocation++) {
          check(await handler(event, context(null)));
          assert.equal(emulator.tokensIssued, tokens);
        }
        freeze();
      }
      accepted(emulator);
    });
  }
});

// AWS's runtime interface client for Node is built from C++ sources when it is installed, so the handler is called directly.
test("AWS Lambda", async (t) => {
  const { emulator, secretId, key, freeze } = await prepared(t);
  assert.ok(key.length < 4096, "Lambda takes no more than 4 kB of variables");
  environment(t, { YC_IAM_ENDPOINT: emulator.url, YC_SERVICE_ACCOUNT_KEY_FILE: key });
  const { handler } = await import(pathToFileURL(join(FUNCTIONS, "lambda-node/app.js")));
  for (let tokens = 1; tokens <= 3; tokens++) {
    for (let invocation = 0; invocation < 2; invocation++) {
      const answer = await handler({ secretId }, { awsRequestId: "r", getRemainingTimeInMillis: () => 3000 });
      assert.deepEqual(answer.keys, ["user", "password"]);
      assert.doesNotMatch(JSON.stringify(answer), /correct horse/);
      assert.equal(emulator.tokensIssued, tokens);
    }
    freeze();
  }
  accepted(emulator);
});
