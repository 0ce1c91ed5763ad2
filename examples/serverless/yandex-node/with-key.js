// Reads a Lockbox secret as the service account of a key file: the function needs none of its own.
const { Credentials } = require("yc-iam");

// Outside of the handler: later invocations find the token that an earlier one got, and renew it when its time comes.
const creds = Credentials.serviceAccount(process.env.YC_SERVICE_ACCOUNT_KEY_FILE);

exports.handler = async (event, context) => {
  const secret = await creds.lockbox.get(process.env.SECRET_ID);
  return {
    statusCode: 200,
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ version: secret.versionId, keys: secret.keys() }),
  };
};
