// A certificate of its own for a server on loopback.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** For `localhost`, made by OpenSSL: key and certificate, PEM. */
export function certificate() {
  const directory = mkdtempSync(join(tmpdir(), "yc-iam-"));
  const [keyFile, certFile] = ["key.pem", "cert.pem"].map((name) => join(directory, name));
  const names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"];
  const options = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", ...names];
  execFileSync("openssl", ["req", "-x509", ...options, "-keyout", keyFile, "-out", certFile], { stdio: "pipe" });
  const made = { key: readFileSync(keyFile), cert: readFileSync(certFile) };
  rmSync(directory, { recursive: true });
  return made;
}
