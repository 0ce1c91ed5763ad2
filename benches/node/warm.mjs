// Milliseconds per JWT, the key parsed before: prints the medians of batches in turn.
import { readFileSync } from "node:fs";
import { createSigner } from "fast-jwt";
import { importPKCS8, SignJWT } from "jose";
import { ServiceAccountKey } from "yc-iam";

const BATCHES = Number(process.env.BENCH_BATCHES ?? 31);
const perBatch = { "yc-iam, platform": 100, "yc-iam, core": 10, "fast-jwt": 100, jose: 100 };

const content = readFileSync(process.argv[2], "utf8");
const fields = JSON.parse(content);
const pem = fields.private_key.slice(fields.private_key.indexOf("-----BEGIN"));
const audience = "https://iam.api.cloud.yandex.net/iam/v1/tokens";

const key = ServiceAccountKey.fromJson(content);
const fastJwt = createSigner({
  algorithm: "PS256",
  key: pem,
  kid: fields.id,
  iss: fields.service_account_id,
  aud: audience,
  expiresIn: 3600_000,
});
const imported = await importPKCS8(pem, "PS256");

const contenders = {
  "yc-iam, platform": () => key.signJwtWith("platform"),
  "yc-iam, core": () => key.signJwt(),
  "fast-jwt": () => fastJwt({}),
  jose: () =>
    new SignJWT({})
      .setProtectedHeader({ typ: "JWT", alg: "PS256", kid: fields.id })
      .setIssuer(fields.service_account_id)
      .setAudience(audience)
      .setIssuedAt()
      .setExpirationTime("1h")
      .sign(imported),
};

const times = {};
for (let batch = -2; batch < BATCHES; batch++) {
  for (const [name, sign] of Object.entries(contenders)) {
    const begin = performance.now();
    for (let i = 0; i < perBatch[name]; i++) await sign();
    if (batch >= 0) (times[name] ??= []).push((performance.now() - begin) / perBatch[name]);
  }
}
const median = (values) => values.sort((a, b) => a - b)[values.length >> 1];
console.log(JSON.stringify(Object.fromEntries(Object.entries(times).map(([name, values]) => [name, median(values)]))));
