// What `yc-iam/kubernetes` reads and writes, as all languages share it.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { execCredential, kubeconfig, parseServiceAccountSecret } from "yc-iam/kubernetes";
import { glue } from "./support/calls.mjs";
import { vectors } from "./support/files.mjs";
import { assertError, assertHidden, bytes } from "./support/values.mjs";

/** A file that is not read for another reason than the file's own cannot be, where reading is a function. */
const isPossible = ({ ca_certificate, namespace }) =>
  [ca_certificate, namespace].every((file) => (file?.break?.kind ?? "file") === "file");

function each(name, run, compare) {
  describe(name, () => {
    for (const given of vectors(name).filter(isPossible)) {
      test(given.name, () => {
        let found;
        try {
          found = run(given);
        } catch (error) {
          if (!given.error) throw error;
          assertError(error, given.error);
          return;
        }
        assert.equal(given.error, undefined, "an error was expected");
        compare(found, given);
      });
    }
  });
}

const text = (given) => (given == null ? undefined : String(bytes(given)));

each(
  "in_cluster",
  ({ directory, environment, call, ...files }) => {
    const read = (path) => {
      const given = files[path.endsWith("/namespace") ? "namespace" : "ca_certificate"];
      if (given.break) throw new Error(given.break.detail);
      return new Uint8Array(bytes(given));
    };
    const cluster = new glue.InCluster(directory ?? undefined, environment, read);
    if (!call) return { cluster };
    const { method, path, token, body } = call;
    return { cluster, request: cluster.request(method, path, token, body?.content_type, body?.content) };
  },
  ({ cluster, request }, given) => {
    if (given.expect) {
      const { server, caCertificate: ca_certificate, namespace, tokenPath: token_path } = cluster;
      assert.deepEqual({ server, ca_certificate, namespace, token_path }, given.expect);
    }
    if (!given.request) return;
    const { method, url, body, timeout, useProxy } = request;
    const headers = request.headers.map(([name, value]) => [name, value.replace(/^yc-iam\/[\d.]+$/, "yc-iam/*")]);
    assert.deepEqual({ method, url, headers, body: body ?? null, timeout, use_proxy: useProxy }, given.request);
  },
);

function kubeconfigOptions({ names, server, ca_certificate, user, existing }) {
  const { exec, token, token_file: tokenFile, yc_iam: ycIam } = user;
  const plugin = exec && {
    command: exec.command,
    args: exec.args,
    env: exec.env && Object.fromEntries(exec.env),
    installHint: exec.install_hint,
    apiVersion: exec.api_version,
    interactiveMode: exec.interactive_mode,
  };
  const options = { ...names, namespace: names.namespace ?? undefined, server, caCertificate: text(ca_certificate) };
  return { ...options, exec: plugin, token, tokenFile, ycIam, mergeInto: text(existing) };
}

each("kubeconfigs", (given) => kubeconfig(kubeconfigOptions(given)), (yaml, given) => {
  assert.equal(yaml, given.yaml);
  if (!("json" in given)) return;
  assert.deepEqual(JSON.parse(kubeconfig({ ...kubeconfigOptions(given), format: "json" })), given.json);
});

each("kubernetes_secrets", ({ content }) => parseServiceAccountSecret(bytes(content)), (secret, { expect }) => {
  const { name, namespace, serviceAccountName, token, caCertificate } = secret;
  const found = { name, namespace, service_account_name: serviceAccountName, token, ca_certificate: caCertificate };
  assert.deepEqual(found, expect);
  assertHidden({ deep: [secret] }, [token]);
});

each(
  "exec_credentials",
  ({ token, exec_info }) =>
    execCredential({ value: token.value, expiresAt: token.expires_at }, { execInfo: text(exec_info) ?? "" }),
  (output, given) => assert.equal(output, given.output),
);
