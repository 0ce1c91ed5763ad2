// Gets an IAM token and shows what was sent and what came back, secrets redacted.
//
// node examples/demo.mjs --key-file key.json [--endpoint http://127.0.0.1:PORT]
import { parseArgs } from "node:util";
import { Credentials, Endpoints, redact, ServiceAccountKey, YcIamError } from "yc-iam";

const { values } = parseArgs({
  options: { "key-file": { type: "string", default: "key.json" }, endpoint: { type: "string" } },
});

/** The global `fetch`, telling what goes through it. */
async function tellingFetch(url, init) {
  console.log(`> ${init.method} ${url}`);
  for (const [name, value] of init.headers) console.log(`> ${name}: ${redact(value)}`);
  console.log(`> ${redact(init.body)}`);
  const response = await fetch(url, init);
  console.log(`< ${response.status}`);
  for (const [name, value] of response.headers) console.log(`< ${name}: ${redact(value)}`);
  console.log(`< ${redact(await response.clone().text())}`);
  return response;
}

try {
  const begin = performance.now();
  const key = ServiceAccountKey.fromFile(values["key-file"]);
  console.log(`key ${key.id} of service account ${key.serviceAccountId}, ${key.modulusBits} bits`);
  const endpoints = values.endpoint === undefined ? Endpoints.fromEnv() : Endpoints.allAt(values.endpoint);
  const token = await Credentials.serviceAccount(key, { endpoints, fetch: tellingFetch }).getToken();
  const hours = (token.expiresAt - token.issuedAt) / 3600;
  const end = new Date(token.expiresAt * 1000).toISOString();
  console.log(`token ${token}, good for ${hours.toFixed(1)} h, until ${end}, in ${(performance.now() - begin).toFixed(1)} ms`);
} catch (error) {
  if (!(error instanceof YcIamError)) throw error;
  console.error(`${error.code}: ${error.message}`);
  process.exitCode = 1;
}
