// Reads a Lockbox secret as the function's own service account, whose token comes with each invocation.
const { Credentials } = require("yc-iam");

exports.handler = async (event, context) => {
  const creds = Credentials.function(context);
  const secret = await creds.lockbox.get(process.env.SECRET_ID);
  return {
    statusCode: 200,
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ version: secret.versionId, keys: secret.keys() }),
  };
};
