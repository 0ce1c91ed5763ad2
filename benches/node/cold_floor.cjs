// No contender: what any program pays that makes one signature with the platform's cryptography.
const { createPrivateKey, sign } = require("node:crypto");
const { readFileSync } = require("node:fs");

const { private_key: pem } = JSON.parse(readFileSync(process.argv[2], "utf8"));
const key = createPrivateKey(pem.slice(pem.indexOf("-----BEGIN")));
// 6: RSA_PKCS1_PSS_PADDING, which `constants` names.
if (sign("sha256", Buffer.from("{}.{}"), { key, padding: 6, saltLength: 32 }).length !== 256) process.exit(1);
