const { readFileSync } = require("node:fs");
const { sign } = require("jsonwebtoken");

async function main() {
  const key = JSON.parse(readFileSync(process.argv[2], "utf8"));
  const pem = key.private_key.slice(key.private_key.indexOf("-----BEGIN"));
  const jwt = sign({}, pem, {
    algorithm: "PS256",
    keyid: key.id,
    issuer: key.service_account_id,
    audience: "https://iam.api.cloud.yandex.net/iam/v1/tokens",
    expiresIn: "1h",
  });
  const headers = { "content-type": "application/json" };
  const body = JSON.stringify({ jwt });
  const response = await fetch(`${process.env.YC_IAM_ENDPOINT}/iam/v1/tokens`, { method: "POST", headers, body });
  if (!(await response.json()).iamToken.startsWith("t1.")) process.exit(1);
}

main();
