// Reads a Lockbox secret from AWS Lambda, as the service account of a key file.
import { Credentials } from "yc-iam";

// Outside of the handler: later invocations find the token that an earlier one got, and renew it when its time comes.
const creds = Credentials.serviceAccount(process.env.YC_SERVICE_ACCOUNT_KEY_FILE);

export const handler = async (event) => {
  const secret = await creds.lockbox.get(event.secretId);
  return { version: secret.versionId, keys: secret.keys() };
};
