// Cloudflare Workers and edge functions: nothing is initialised, and credentials may be made outside of a request.
import * as yc from "yc-iam";
import * as kubernetes from "yc-iam/kubernetes";
import { run } from "./suite.mjs";
import { vectors } from "./vectors.mjs";

const [plain] = vectors.keys;
const answer = () => ({ iamToken: "t1.shared", expiresAt: new Date(Date.now() + 3600_000).toISOString() });
const shared = yc.Credentials.serviceAccount(plain.content.text, { fetch: async () => Response.json(answer()) });

export async function respond(request) {
  if (new URL(request.url).pathname === "/shared") return new Response((await shared.getToken()).value);
  await yc.init(undefined, { signer: true });
  return Response.json(await run(yc, kubernetes, { web: true }));
}
