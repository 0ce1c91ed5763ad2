const { ServiceAccountKey } = require("yc-iam");

ServiceAccountKey.fromFile(process.argv[2])
  .signJwtWith("platform")
  .then((token) => {
    if (token.split(".").length !== 3) process.exit(1);
  });
