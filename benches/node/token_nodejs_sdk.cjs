const { readFileSync } = require("node:fs");
const { Session } = require("@yandex-cloud/nodejs-sdk");
const { SERVICE_ENDPOINTS_LIST } = require("@yandex-cloud/nodejs-sdk/dist/service-endpoints");

// The session knows where the service is; here it is elsewhere.
const iam = SERVICE_ENDPOINTS_LIST.find(({ serviceIds }) => serviceIds.includes("yandex.cloud.iam.v1.IamTokenService"));
iam.endpoint = process.env.BENCH_GRPC_ADDRESS;

const key = JSON.parse(readFileSync(process.argv[2], "utf8"));
const session = new Session({
  serviceAccountJson: {
    accessKeyId: key.id,
    serviceAccountId: key.service_account_id,
    privateKey: key.private_key.slice(key.private_key.indexOf("-----BEGIN")),
  },
});
// Its connection would keep the process alive.
session.tokenCreator().then((token) => process.exit(token.startsWith("t1.") ? 0 : 1));
