// The core's session by itself, from the installed WebAssembly file: what no user sees, but the vectors speak of.
import { readFileSync } from "node:fs";
import path from "node:path";
import { installed, readText, root } from "./files.mjs";
import { endpoints, keyContent } from "./values.mjs";

const glue = await import(`data:text/javascript,${encodeURIComponent(readText(root, "js/dist/wasm/yc_iam.js"))}`);
glue.initSync({ module: readFileSync(path.join(installed, "dist/yc_iam.wasm")) });

/** Endpoints as the core has them, from those of the package. */
function coreEndpoints(given) {
  const { iam, auth, metadata, lockbox, operation, audience } = endpoints(given);
  return glue.Endpoints.custom({ iam, auth, metadata, lockbox, operation, audience });
}

export function newSession({ key = "plain", endpoints: given = "default", seed = 1 } = {}) {
  const parsed = glue.ServiceAccountKey.fromJson(keyContent(key));
  const session = new glue.Session(parsed, coreEndpoints(given), BigInt(seed), true);
  return Object.assign(session, { signatureLength: Math.ceil(parsed.modulusBits / 8) });
}

/** What stands for a signature where nobody verifies it. */
export const anySignature = (session) => Buffer.alloc(session.signatureLength, 0x5a);

/** Polls until the session asks for the exchange; gives that step. */
export function walkToExchange(session, now, signature = anySignature(session)) {
  const step = session.poll(now);
  session.completeSignature(step.id, now, signature);
  return session.poll(now);
}

/** Reports an answer as a vector describes it. */
export function respond(session, id, now, { status, headers = [], body }) {
  session.completeResponse(id, now, status, headers.flat(), body);
}
