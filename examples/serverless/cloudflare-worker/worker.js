// Reads a Lockbox secret from a Cloudflare Worker, as the service account of a key file.
import { env } from "cloudflare:workers";
import { Credentials, Endpoints } from "yc-iam";

// Outside of the handler: later requests find the token that an earlier one got, and renew it when its time comes.
const creds = Credentials.serviceAccount(env.YC_SERVICE_ACCOUNT_KEY_FILE, { endpoints: Endpoints.fromEnv(env) });

export default {
  async fetch() {
    const secret = await creds.lockbox.get(env.SECRET_ID);
    return Response.json({ version: secret.versionId, keys: secret.keys() });
  },
};
