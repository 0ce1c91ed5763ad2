// What is said about keys, tokens and the JSON around them: tests/vectors/explanations.json.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { inspect } from "node:util";
import { explain, YcIamError } from "yc-iam";
import { Emulator } from "yc-iam/testing";
import { emulatedCredentials } from "./support/emulated.mjs";
import { vectors } from "./support/files.mjs";
import { assertError, bytes, endpoints, keyContent } from "./support/values.mjs";

function explained({ content, now, endpoints: given, expected = {} }) {
  const { federation, credential } = expected;
  const json = (given) => (given == null ? undefined : bytes(given));
  const options = { now, endpoints: endpoints(given), federation: json(federation), credential: json(credential) };
  return explain(bytes(content), options);
}

describe("explanations", () => {
  for (const given of vectors("explanations")) {
    test(given.name, () => {
      if (given.error) {
        assert.throws(() => explained(given), (error) => (assertError(error, given.error), error instanceof YcIamError));
        return;
      }
      const before = bytes(given.content);
      const found = explained(given);
      const { kind, good, facts, findings, says = [], hides = [] } = given.explanation;
      assert.equal(found.kind, kind);
      assert.equal(found.isGood, good);
      const shown = found.facts.map(({ name, value, remark }) => [name, value, ...(remark === "" ? [] : [remark])]);
      assert.deepEqual(shown, facts);
      assert.deepEqual(
        found.findings.map(({ severity, code }) => [severity, code]),
        findings,
      );
      for (const said of says) assert.ok(String(found).includes(said), `\`${said}\` is not in ${found}`);
      for (const hidden of hides) {
        for (const view of [String(found), JSON.stringify(found), inspect(found), inspect(found, { customInspect: false, depth: 9 })]) {
          assert.ok(!view.includes(hidden), `${hidden} is to be seen in ${view}`);
        }
      }
      assert.deepEqual(bytes(given.content), before);
      assert.equal(found.toJSON().kind, kind);
    });
  }
});

test("text and bytes are the same to it, and the caller's bytes stay", () => {
  const content = keyContent();
  const copy = Buffer.from(content);
  assert.deepEqual(explain(content).toJSON(), explain(String(content)).toJSON());
  assert.deepEqual(content, copy);
  assert.throws(() => explain(5), TypeError);
});

test("a federation as the API gives it", async () => {
  const { emulator, creds } = await emulatedCredentials();
  const { federation } = await made(emulator, creds);
  const { issuer } = federation;
  const claims = { iss: issuer, aud: "other", sub: "me", iat: 1, exp: 4_000_000_000 };
  const jwt = ["header", claims, "signature"].map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"));
  jwt[0] = Buffer.from('{"alg":"RS256"}').toString("base64url");
  const found = explain(jwt.join("."), { federation });
  assert.equal(found.isGood, false);
  assert.match(String(found), /aud/);
});

async function made(emulator, creds) {
  assert.ok(emulator instanceof Emulator);
  const federation = await creds.federations.create({
    folderId: "b1gexamplefolder0001",
    name: "cluster",
    issuer: "https://issuer.example.org",
    audiences: ["https://issuer.example.org"],
    jwksUrl: "https://issuer.example.org/keys",
  });
  return { federation };
}
