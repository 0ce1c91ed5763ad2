// A pod and its API server, over TLS.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { describe, test } from "node:test";
import { inspect } from "node:util";
import { Credentials, YcIamError } from "yc-iam";
import { execCredential, InCluster, kubeconfig } from "yc-iam/kubernetes";
import { directory, emulated, environment, owner, rejection } from "./support/emulated.mjs";
import { assertHidden } from "./support/values.mjs";

/** A pod in an emulated cluster: its files, and what the library makes of them. */
async function inPod(t, options) {
  const { emulator, keyFile } = await emulated({ kubernetes: true });
  const mount = emulator.kubernetes.mount(directory(t), options);
  emulator.kubernetes.addPod("default", "worker-0");
  const cluster = InCluster.fromPod({ directory: mount.directory, variables: mount.variables });
  return { emulator, keyFile, mount, cluster };
}

describe("in a pod", () => {
  test("knows its cluster", async (t) => {
    const { emulator, mount, cluster } = await inPod(t, { namespace: "web" });
    assert.equal(cluster.server, emulator.kubernetes.url);
    assert.equal(cluster.namespace, "web");
    assert.equal(cluster.caCertificate, emulator.kubernetes.caCertificate);
    const token = await cluster.getToken();
    assert.equal(token.value, readFileSync(`${mount.directory}/token`, "utf8"));
    assertHidden({ deep: [cluster] }, [token.value]);
    assert.equal(inspect(cluster), `InCluster { server: '${cluster.server}', namespace: 'web' }`);
  });

  test("asks its API server", async (t) => {
    const { cluster } = await inPod(t);
    const answer = await cluster.fetch("/api/v1/namespaces/default/pods");
    assert.equal(answer.status, 200);
    const { items } = await answer.json();
    assert.deepEqual(
      items.map(({ metadata }) => metadata.name),
      ["worker-0"],
    );
  });

  test("sends bodies and headers", async (t) => {
    const { emulator, cluster } = await inPod(t);
    const review = { apiVersion: "authentication.k8s.io/v1", kind: "SelfSubjectReview" };
    const answer = await cluster.fetch("/apis/authentication.k8s.io/v1/selfsubjectreviews", {
      method: "POST",
      headers: { "content-type": "application/json", authorization: "Bearer another", "x-own": "1" },
      body: JSON.stringify(review),
    });
    assert.equal(answer.status, 201);
    const { status } = await answer.json();
    assert.equal(status.userInfo.username, "system:serviceaccount:default:default");
    const [{ headers }] = emulator.requests.slice(-1);
    assert.ok(headers.some(([name, value]) => name.toLowerCase() === "x-own" && value === "1"));
  });

  test("a request that others may send", async (t) => {
    const { cluster } = await inPod(t);
    const request = await cluster.request("/api", { method: "POST", body: "{}" });
    assert.equal(request.url, `${cluster.server}/api`);
    assert.equal(request.method, "POST");
    assert.equal(request.body, "{}");
    const headers = Object.fromEntries(request.headers);
    assert.equal(headers.authorization, `Bearer ${(await cluster.getToken()).value}`);
    assert.equal(headers["content-type"], "application/json");
    assert.equal((await rejection(cluster.request("api"))).code, "invalid_argument");
    assert.equal((await rejection(cluster.fetch("https://example.org/"))).code, "invalid_argument");
  });

  test("reads the token anew when it is refused", async (t) => {
    const { emulator, mount, cluster } = await inPod(t);
    await cluster.getToken();
    const { kubernetes } = emulator;
    kubernetes.issuer.rotateKey(undefined, { retireOld: true });
    kubernetes.trust(kubernetes.issuer);
    assert.equal((await cluster.fetch("/api/v1/namespaces/default/pods")).status, 401);
    writeFileSync(`${mount.directory}/token`, kubernetes.issuer.podToken("default", "default"));
    assert.equal((await cluster.fetch("/api/v1/namespaces/default/pods")).status, 200);
  });

  test("trusts its certificate authority and no other", async (t) => {
    const { emulator, mount } = await inPod(t);
    const { emulator: other } = await emulated({ kubernetes: true });
    writeFileSync(`${mount.directory}/ca.crt`, other.kubernetes.caCertificate);
    const cluster = InCluster.fromPod(mount);
    emulator.forgetRequests();
    const error = await rejection(cluster.fetch("/api"));
    assert.ok(error instanceof TypeError);
    assert.match(String(error.cause.code), /CERT|SIGNATURE|VERIFY/);
    assert.equal(emulator.requests.length, 0);
    await assert.rejects(fetch(`${emulator.kubernetes.url}/api`), TypeError);
  });

  test("many requests that share a signal are no leak to Node", async (t) => {
    const { cluster } = await inPod(t);
    const warnings = [];
    const note = (warning) => warnings.push(warning.message);
    process.on("warning", note);
    t.after(() => process.off("warning", note));
    const { signal } = new AbortController();
    const answers = await Promise.all(Array.from({ length: 20 }, () => cluster.fetch("/api", { signal })));
    await Promise.all(answers.map((answer) => answer.text()));
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(warnings, []);
  });

  test("gives up when told, and says when nobody answers", async (t) => {
    const { emulator, cluster } = await inPod(t);
    emulator.orderFault({ delay: 5 });
    const reason = new Error("enough");
    const controller = new AbortController();
    setTimeout(() => controller.abort(reason), 50);
    assert.equal(await rejection(cluster.fetch("/api", { signal: controller.signal })), reason);
    await emulator.stop();
    const error = await rejection(cluster.fetch("/api"));
    assert.equal(error.cause.code, "ECONNREFUSED");
  });

  test("a body cut off", async (t) => {
    const { emulator, cluster } = await inPod(t);
    emulator.orderFault({ truncated: true });
    const answer = await cluster.fetch("/api/v1/namespaces/default/pods");
    await assert.rejects(answer.text());
  });

  test("elsewhere there is no cluster", (t) => {
    const missing = () => InCluster.fromPod({ directory: directory(t), variables: {} });
    assert.throws(missing, (error) => error instanceof YcIamError && error.code === "not_in_cluster");
    assert.throws(missing, { message: /ca\.crt/ });
  });
});

