// The real kubectl, with kubeconfigs that the library wrote and the command `yc-iam` as npm installed it.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { before, describe, test } from "node:test";
import { promisify } from "node:util";
import { Credentials } from "yc-iam";
import { execCredential, kubeconfig } from "yc-iam/kubernetes";
import { directory, emulated } from "./support/emulated.mjs";
import { installed } from "./support/files.mjs";

const ROBOT = "system:serviceaccount:shop:robot";
const REFUSED = /You must be logged in to the server/;

/** The link that npm makes for the package's `bin`. */
const command = path.join(installed, "../.bin/yc-iam");

before(async () => {
  assert.ok(existsSync(command), `npm has not installed the command: there is no ${command}`);
  await promisify(execFile)("kubectl", ["version", "--client"]).catch((error) => {
    if (error.code !== "ENOENT") throw error;
    assert.fail("`kubectl` is needed and was not found: install it from https://kubernetes.io/docs/tasks/tools");
  });
});

/** A cluster with a pod in each of two namespaces, and a kubectl with a home of its own. */
async function cluster(t, options) {
  const { emulator, keyFile } = await emulated({ kubernetes: true, ...options });
  const home = directory(t);
  const { kubernetes } = emulator;
  kubernetes.addPod("shop", "web-0");
  kubernetes.addPod("bank", "vault-0");
  const config = path.join(home, "kubeconfig");
  /** Writes a kubeconfig with this user. */
  const configure = (user) => {
    const names = { cluster: "emulated", context: "emulated", user: "robot", namespace: "shop" };
    const { url: server, caCertificate } = kubernetes;
    writeFileSync(config, kubeconfig({ server, caCertificate, ...names, ...user }));
  };
  const environment = { PATH: process.env.PATH, HOME: home, KUBECONFIG: config };
  const kubectl = async (...given) => {
    const settled = promisify(execFile)("kubectl", given, { env: environment, cwd: home, timeout: 60_000 });
    const { code = 0, stdout, stderr } = await settled.catch((error) => error);
    return { code, stdout, printed: stdout + stderr };
  };
  const pods = async (...given) => {
    const { code, stdout, printed } = await kubectl("get", "pods", ...given);
    assert.equal(code, 0, printed);
    const [head, ...rows] = stdout.trim().split("\n");
    assert.match(head, /^NAME +READY +STATUS +RESTARTS +AGE$/);
    return rows.map((row) => row.split(" ")[0]);
  };
  const whoami = async () => {
    const { code, stdout, printed } = await kubectl("auth", "whoami", "-o", "json");
    assert.equal(code, 0, printed);
    return JSON.parse(stdout).status.userInfo.username;
  };
  const refused = async (message, ...given) => {
    const { code, printed } = await kubectl(...given);
    assert.notEqual(code, 0);
    assert.match(printed, message);
  };
  return { emulator, kubernetes, keyFile, home, configure, kubectl, pods, whoami, refused };
}

/** That kubectl may do what the service account `robot` may. */
async function assertIsTheRobot({ pods, whoami, refused }) {
  assert.deepEqual(await pods(), ["web-0"]);
  assert.deepEqual(await pods("-n", "shop"), ["web-0"]);
  const forbidden = new RegExp(`\\(Forbidden\\).*User "${ROBOT}" cannot list .* in the namespace "bank"`);
  await refused(forbidden, "get", "pods", "-n", "bank");
  assert.equal(await whoami(), ROBOT);
}

