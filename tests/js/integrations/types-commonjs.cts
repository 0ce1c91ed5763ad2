// Compiled, not run: the integrations from CommonJS.
import grpc = require("@grpc/grpc-js");
import sdk = require("@yandex-cloud/nodejs-sdk");
import axios = require("axios");
import undici = require("undici");
import yc = require("yc-iam");
import forAxios = require("yc-iam/integrations/axios");
import forGrpc = require("yc-iam/integrations/grpc-js");
import forSdk = require("yc-iam/integrations/nodejs-sdk");
import forUndici = require("yc-iam/integrations/undici");
import forYdb = require("yc-iam/integrations/ydbjs-auth");
import forKubernetes = require("yc-iam/integrations/kubernetes-client-node");

const creds = yc.Credentials.default();
new undici.Agent().compose(forUndici.ycIam(creds, { origins: ["https://localhost"] }));
forAxios.useYcIam(axios.create(), creds);
forGrpc.channelCredentials(creds, grpc);
forSdk.createSession(creds, sdk.Session);
export const later = async () => {
  const { CredentialsProvider } = await import("@ydbjs/auth");
  const { KubeConfig } = await import("@kubernetes/client-node");
  forYdb.credentialsProvider(creds, CredentialsProvider, "grpcs://localhost/local");
  forKubernetes.kubeConfig(creds, KubeConfig, { server: "https://localhost" });
};
