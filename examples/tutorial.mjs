// A pod without any key reads a secret: the whole way, against the emulator of the testing kit.
//
// node examples/tutorial.mjs
import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { Credentials, explain } from "yc-iam";
import { InCluster } from "yc-iam/kubernetes";
import { Emulator } from "yc-iam/testing";

const FOLDER = "b1gtutorial00000001";

const pod = await mkdtemp(path.join(tmpdir(), "pod-"));
const cloud = await Emulator.start({ kubernetes: true });
try {
  const cluster = cloud.kubernetes;
  const { issuer } = cluster;
  cloud.publish(issuer); // its public keys, where the federation will say they are
  const { endpoints } = cloud;

  console.log("1. An administrator's key");
  const admin = Credentials.serviceAccount(cloud.serviceAccountKey(), { endpoints });
  const workload = cloud.createServiceAccount("shop-backend");

  console.log("2. A workload identity federation that trusts the cluster");
  const federation = await admin.federations.create({
    folderId: FOLDER,
    name: "shop-cluster",
    issuer: issuer.url,
    audiences: [issuer.url],
    jwksUrl: issuer.jwksUrl,
  });

  console.log("3. A federated credential: the pod's account may act as `shop-backend`");
  const credential = await admin.federatedCredentials.create({
    serviceAccountId: workload,
    federationId: federation.id,
    externalSubjectId: "system:serviceaccount:shop:backend",
  });

  console.log("4. In the pod: who am I, and does the federation know me?");
  const mount = cluster.mount(pod, { namespace: "shop", serviceAccount: "backend" });
  const tokenFile = path.join(pod, "token");
  const explanation = explain(await readFile(tokenFile, "utf8"), { federation, credential });
  console.log(String(explanation));
  assert(explanation.isGood);

  console.log("5. The pod's token for an IAM token");
  const creds = Credentials.workloadIdentity(workload, { tokenFile, endpoints });
  await creds.getToken();

  console.log("6. A secret of Lockbox: first without the role, then with it");
  const secret = cloud.createSecret(FOLDER, "database", { password: "correct horse" });
  await assert.rejects(creds.lockbox.get(secret), told);
  cloud.addAccessBinding(secret, "lockbox.payloadViewer", workload);
  const password = (await creds.lockbox.get(secret)).text("password");
  assert.equal(password, "correct horse");
  assert.equal((await creds.lockbox.getByName(FOLDER, "database")).text("password"), password);
  console.log(`    the password has ${password.length} characters`);

  console.log("7. The pod's own cluster");
  cluster.addPod("shop", "backend-0");
  const server = InCluster.fromPod({ directory: pod, variables: mount.variables });
  const pods = await server.fetch(`/api/v1/namespaces/${server.namespace}/pods`);
  assert.equal(pods.status, 200);
  assert.match(await pods.text(), /backend-0/);

  console.log("8. Cleaning up");
  await admin.federatedCredentials.delete(credential.id);
  await admin.federations.delete(federation.id);
  const late = Credentials.workloadIdentity(workload, { tokenFile, endpoints });
  await assert.rejects(late.getToken(), told);
  console.log("Done. No key was ever in the pod.");
} finally {
  await cloud.stop();
  await rm(pod, { recursive: true });
}

/** Shows a failure that was expected. */
function told(error) {
  console.log(`    ${error.code}: ${error.message}`);
  return error.name === "YcIamError";
}
