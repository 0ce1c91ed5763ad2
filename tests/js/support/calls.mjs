// Calls by themselves, from the installed WebAssembly file, and their answers as the vectors write them.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { installed, readText, root } from "./files.mjs";
import { bytes, close, endpoints } from "./values.mjs";

export const glue = await import(`data:text/javascript,${encodeURIComponent(readText(root, "js/dist/wasm/yc_iam_tools.js"))}`);
glue.initSync({ module: readFileSync(path.join(installed, "dist/yc_iam_tools.wasm")) });

const TASKS = {
  lockbox_get: (of) => ["lockbox", of.secret_id, of.version_id],
  lockbox_get_by_name: (of) => ["lockboxByName", of.folder_id, of.name, of.version_id],
  federated_credentials_create: (of) => [
    "createFederatedCredential",
    of.service_account_id,
    of.federation_id,
    of.external_subject_id,
  ],
  federated_credentials_get: (of) => ["getFederatedCredential", of.federated_credential_id],
  federated_credentials_list: (of) => ["listFederatedCredentials", of.service_account_id, undefined],
  federated_credentials_list_page: (of) => ["listFederatedCredentials", of.service_account_id, page(of)],
  federated_credentials_delete: (of) => ["deleteFederatedCredential", of.federated_credential_id],
  federations_create: (of) => ["createFederation", of.folder_id, federation(of)],
  federations_get: (of) => ["getFederation", of.federation_id],
  federations_list: (of) => ["listFederations", of.folder_id, undefined],
  federations_list_page: (of) => ["listFederations", of.folder_id, page(of)],
  federations_update: (of) => ["updateFederation", of.federation_id, federation(of)],
  federations_delete: (of) => ["deleteFederation", of.federation_id],
  operations_get: (of) => ["getOperation", of.operation_id],
  operations_wait: (of) => ["waitForOperation", of.operation_id],
  tokens_revoke: (of) => ["revoke", of.token],
  request: (of) => ["request", of.method, of.url, (of.headers ?? []).flat(), of.body],
};

const page = ({ page_size: pageSize, page_token: pageToken }) => ({ pageSize, pageToken });

function federation({ name, description, disabled, audiences, issuer, jwks_url: jwksUrl, labels }) {
  return { name, description, disabled, audiences, issuer, jwksUrl, labels };
}

/** A task as `tests/README.md` describes it. */
function newTask(described) {
  const [[kind, of]] = Object.entries(described);
  const [method, ...given] = TASKS[kind](of);
  return glue.Task[method](...given);
}

/** A call of the task, with the options, that a case or a scene speaks of. */
export function newCall({ task, endpoints: given, timeout, entropy = { repeat: "\u0001", times: 16 } }) {
  const { iam, auth, metadata, lockbox, operation, audience } = endpoints(given);
  const random = new Uint8Array(bytes(entropy));
  return new glue.Call(newTask(task), { iam, auth, metadata, lockbox, operation, audience }, timeout, random);
}

/** Reports an answer as a vector describes it. */
export function respond(call, id, now, { status, headers = [], body }) {
  call.completeResponse(id, now, status, headers.flat(), body === undefined ? new Uint8Array() : bytes(body));
}

const KINDS = {
  nothing: (found) => (found === undefined ? true : found),
  lockbox_payload: (found) => ({
    version_id: found.versionId,
    entries: found.keys.map((key, at) => ({ key, value: found.values[at] })),
  }),
  response: (found) => ({ ...found }),
  subject: (found) => found,
};

/** Compares an answer with what a vector says: every field, numbers as times are. */
export function assertAnswer(found, expected) {
  const [[kind, inside]] = Object.entries(expected);
  const shown = KINDS[kind] === undefined ? described(found) : KINDS[kind](found);
  alike(kind, shown, inside);
}

const SERVICE_FIELDS = ["metadata", "response", "details", "labels"];

/** Names as the vectors have them; what the service itself said stays as it is. */
function described(found) {
  if (Array.isArray(found)) return found.map(described);
  if (typeof found !== "object" || found === null) return found;
  const renamed = (name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  const inside = (name, value) => (SERVICE_FIELDS.includes(name) ? value : described(value));
  return Object.fromEntries(Object.entries(found).map(([name, value]) => [renamed(name), inside(name, value)]));
}

function alike(at, found, expected) {
  if (found instanceof Uint8Array) assert.deepEqual(Buffer.from(found), Buffer.from(bytes(expected)), at);
  else if (typeof expected === "number" && typeof found === "number") close(found, expected, at);
  else if (expected === null) assert.equal(found ?? null, null, at);
  else if (typeof expected !== "object") assert.equal(found, expected, at);
  else {
    assert.equal(typeof found, "object", at);
    assert.equal(Array.isArray(found), Array.isArray(expected), at);
    const names = new Set([...Object.keys(found), ...Object.keys(expected)]);
    for (const name of names) alike(`${at}.${name}`, found[name], expected[name] ?? null);
  }
}
