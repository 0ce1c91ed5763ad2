// Keys whose private half is elsewhere: a Web Crypto key that nobody can extract stands in for a store of keys.
import assert from "node:assert/strict";
import { createPrivateKey, webcrypto } from "node:crypto";
import { test } from "node:test";
import { Credentials, ServiceAccountKey } from "yc-iam";
import { emulated, owner } from "./support/emulated.mjs";

async function elsewhere() {
  const { emulator, keyFile } = await emulated();
  const { id, service_account_id: serviceAccountId, public_key: publicKey, private_key: privateKey } = JSON.parse(keyFile);
  const der = createPrivateKey(privateKey.slice(privateKey.indexOf("-----BEGIN"))).export({ type: "pkcs8", format: "der" });
  const algorithm = { name: "RSA-PSS", hash: "SHA-256" };
  const key = await webcrypto.subtle.importKey("pkcs8", der, algorithm, false, ["sign"]);
  const signer = (input) => webcrypto.subtle.sign({ name: "RSA-PSS", saltLength: 32 }, key, input);
  return { emulator, key: ServiceAccountKey.external({ id, serviceAccountId, publicKey }), signer };
}

test("a key that cannot be extracted signs", async () => {
  const { emulator, key, signer } = await elsewhere();
  const creds = Credentials.serviceAccount(key, { signer, endpoints: emulator.endpoints });
  assert.equal(await owner(emulator, creds), key.serviceAccountId);
  assert.equal((await key.signJwtWith(signer)).split(".").length, 3);
});

test("without a signer of its own it says so at once", async () => {
  const { emulator, key } = await elsewhere();
  for (const signer of [undefined, "platform"]) {
    const make = () => Credentials.serviceAccount(key, { signer, endpoints: emulator.endpoints });
    assert.throws(make, { code: "signing_failed", message: /signer/ });
  }
  assert.throws(() => key.signJwt(), { code: "signing_failed" });
});
