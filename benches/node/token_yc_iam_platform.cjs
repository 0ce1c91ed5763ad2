const { Credentials } = require("yc-iam");

Credentials.serviceAccount(process.argv[2], { signer: "platform" })
  .getToken()
  .then(({ value }) => {
    if (!value.startsWith("t1.")) process.exit(1);
  });
