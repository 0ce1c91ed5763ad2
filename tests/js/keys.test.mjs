// The ways in which a key can be given.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { pathToFileURL } from "node:url";
import { Credentials, ServiceAccountKey, YcIamError } from "yc-iam";
import { assertHidden, keyContent } from "./support/values.mjs";

const directory = mkdtempSync(path.join(tmpdir(), "yc-iam-"));
after(() => rmSync(directory, { recursive: true }));

const content = keyContent().toString();
const file = path.join(directory, "key.json");
writeFileSync(file, content);
const id = JSON.parse(content).id;

function thrownBy(call) {
  try {
    call();
  } catch (error) {
    return error;
  }
  return assert.fail("an error was expected");
}

const good = {
  "a key": ServiceAccountKey.fromJson(content),
  "a path": file,
  "a file URL": pathToFileURL(file),
  "the content": content,
  "the content with a byte-order mark": `\ufeff\n${content}`,
  "the content's bytes": Buffer.from(content),
  "the content in base64": Buffer.from(content).toString("base64"),
  "an object": JSON.parse(content),
};
for (const [what, given] of Object.entries(good)) {
  test(`credentials of ${what}`, () => {
    assert.equal(ServiceAccountKey.from(given).id, id);
    assert.match(String(Credentials.serviceAccount(given)), /ajeexampleaccount001/);
  });
}

test("a key says who it is", () => {
  const key = ServiceAccountKey.fromFile(file);
  assert.equal(key.serviceAccountId, "ajeexampleaccount001");
  assert.equal(key.createdAt, "2026-01-15T09:30:00.123456789Z");
  assert.equal(key.modulusBits, 2048);
});

test("a frozen object is enough, and nothing is done to it", () => {
  const object = Object.freeze(JSON.parse(content));
  assert.equal(ServiceAccountKey.fromObject(object).id, id);
  assert.deepEqual(object, JSON.parse(content));
});

const secret = "y0_AgAAAABExampleOfAnOauthTokenThatOpensNothing";
const bad = [
  ["a file that is not there", path.join(directory, "none.json"), "unreadable_file", "ENOENT"],
  ["a directory", directory, "unreadable_file", "EISDIR"],
  ["an OAuth token", secret, "oauth_token_given", "OAuth token"],
  ["a long text", secret.replace("y0_", "xx_").repeat(20), "unreadable_file", "ENAMETOOLONG"],
  ["an empty path", "", "empty_key", "empty"],
  ["an empty object", {}, "missing_field", "private_key"],
];
test("a file without end is not read to its end", () => {
  const endless = path.join(directory, "endless.json");
  writeFileSync(endless, content);
  truncateSync(endless, 4 * 1024 * 1024);
  assert.throws(() => Credentials.serviceAccount(endless), { code: "invalid_json" });
  truncateSync(endless, 4 * 1024 * 1024 + 1);
  assert.throws(() => Credentials.serviceAccount(endless), { code: "unreadable_file", message: /more than 4 MiB/ });
});

for (const [what, given, code, words] of bad) {
  test(what, () => {
    const error = thrownBy(() => Credentials.serviceAccount(given));
    assert.ok(error instanceof YcIamError, String(error));
    assert.equal(error.code, code, error.message);
    assert.ok(error.message.includes(words), error.message);
    assertHidden(error, [secret, "ExampleOfAnOauthToken"]);
  });
}

test("content in place of a path, where only a path will do", () => {
  const error = thrownBy(() => ServiceAccountKey.fromFile(content));
  assert.equal(error.code, "unreadable_file");
  assertHidden(error, ["PRIVATE KEY", "MII"]);
});

const holders = {
  "a promise": [Promise.resolve(content), /this is a promise: `await` it$/],
  "a promise of a library's own": [{ then: () => undefined }, /this is a promise: `await` it$/],
  "an ArrayBuffer": [new Uint8Array(Buffer.from(content)).buffer, /an ArrayBuffer: pass `new Uint8Array\(…\)` of it$/],
  "a SharedArrayBuffer": [new SharedArrayBuffer(8), /a SharedArrayBuffer: pass `new Uint8Array\(…\)` of it$/],
  "a Response": [new Response(content), /a Response: pass `await response\.text\(\)`$/],
  "a Blob": [new Blob([content]), /a Blob: pass `await blob\.text\(\)`$/],
};
for (const [what, [given, message]] of Object.entries(holders)) {
  test(`${what} in place of a key`, () => {
    for (const make of [Credentials.serviceAccount, ServiceAccountKey.from, ServiceAccountKey.fromJson, ServiceAccountKey.fromObject]) {
      assert.throws(() => make.call(ServiceAccountKey, given), { name: "TypeError", message });
    }
  });
}

test("what is neither text nor bytes", () => {
  for (const given of [5, undefined, null, {}, [1]]) assert.throws(() => ServiceAccountKey.fromJson(given), TypeError);
});
