// Reads a Lockbox secret from a Vercel edge function, as the service account of a key file.
import { Credentials, Endpoints } from "yc-iam";

export const config = { runtime: "edge" };

// Named one by one: a bundler may put the values in their places, and leave no `process` behind.
const { YC_SERVICE_ACCOUNT_KEY_FILE, YC_ENDPOINT, YC_IAM_ENDPOINT } = process.env;

// Outside of the handler: later requests find the token that an earlier one got, and renew it when its time comes.
const creds = Credentials.serviceAccount(YC_SERVICE_ACCOUNT_KEY_FILE, {
  endpoints: Endpoints.fromEnv({ YC_ENDPOINT, YC_IAM_ENDPOINT }),
});

export default async function handler() {
  const secret = await creds.lockbox.get(process.env.SECRET_ID);
  return Response.json({ version: secret.versionId, keys: secret.keys() });
}