describe("a service account of the cluster", () => {
  test("by its token, until that ends", async (t) => {
    const given = await cluster(t);
    const { kubernetes, emulator, configure, refused } = given;
    configure({ token: kubernetes.issuer.podToken("shop", "robot", { lifetime: 600 }) });
    await assertIsTheRobot(given);
    emulator.setClockOffset(700);
    await refused(REFUSED, "get", "pods");
  });

  test("by a token file that is rotated", async (t) => {
    let offset = 0;
    const given = await cluster(t, { clock: () => Date.now() / 1000 + offset });
    const { kubernetes, home, configure, pods, refused } = given;
    const robot = { namespace: "shop", serviceAccount: "robot", lifetime: 600 };
    const mount = kubernetes.mount(path.join(home, "pod"), robot);
    configure({ tokenFile: path.join(mount.directory, "token") });
    await assertIsTheRobot(given);
    offset = 700;
    await refused(REFUSED, "get", "pods");
    mount.rotate();
    assert.deepEqual(await pods(), ["web-0"]);
  });

  test("by our plug-in", async (t) => {
    const given = await cluster(t);
    const { kubernetes, home, configure, pods, refused } = given;
    const mount = kubernetes.mount(path.join(home, "pod"), { namespace: "shop", serviceAccount: "robot" });
    const token = path.join(mount.directory, "token");
    configure({ exec: { command, args: ["exec-credential", "--service-account-token-file", token] } });
    await assertIsTheRobot(given);
    kubernetes.issuer.rotateKey(undefined, { retireOld: true });
    kubernetes.trust(kubernetes.issuer);
    await refused(REFUSED, "get", "pods");
    writeFileSync(token, kubernetes.issuer.podToken("shop", "robot"));
    assert.deepEqual(await pods(), ["web-0"]);
  });
});

describe("an account of the cloud", () => {
  /** With a key file, and the plug-in that reads it. */
  async function withKey(t) {
    const given = await cluster(t);
    const { emulator, keyFile, home, configure } = given;
    const file = path.join(home, "key.json");
    writeFileSync(file, keyFile);
    const args = ["exec-credential", "--key-file", file, "--endpoint", emulator.url];
    configure({ exec: { command, args } });
    const { id, service_account_id: account } = JSON.parse(keyFile);
    emulator.addAccessBinding("kubernetes", "k8s.cluster-api.viewer", account);
    return { ...given, id, account, args };
  }

  test("by our plug-in", async (t) => {
    const { account, pods, whoami, refused } = await withKey(t);
    assert.deepEqual(await pods("-n", "shop"), ["web-0"]);
    assert.deepEqual(await pods("-n", "bank"), ["vault-0"]);
    assert.equal(await whoami(), account);
    await refused(/\(Forbidden\).*cannot delete/, "delete", "pod", "web-0", "-n", "shop");
  });

  test("the plug-in is called again for a token that is refused", async (t) => {
    const { emulator, kubectl, pods } = await withKey(t);
    assert.deepEqual(await pods(), ["web-0"]);
    emulator.revokeAllTokens();
    assert.deepEqual(await pods(), ["web-0"]);
    const before = emulator.tokensIssued;
    await kubectl("api-resources", "--cached=false");
    const usual = emulator.tokensIssued - before;
    assert.ok(usual > 0);
    emulator.orderFault({ path: "/api", status: 401 });
    await kubectl("api-resources", "--cached=false");
    assert.equal(emulator.tokensIssued, before + 2 * usual + 1);
  });

  test("the plug-in is called again for a token that ended", async (t) => {
    const { emulator, keyFile, home, configure, pods } = await withKey(t);
    const token = await Credentials.serviceAccount(keyFile, { endpoints: emulator.endpoints }).getToken();
    const calls = async (name, expirationTimestamp) => {
      const printed = JSON.parse(execCredential(token));
      if (expirationTimestamp) printed.status.expirationTimestamp = expirationTimestamp;
      const file = path.join(home, name);
      writeFileSync(file, JSON.stringify(printed));
      configure({ exec: { command: "sh", args: ["-c", `echo called >> "${file}.calls"; cat "${file}"`] } });
      assert.deepEqual(await pods(), ["web-0"]);
      return readFileSync(`${file}.calls`, "utf8").trim().split("\n").length;
    };
    const usual = await calls("lives");
    assert.ok((await calls("ended", "2020-01-01T00:00:00Z")) > usual);
  });

  test("what the plug-in says reaches the user", async (t) => {
    const { emulator, id, refused } = await withKey(t);
    emulator.deleteKey(id);
    await refused(/was not found.*exit code 5/s, "get", "pods");
  });

  test("the older interface", async (t) => {
    const { args, configure, pods } = await withKey(t);
    configure({ exec: { command, args, apiVersion: "v1beta1" } });
    assert.deepEqual(await pods(), ["web-0"]);
  });
});
