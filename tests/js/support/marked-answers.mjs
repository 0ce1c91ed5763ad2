// What services may answer that repeat whatever they were told, and the ways in which nobody answers.
import { ACCOUNT, pem, secrets } from "./marked.mjs";

const said = (url, { method, headers, body }) => `${method} ${url} ${JSON.stringify([...new Headers(headers)])} ${body}`;
export const all = `${secrets.iam}, ${secrets.oauth}, ${secrets.subject} and ${pem}`;

/** An answer that every kind of request takes for its own. */
const good = () =>
  Response.json({
    iamToken: secrets.iam, access_token: secrets.iam, issued_token_type: "urn:ietf:params:oauth:token-type:access_token", token_type: "Bearer",
    expires_in: 3600, expiresAt: "2099-01-01T00:00:00Z", value: secrets.subject, subjectId: ACCOUNT,
    entries: [{ key: "k", textValue: secrets.value }], versionId: "e6qv",
  }); // prettier-ignore
const refusing = (status) => (url, init) => {
  const words = `cannot take ${said(url, init)}, ${all}`;
  return Response.json({ code: 3, message: words, error: words, error_description: words, details: [{ a: words }] }, { status });
};
const saying = (status, type, make) => (url, init) => new Response(make(said(url, init)), { status, headers: { "content-type": type } });
const throwing = (make) => (url, init) => {
  throw make(`cannot send ${said(url, init)} with ${all}`);
};

export const OUTCOMES = {
  good,
  ...Object.fromEntries([400, 401, 403, 404, 409, 429, 500, 503].map((status) => [status, refusing(status)])),
  html: saying(200, "text/html", (words) => `<html>${words} ${all}</html>`),
  text: saying(400, "text/plain", (words) => `${words} ${all}`),
  "no JSON": saying(200, "application/json", (words) => `${words} ${all}`),
  "cut off": saying(200, "application/json", () => `{"iamToken": "${secrets.iam}", "access_token": "${secrets.iam}", "value": "${secrets.iam}`),
  "another field": saying(200, "application/json", () => JSON.stringify({ tokens: [secrets.iam], [secrets.iam]: { [secrets.oauth]: 1 } })),
  "an unfit token": saying(200, "application/json", () => JSON.stringify({ iamToken: `${secrets.iam}\r\n`, access_token: `${secrets.iam} `, entries: secrets.iam })),
  "a redirect": () => new Response(null, { status: 302, headers: { location: `https://a.example/?${secrets.iam}` } }),
  "odd headers": () => new Response("{}", { status: 400, headers: { "x-request-id": secrets.iam, date: secrets.iam, "retry-after": secrets.iam } }),
  "an error": throwing((text) => new Error(text)),
  "a TypeError": throwing((text) => new TypeError("fetch failed", { cause: Object.assign(new Error(text), { code: "ECONNRESET" }) })),
  "a chain": throwing((text) => new Error(text, { cause: new Error(text, { cause: text }) })),
  "a text": throwing((text) => text),
  "an object": throwing((text) => ({ message: text, request: { body: text } })),
  "several errors": throwing((text) => new AggregateError([new Error(text)], text)),
  nothing: (url, init) => said(url, init),
}; // prettier-ignore

/** No try has to be waited for: the time until then passes at once. */
export function passingTime(t) {
  const { setTimeout: real } = globalThis;
  const { now } = Date;
  let passed = 0;
  t.mock.method(Date, "now", () => now() + passed);
  t.mock.method(globalThis, "setTimeout", (work, millis, ...rest) => (millis > 5000 ? real(work, millis, ...rest) : real(() => ((passed += millis), work(...rest)), 0)));
}
