// A key and tokens of a test's own that are found wherever they turn up, in whatever writing.
import assert from "node:assert/strict";
import { generateKeyPairSync, randomBytes } from "node:crypto";

export const ACCOUNT = "ajeb9l33h6mu12345678";
const random = (length) => randomBytes(length).toString("base64url");

const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
export const pem = privateKey.export({ type: "pkcs8", format: "pem" });
const numbers = Object.entries(privateKey.export({ format: "jwk" })).filter(([name]) => /^(d|p|q|dp|dq|qi)$/.test(name));
export const keyFile = { id: "ajemarkedkey00000001", service_account_id: ACCOUNT, private_key: pem };
const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
export const secrets = {
  oauth: `y0_${random(42)}`,
  iam: `t1.${random(60)}.${random(48)}`,
  subject: `${part({ alg: "RS256" })}.${part({ iss: "https://issuer.example", sub: random(33), exp: 4e9 })}.${random(256)}`,
  value: random(42),
  header: random(42),
};

/** Pieces of bytes as logs may hold them: hexadecimal, base64 wherever it began, and lists of numbers. */
function* writings(bytes) {
  for (let start = 0; start + 24 < bytes.length; start += 24) {
    const piece = bytes.subarray(start, start + 24);
    yield piece.toString("hex");
    yield piece.toString("hex").toUpperCase();
    yield piece.subarray(0, 12).toString("hex").replace(/..(?=.)/g, "$& ");
    yield piece.subarray(0, 8).join(", ");
    yield piece.subarray(0, 8).join(",");
    for (const offset of [0, 1, 2]) {
      const here = bytes.subarray(start + offset, start + offset + 18);
      yield here.toString("base64");
      yield here.toString("base64url");
    }
  }
}

const needles = new Map();
for (const [name, text] of numbers) {
  const bytes = Buffer.from(text, "base64url");
  for (const writing of writings(bytes)) needles.set(writing, name);
  needles.set(BigInt(`0x${bytes.toString("hex")}`).toString().slice(0, 30), name);
}
for (const line of pem.split("\n").slice(1, -2)) needles.set(line.slice(0, 24), "PEM").set(line.slice(24, 48), "PEM");
needles.delete("");
for (const [name, token] of Object.entries(secrets)) {
  // Neither the header of a JWT is a secret, nor how a token begins.
  const secret = token.includes(".") ? token.slice(token.indexOf(".") + 1) : token.slice(3);
  for (let start = 0; start + 14 < secret.length; start += 7) needles.set(secret.slice(start, start + 14), name);
  for (const writing of writings(Buffer.from(secret))) needles.set(writing, name);
}

/** The names of those whose pieces stand in a text. */
export function found(text) {
  return new Set([...needles].filter(([needle]) => text.includes(needle)).map(([, name]) => name));
}

const clean = new Set();

/** Nothing of them is in the text but what was asked for. */
export function assertHidden(text, where, ...askedFor) {
  if (clean.has(text)) return;
  const names = [...found(text)];
  const more = names.filter((name) => !askedFor.includes(name));
  assert.deepEqual(more, [], `${more} is to be seen in ${where}: ${text.slice(0, 2000)}`);
  if (names.length === 0) clean.add(text);
}
