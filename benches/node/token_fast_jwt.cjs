const { readFileSync } = require("node:fs");
const { createSigner } = require("fast-jwt");

async function main() {
  const key = JSON.parse(readFileSync(process.argv[2], "utf8"));
  const sign = createSigner({
    algorithm: "PS256",
    key: key.private_key.slice(key.private_key.indexOf("-----BEGIN")),
    kid: key.id,
    iss: key.service_account_id,
    aud: "https://iam.api.cloud.yandex.net/iam/v1/tokens",
    expiresIn: 3600_000,
  });
  const headers = { "content-type": "application/json" };
  const body = JSON.stringify({ jwt: sign({}) });
  const response = await fetch(`${process.env.YC_IAM_ENDPOINT}/iam/v1/tokens`, { method: "POST", headers, body });
  if (!(await response.json()).iamToken.startsWith("t1.")) process.exit(1);
}

main();
