// `yc-iam/integrations/kubernetes-client-node`: the cluster's own client, against an API server over TLS.
import assert from "node:assert/strict";
import { createServer } from "node:https";
import { createRequire } from "node:module";
import { describe, test } from "node:test";
import { CoreV1Api, KubeConfig, Observable, Watch } from "@kubernetes/client-node";
import { kubeConfig } from "yc-iam/integrations/kubernetes-client-node";
import { InCluster } from "yc-iam/kubernetes";
import { directory, emulated, emulatedCredentials, rejection, signalled } from "../support/emulated.mjs";
import { certificate } from "../support/certificate.mjs";

/** An API server that wants another token than this, and tells what it got. */
async function apiServer(t, refused = () => undefined, { key, cert, location } = certificate()) {
  const received = [];
  const server = createServer({ key, cert }, async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    received.push({ ...request.headers, method: request.method, url: request.url, body });
    const isRefused = request.headers.authorization === (await refused(request));
    const answer = isRefused
      ? { kind: "Status", apiVersion: "v1", status: "Failure", code: 401, reason: "Unauthorized" }
      : request.url.includes("watch=true")
        ? { type: "ADDED", object: { kind: "Pod", metadata: { name: "worker-0" } } }
        : { kind: "PodList", apiVersion: "v1", metadata: {}, items: [{ metadata: { name: "worker-0" } }] };
    if (location !== undefined && request.url !== "/elsewhere") response.writeHead(307, { location: `${location}/elsewhere` }).end();
    else response.writeHead(isRefused ? 401 : 200, { "content-type": "application/json" }).end(`${JSON.stringify(answer)}\n`);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => server.close().closeAllConnections());
  return { received, cluster: { server: `https://localhost:${server.address().port}`, caCertificate: String(cert) } };
}

const pods = async (config) =>
  (await config.makeApiClient(CoreV1Api).listNamespacedPod({ namespace: "default" })).items.map(({ metadata }) => metadata.name);

