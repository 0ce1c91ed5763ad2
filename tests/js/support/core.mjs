// The core's session by itself, from the installed WebAssembly file: what no user sees, but the vectors speak of.
import { readFileSync } from "node:fs";
import path from "node:path";
import { installed, readText, root } from "./files.mjs";
import { endpoints, keyContent, number } from "./values.mjs";

const glue = await import(`data:text/javascript,${encodeURIComponent(readText(root, "js/dist/wasm/yc_iam.js"))}`);
glue.initSync({ module: readFileSync(path.join(installed, "dist/yc_iam.wasm")) });

/** Endpoints as the core has them, from those of the package. */
function coreEndpoints(given) {
  const { iam, auth, metadata, lockbox, operation, audience } = endpoints(given);
  return glue.Endpoints.custom({ iam, auth, metadata, lockbox, operation, audience });
}

/** A source as `tests/README.md` describes it. */
export function newSource(described, { environment = {}, now }) {
  const [[kind, given]] = Object.entries(described);
  const { Source } = glue;
  switch (kind) {
    case "service_account":
      return Source.serviceAccount(glue.ServiceAccountKey.fromJson(keyContent(given)));
    case "key_file":
      return Source.keyFile(given);
    case "oauth":
      return Source.oauth(given);
    case "workload_identity":
      return Source.workloadIdentity(given.service_account_id, subjectToken(given, environment));
    case "kubernetes_token":
      return Source.kubernetesToken(given.token_file);
    case "metadata":
      return Source.metadata();
    case "function":
      return Source.function(given, now);
    case "fixed":
      return Source.fixed(given.token, number(given.expires_at));
    case "impersonate":
      return Source.impersonate(given.service_account_id, newSource(given.source, { environment, now }));
    case "default":
      return Source.byEnvironment(environment, given.function_token, now, given.probe_metadata ?? true);
  }
  throw new Error(`no source is called ${kind}`);
}

function subjectToken({ token_file, token_env, token, token_supplier, token_url, github_actions }, environment) {
  const { SubjectToken } = glue;
  if (token_file !== undefined) return SubjectToken.file(token_file);
  if (token_env !== undefined) return SubjectToken.variable(token_env);
  if (token !== undefined) return SubjectToken.value(token);
  if (token_supplier) return SubjectToken.supplier();
  if (token_url) return SubjectToken.url(token_url.url, (token_url.headers ?? []).flat(), token_url.field);
  return SubjectToken.githubActions(github_actions.audience, environment);
}

export function sessionOf(source, { endpoints: given = "default", seed = 1 } = {}) {
  return new glue.Session(source, coreEndpoints(given), BigInt(seed));
}

export function newSession({ key = "plain", source, environment, start, ...options } = {}) {
  if (source) return sessionOf(newSource(source, { environment, now: start }), options);
  const parsed = glue.ServiceAccountKey.fromJson(keyContent(key));
  const session = sessionOf(glue.Source.serviceAccount(parsed), options);
  return Object.assign(session, { signatureLength: Math.ceil(parsed.modulusBits / 8) });
}

/** What stands for a signature where nobody verifies it. */
export const anySignature = (session) => Buffer.alloc(session.signatureLength ?? 256, 0x5a);

/** Polls until the session asks for the exchange; gives that step. */
export function walkToExchange(session, now, signature = anySignature(session)) {
  const step = session.poll(now);
  session.completeSignature(step.id, now, signature);
  return session.poll(now);
}

/** The external token in the form that a request sends. */
export const subjectTokenIn = ({ body }) => new URLSearchParams(body).get("subject_token");

/** Reports an answer as a vector describes it. */
export function respond(session, id, now, { status, headers = [], body }) {
  session.completeResponse(id, now, status, headers.flat(), body);
}
