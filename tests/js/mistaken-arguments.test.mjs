// What is easily passed by mistake is refused where it is passed, and the error says what it is.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Credentials, Endpoints, explain, ServiceAccountKey } from "yc-iam";
import { keyContent } from "./support/values.mjs";

const TOKEN = "t1.9euelZqTokenOfATest-0123456789.AbCdEf";
const ACCOUNT = "ajeb9l33h6mu12345678";
const endpoints = Endpoints.allAt("http://127.0.0.1:9");
const creds = Credentials.fixed(TOKEN, { endpoints });

describe("a forgotten `await`", () => {
  const promise = Promise.resolve(TOKEN);
  const calls = {
    "an OAuth token": () => Credentials.oauth(promise),
    "an IAM token": () => Credentials.fixed(promise),
    "an external token": () => Credentials.workloadIdentity(ACCOUNT, { token: promise }),
    "an ID": () => Credentials.workloadIdentity(promise, { tokenFile: "/t" }),
    "a path of a key file": () => ServiceAccountKey.fromFile(promise),
    "endpoints": () => Credentials.fixed(TOKEN, { endpoints: promise }),
    "endpoints' URL": () => Endpoints.allAt(promise),
    "endpoints' overrides": () => Endpoints.custom(promise),
    "further overrides": () => endpoints.with(promise),
    "`fetch`": () => Credentials.fixed(TOKEN, { endpoints, fetch: promise }),
    "credentials": () => Credentials.impersonate(ACCOUNT, promise),
    "a refused token": () => creds.invalidate(creds.getToken()),
    "a token that is revoked": () => creds.revoke(creds.getToken()),
    "what is explained": () => explain(promise),
    "a secret's ID": () => creds.lockbox.get(promise),
  }; // prettier-ignore
  for (const [what, call] of Object.entries(calls)) {
    test(what, () => assert.rejects(async () => call(), { name: "TypeError", message: /^`\w+` is .*, but a promise: `await` it$/ }));
  }
});

test("a `fetch` that is no function", () => {
  const key = keyContent();
  for (const fetch of ["fetch", {}, new Map(), 5, true]) {
    const error = { name: "TypeError", message: "`fetch` is not a function" };
    assert.throws(() => Credentials.serviceAccount(key, { endpoints, fetch }), error);
    assert.throws(() => Credentials.default({ endpoints, fetch, variables: { YC_IAM_TOKEN: TOKEN } }), error);
    assert.throws(() => Credentials.impersonate(ACCOUNT, creds, { fetch }), error);
  }
});