test("an IAM token at the cluster", async () => {
  const { emulator, keyFile } = await emulated({ kubernetes: true });
  const creds = Credentials.serviceAccount(keyFile, { endpoints: emulator.endpoints });
  emulator.addAccessBinding("kubernetes", "k8s.cluster-api.viewer", await owner(emulator, creds));
  const token = await creds.getToken();
  const printed = JSON.parse(execCredential(token, { execInfo: undefined }));
  assert.equal(printed.status.token, token.value);
  assert.equal(Date.parse(printed.status.expirationTimestamp) / 1000, Math.floor(token.expiresAt));
});

test("the version that kubectl asks for in the environment", (t) => {
  const info = { apiVersion: "client.authentication.k8s.io/v1beta1", kind: "ExecCredential", spec: {} };
  environment(t, { KUBERNETES_EXEC_INFO: JSON.stringify(info) });
  const printed = JSON.parse(execCredential({ value: "t1.example" }));
  assert.deepEqual(printed, { apiVersion: info.apiVersion, kind: info.kind, status: { token: "t1.example" } });
});

test("mistakes of the calling program", () => {
  const options = { server: "https://10.0.0.1", cluster: "a", context: "b", user: "c" };
  assert.match(kubeconfig({ ...options, tokenFile: "/t" }), /tokenFile: \/t/);
  assert.throws(() => kubeconfig(options), TypeError);
  assert.throws(() => kubeconfig({ ...options, token: "t", tokenFile: "/t" }), TypeError);
  assert.throws(() => kubeconfig({ ...options, token: "t", colour: "red" }), { name: "TypeError", message: /colour/ });
  assert.throws(() => kubeconfig({ ...options, token: "t", format: "toml" }), TypeError);
  assert.throws(() => kubeconfig({ ...options, token: "t", format: "json", mergeInto: "" }), TypeError);
});

test("an emulator without a cluster says so", async () => {
  const { emulator } = await emulated();
  assert.throws(() => emulator.kubernetes, { message: /kubernetes: true/ });
});
