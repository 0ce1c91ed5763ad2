// Signatures, judged by jose and node:crypto.
import assert from "node:assert/strict";
import { constants, createPrivateKey, createPublicKey, sign, verify } from "node:crypto";
import { describe, test } from "node:test";
import { decodeProtectedHeader, jwtVerify } from "jose";
import { Credentials, ServiceAccountKey } from "yc-iam";
import { emulated, rejection } from "./support/emulated.mjs";
import { pem } from "./support/files.mjs";

const AUDIENCE = "https://iam.api.cloud.yandex.net/iam/v1/tokens";
const ID = "ajeexamplekey0000001";
const ACCOUNT = "ajeexampleaccount001";

function keyFile(name) {
  const privateKey = `PLEASE DO NOT REMOVE THIS LINE! Yandex.Cloud SA Key ID <${ID}>\n${pem(name)}`;
  return { id: ID, service_account_id: ACCOUNT, created_at: "2026-01-15T09:30:00Z", private_key: privateKey };
}

async function judge(jwt, name) {
  const publicKey = createPublicKey(pem(name));
  const { payload, protectedHeader } = await jwtVerify(jwt, publicKey, {
    algorithms: ["PS256"],
    audience: AUDIENCE,
    issuer: ACCOUNT,
    typ: "JWT",
  });
  assert.equal(protectedHeader.kid, ID);
  assert.ok(Math.abs(payload.iat - Date.now() / 1000) < 30);
  const end = jwt.lastIndexOf(".");
  const verified = verify(
    "sha256",
    Buffer.from(jwt.slice(0, end)),
    { key: publicKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 },
    Buffer.from(jwt.slice(end + 1), "base64url"),
  );
  assert.ok(verified, "the salt has 32 bytes");
  return payload;
}

for (const name of ["rsa2048_a", "rsa2048_a_pkcs1", "rsa3072", "rsa4096"]) {
  describe(name, () => {
    const key = ServiceAccountKey.fromObject(keyFile(name));

    test("signed in the core", () => judge(key.signJwt(), name));
    test("signed by the platform", async () => judge(await key.signJwtWith("platform"), name));
    test("signed in the core, on request", async () => judge(await key.signJwtWith("core"), name));
    test("signed by a function", async () => {
      const privateKey = createPrivateKey(pem(name));
      const signer = async (input) =>
        sign("sha256", input, { key: privateKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 });
      await judge(await key.signJwtWith(signer), name);
    });
  });
}

const key = ServiceAccountKey.fromObject(keyFile("rsa2048_a"));

test("no two signatures are alike", async () => {
  const jwts = [key.signJwt({ now: 1e9 }), key.signJwt({ now: 1e9 }), await key.signJwtWith("platform", { now: 1e9 })];
  assert.equal(new Set(jwts).size, 3);
});

test("the options reach the claims, whoever signs", async () => {
  const options = { now: 1767225600.9, lifetime: 60, audience: "https://example.org/" };
  for (const jwt of [key.signJwt(options), await key.signJwtWith("platform", options)]) {
    assert.deepEqual(decodeProtectedHeader(jwt), { typ: "JWT", alg: "PS256", kid: ID });
    const claims = JSON.parse(Buffer.from(jwt.split(".")[1], "base64url").toString());
    assert.deepEqual(claims, { iss: ACCOUNT, aud: "https://example.org/", iat: 1767225600, exp: 1767225660 });
  }
  assert.equal((await rejection(key.signJwtWith("platform", { lifetime: 3601 }))).code, "invalid_lifetime");
});

test("a signature that WebCrypto made is an ArrayBuffer, and will do", async () => {
  const der = createPrivateKey(pem("rsa2048_a")).export({ format: "der", type: "pkcs8" });
  const algorithm = { name: "RSA-PSS", hash: "SHA-256" };
  const imported = await crypto.subtle.importKey("pkcs8", der, algorithm, false, ["sign"]);
  const jwt = await key.signJwtWith((input) => crypto.subtle.sign({ name: "RSA-PSS", saltLength: 32 }, imported, input));
  await judge(jwt, "rsa2048_a");
});

const unusable = [
  ["throws", () => assert.fail("the vault is shut"), "the vault is shut"],
  ["rejects", async () => assert.fail("the vault is shut"), "the vault is shut"],
  ["returns text", () => "c2lnbmF0dXJl", "Uint8Array"],
  ["returns nothing", () => undefined, "Uint8Array"],
  ["returns too little", () => new Uint8Array(255), "255 bytes"],
];
for (const [what, signer, words] of unusable) {
  test(`a signer that ${what}`, async () => {
    const error = await rejection(key.signJwtWith(signer));
    assert.equal(error.code, "signing_failed");
    assert.ok(error.message.includes(words), error.message);
    const { emulator, keyFile } = await emulated();
    const creds = Credentials.serviceAccount(keyFile, { endpoints: emulator.endpoints, signer });
    const refused = await rejection(creds.getToken());
    assert.equal(refused.code, "signing_failed");
    assert.ok(refused.message.includes(words), refused.message);
    assert.equal(emulator.requests.length, 0);
  });
}

test("what is no signer", () => {
  assert.throws(() => Credentials.serviceAccount(keyFile("rsa2048_a"), { signer: "kms" }), TypeError);
});

for (const signer of ["platform", "core", undefined]) {
  test(`the emulator takes what the signer ${signer} signs`, async () => {
    const { emulator, keyFile } = await emulated();
    const creds = Credentials.serviceAccount(keyFile, { endpoints: emulator.endpoints, signer });
    assert.match((await creds.getToken()).value, /^t1\./);
    assert.ok(emulator.requests[0].accepted);
  });
}