describe("kubeConfig", () => {
  test("in a pod, by the pod's own token", async (t) => {
    const { emulator } = await emulated({ kubernetes: true });
    const mount = emulator.kubernetes.mount(directory(t), { namespace: "default" });
    emulator.kubernetes.addPod("default", "worker-0");
    const pod = InCluster.fromPod({ directory: mount.directory, variables: mount.variables });
    const config = kubeConfig(pod, KubeConfig, pod);
    assert.ok(config instanceof KubeConfig);
    assert.equal(config.getContextObject(config.getCurrentContext()).namespace, "default");
    assert.deepEqual(await pods(config), ["worker-0"]);
  });

  test("with an IAM token, fresh at each request", async (t) => {
    const { creds } = await emulatedCredentials();
    const { received, cluster } = await apiServer(t);
    const config = kubeConfig(creds, KubeConfig, cluster);
    assert.deepEqual(await pods(config), ["worker-0"]);
    creds.invalidate(await creds.getToken());
    assert.deepEqual(await pods(config), ["worker-0"]);
    assert.equal(received[1].authorization, await creds.authorization());
    assert.notEqual(received[0].authorization, received[1].authorization);
  });

  test("sends a request once more after a 401", async (t) => {
    const { creds } = await emulatedCredentials();
    const old = await creds.authorization();
    const { received, cluster } = await apiServer(t, () => old);
    const api = kubeConfig(creds, KubeConfig, cluster).makeApiClient(CoreV1Api);
    await api.createNamespacedPod({ namespace: "default", body: { metadata: { name: "worker-1" } } });
    assert.deepEqual(
      received.map(({ authorization }) => authorization),
      [old, await creds.authorization()],
    );
    assert.equal(received[0].body, received[1].body);
    assert.equal(JSON.parse(received[1].body).metadata.name, "worker-1");
  });

  test("sends a request once more that is refused late, after others have another token", async (t) => {
    const { emulator, creds } = await emulatedCredentials();
    const old = await creds.authorization();
    const [slow, third] = [signalled(), signalled()];
    const { cluster } = await apiServer(t, (request) => {
      if (request.url.includes("slow")) slow.done();
      if (request.url.includes("third")) third.done();
      return request.url.includes("slow") ? third.promise.then(() => old) : old;
    });
    const api = kubeConfig(creds, KubeConfig, cluster).makeApiClient(CoreV1Api);
    const late = api.listNamespacedPod({ namespace: "slow" });
    await slow.promise;
    await api.listNamespacedPod({ namespace: "quick" });
    await api.listNamespacedPod({ namespace: "third" });
    assert.equal((await late).items.length, 1);
    assert.equal(emulator.tokensIssued, 2);
  });

  test("takes no token along to another origin", async (t) => {
    const { creds } = await emulatedCredentials();
    const { key, cert } = certificate();
    const away = await apiServer(t, undefined, { key, cert });
    const { cluster } = await apiServer(t, undefined, { key, cert, location: away.cluster.server });
    const config = kubeConfig(creds, KubeConfig, cluster);
    assert.match((await rejection(pods(config))).message, /another origin/);
    const error = await new Promise((resolve) => new Watch(config).watch("/api/v1/pods", {}, () => undefined, resolve));
    assert.match(error.message, /another origin/);
    assert.equal(away.received.length, 0);
    const { received, cluster: same } = await apiServer(t, undefined, { key, cert, location: "" });
    assert.deepEqual(await pods(kubeConfig(creds, KubeConfig, same)), ["worker-0"]);
    assert.deepEqual(received.map(({ authorization }) => authorization), Array(2).fill(await creds.authorization()));
  });

  test("binds an agent that serves many requests once", async (t) => {
    const { creds } = await emulatedCredentials();
    const { cluster } = await apiServer(t);
    let agent;
    class Shared extends KubeConfig {
      createAgent(...how) {
        return (agent ??= super.createAgent(...how));
      }
    }
    const config = kubeConfig(creds, Shared, cluster);
    assert.deepEqual(await pods(config), ["worker-0"]);
    const { createConnection } = agent;
    assert.deepEqual(await pods(config), ["worker-0"]);
    assert.equal(agent.createConnection, createConnection);
  });

  test("leaves a request with another proof as it is", async (t) => {
    const { creds } = await emulatedCredentials();
    const { received, cluster } = await apiServer(t, () => "Bearer theirs");
    const api = kubeConfig(creds, KubeConfig, cluster).makeApiClient(CoreV1Api);
    const pre = (context) => new Observable(Promise.resolve(context.setHeaderParam("Authorization", "Bearer theirs") ?? context));
    const middleware = [{ pre, post: (response) => new Observable(Promise.resolve(response)) }];
    const error = await rejection(api.listNamespacedPod({ namespace: "default" }, { middleware }));
    assert.equal(error.code, 401);
    assert.equal(received.length, 1);
  });

  test("gives up after the second 401", async (t) => {
    const { emulator, creds } = await emulatedCredentials();
    const { received, cluster } = await apiServer(t, () => received.at(-1).authorization);
    const error = await rejection(pods(kubeConfig(creds, KubeConfig, cluster)));
    assert.equal(error.code, 401);
    assert.equal(received.length, 2);
    assert.equal(emulator.tokensIssued, 2);
  });

  test("watches", async (t) => {
    const { creds } = await emulatedCredentials();
    const { received, cluster } = await apiServer(t);
    const seen = [];
    await new Promise((resolve) => {
      const watch = new Watch(kubeConfig(creds, KubeConfig, cluster));
      watch.watch("/api/v1/pods", {}, (type, { metadata }) => seen.push([type, metadata.name]), resolve);
    });
    assert.deepEqual(seen, [["ADDED", "worker-0"]]);
    assert.equal(received[0].authorization, await creds.authorization());
  });

  test("fails as the credentials do", async (t) => {
    const { emulator, creds } = await emulatedCredentials();
    const { received, cluster } = await apiServer(t);
    emulator.orderFault({ status: 400, times: 9 });
    assert.equal((await rejection(pods(kubeConfig(creds, KubeConfig, cluster)))).name, "YcIamError");
    assert.equal(received.length, 0);
  });

  test("sends no token where anybody could read it, and writes none", async () => {
    const { creds } = await emulatedCredentials();
    const made = (server) => kubeConfig(creds, KubeConfig, { server });
    assert.throws(() => made("http://example.com"), { code: "insecure_endpoint" });
    const { value } = await creds.getToken();
    assert.ok(!made("https://example.com").exportConfig().includes(value));
  });
});

test("is there for `require` too", () => {
  assert.equal(createRequire(import.meta.url)("yc-iam/integrations/kubernetes-client-node").kubeConfig, kubeConfig);
});
