import { readFileSync } from "node:fs";
import { importPKCS8, SignJWT } from "jose";

const key = JSON.parse(readFileSync(process.argv[2], "utf8"));
const pem = key.private_key.slice(key.private_key.indexOf("-----BEGIN"));
const jwt = await new SignJWT({})
  .setProtectedHeader({ typ: "JWT", alg: "PS256", kid: key.id })
  .setIssuer(key.service_account_id)
  .setAudience("https://iam.api.cloud.yandex.net/iam/v1/tokens")
  .setIssuedAt()
  .setExpirationTime("1h")
  .sign(await importPKCS8(pem, "PS256"));
const headers = { "content-type": "application/json" };
const body = JSON.stringify({ jwt });
const response = await fetch(`${process.env.YC_IAM_ENDPOINT}/iam/v1/tokens`, { method: "POST", headers, body });
if (!(await response.json()).iamToken.startsWith("t1.")) process.exit(1);
