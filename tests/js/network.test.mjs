// What can happen on the way: real sockets, real TLS.
import assert from "node:assert/strict";
import { execFile, execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { createServer as createSocketServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { promisify } from "node:util";
import { Credentials, Endpoints } from "yc-iam";
import { directory, rejection } from "./support/emulated.mjs";
import { keyContent } from "./support/values.mjs";

const servers = [];
after(() => servers.forEach((server) => server.close().closeAllConnections?.()));

async function listening(server) {
  servers.push(server);
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server.address().port;
}

function credentialsAt(iam) {
  return Credentials.serviceAccount(keyContent(), { endpoints: Endpoints.custom({ iam }) });
}

test("nobody listens", async () => {
  const server = createSocketServer();
  const port = await listening(server);
  await new Promise((resolve) => server.close(resolve));
  const error = await rejection(credentialsAt(`http://127.0.0.1:${port}`).getToken());
  assert.equal(error.code, "connection_failed");
  assert.equal(error.fault, "network");
  assert.equal(error.transient, true);
  assert.match(error.message, /ECONNREFUSED/);
});

test("a redirect is not followed", async () => {
  let requests = 0;
  const port = await listening(
    createServer((request, response) => {
      requests++;
      response.writeHead(307, { location: "/elsewhere" }).end();
    }),
  );
  const error = await rejection(credentialsAt(`http://127.0.0.1:${port}`).getToken());
  assert.equal(error.code, "redirect_refused");
  assert.equal(error.status, 307);
  assert.equal(requests, 1);
});

test("an answer without an end is not read to it", async () => {
  let stopped;
  const closed = new Promise((resolve) => (stopped = resolve));
  const port = await listening(
    createServer((request, response) => {
      const pour = () => {
        while (!response.destroyed && response.write(Buffer.alloc(65536, " ")));
        if (!response.destroyed) response.once("drain", pour);
      };
      response.on("close", stopped);
      pour();
    }),
  );
  const error = await rejection(credentialsAt(`http://127.0.0.1:${port}`).getToken());
  assert.equal(error.code, "oversize_response");
  await closed;
});

test("a service that proves nothing", async () => {
  const at = mkdtempSync(path.join(tmpdir(), "yc-iam-"));
  after(() => rmSync(at, { recursive: true }));
  const [keyFile, certFile] = ["key.pem", "cert.pem"].map((name) => path.join(at, name));
  const options = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "1", "-subj", "/CN=localhost"];
  execFileSync("openssl", ["req", "-x509", ...options, "-keyout", keyFile, "-out", certFile], { stdio: "pipe" });
  let requests = 0;
  const tls = { key: readFileSync(keyFile), cert: readFileSync(certFile) };
  const port = await listening(createTlsServer(tls, () => requests++));
  const error = await rejection(credentialsAt(`https://127.0.0.1:${port}`).getToken());
  assert.equal(error.code, "tls_failed", error.message);
  assert.equal(error.transient, false);
  assert.equal(requests, 0);
});

// The authorities that a process trusts are read when it starts.
const TRUSTING = `
import { Credentials, Endpoints } from "yc-iam";
const at = Credentials.oauth("y0_AgAAAAExampleOfNoAccount-0123", { endpoints: Endpoints.custom({ iam: process.argv[1] }) });
console.log(await at.getToken().then(({ value }) => value, ({ code, transient }) => code + " " + transient));
`;

for (const [name, host, days, outcome] of [
  ["a trusted certificate", "localhost", 1, "t1.by-tls"],
  ["a trusted certificate for another host", "127.0.0.1", 1, "tls_failed false"],
  ["a trusted certificate that has expired", "localhost", -1, "tls_failed false"],
]) {
  test(name, async (t) => {
    const at = directory(t);
    const [keyFile, certFile] = ["key.pem", "cert.pem"].map((file) => path.join(at, file));
    const [askFile, extraFile] = ["ask.pem", "extra"].map((file) => path.join(at, file));
    writeFileSync(extraFile, "subjectAltName = DNS:localhost\nbasicConstraints = CA:TRUE\n");
    const openssl = (...args) => execFileSync("openssl", args, { stdio: "pipe" });
    openssl("req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", "/CN=localhost", "-keyout", keyFile, "-out", askFile);
    openssl("x509", "-req", "-in", askFile, "-signkey", keyFile, "-days", String(days), "-extfile", extraFile, "-out", certFile);
    let requests = 0;
    const tls = { key: readFileSync(keyFile), cert: readFileSync(certFile) };
    const answer = JSON.stringify({ iamToken: "t1.by-tls", expiresAt: "2099-01-01T00:00:00Z" });
    const port = await listening(createTlsServer(tls, (_, response) => (requests++, response.setHeader("content-type", "application/json").end(answer))));
    const run = promisify(execFile);
    const args = ["--input-type=module", "--eval", TRUSTING, `https://${host}:${port}`];
    const { stdout } = await run(process.execPath, args, { cwd: path.dirname(new URL(import.meta.url).pathname), env: { ...process.env, NODE_EXTRA_CA_CERTS: certFile }, timeout: 60_000 });
    assert.equal(stdout.trim(), outcome);
    assert.equal(requests, outcome.startsWith("t1.") ? 1 : 0);
  });
}

test("a service that does not speak TLS", async () => {
  const port = await listening(createServer(() => assert.fail("no request was expected")));
  const error = await rejection(credentialsAt(`https://127.0.0.1:${port}`).getToken());
  assert.equal(error.code, "tls_failed", error.message);
});

test("a service that says nothing", async (t) => {
  const port = await listening(createServer(() => undefined));
  // The core allows ten seconds for an exchange; here they pass at once.
  const { setTimeout: real } = globalThis;
  t.mock.method(globalThis, "setTimeout", (work, millis, ...rest) => real(work, Math.min(millis, 50), ...rest));
  const error = await rejection(credentialsAt(`http://127.0.0.1:${port}`).getToken());
  assert.equal(error.code, "timeout");
  assert.equal(error.transient, true);
});
