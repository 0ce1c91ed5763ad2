const { ServiceAccountKey } = require("yc-iam");

if (ServiceAccountKey.fromFile(process.argv[2]).signJwt().split(".").length !== 3) process.exit(1);
