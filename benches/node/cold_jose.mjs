import { readFileSync } from "node:fs";
import { importPKCS8, SignJWT } from "jose";

const key = JSON.parse(readFileSync(process.argv[2], "utf8"));
// jose stumbles over the line before the PEM block.
const pem = key.private_key.slice(key.private_key.indexOf("-----BEGIN"));
const token = await new SignJWT({})
  .setProtectedHeader({ typ: "JWT", alg: "PS256", kid: key.id })
  .setIssuer(key.service_account_id)
  .setAudience("https://iam.api.cloud.yandex.net/iam/v1/tokens")
  .setIssuedAt()
  .setExpirationTime("1h")
  .sign(await importPKCS8(pem, "PS256"));
if (token.split(".").length !== 3) process.exit(1);
