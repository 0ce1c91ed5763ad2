const { readFileSync } = require("node:fs");
const { createSigner } = require("fast-jwt");

const key = JSON.parse(readFileSync(process.argv[2], "utf8"));
const pem = key.private_key.slice(key.private_key.indexOf("-----BEGIN"));
const sign = createSigner({
  algorithm: "PS256",
  key: pem,
  kid: key.id,
  iss: key.service_account_id,
  aud: "https://iam.api.cloud.yandex.net/iam/v1/tokens",
  expiresIn: 3600_000,
});
if (sign({}).split(".").length !== 3) process.exit(1);
