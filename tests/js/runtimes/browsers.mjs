// Real browsers without a driver: the page itself reports to the server that it came from.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";

/** `data:` is for bundles that have the module inlined as a URL. */
const POLICY =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self' data:; base-uri 'none'";
const TYPES = { ".html": "text/html", ".js": "text/javascript", ".mjs": "text/javascript", ".wasm": "application/wasm" };

const PREFERENCES = `
user_pref("browser.shell.checkDefaultBrowser", false);
user_pref("datareporting.policy.dataSubmissionEnabled", false);
user_pref("app.update.enabled", false);
user_pref("network.captive-portal-service.enabled", false);
user_pref("network.connectivity-service.enabled", false);
user_pref("services.settings.server", "http://127.0.0.1:9");
user_pref("toolkit.telemetry.server", "");
`;

/** Where they are, `cargo xtask` says. */
export const BROWSERS = {
  chromium: (profile) => [
    process.env.CHROMIUM,
    ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"],
    ["--no-first-run", "--disable-dev-shm-usage", `--user-data-dir=${profile}`],
  ],
  firefox: (profile) => [process.env.FIREFOX, ["--headless", "--no-remote"], ["--profile", profile]],
};

/** Opens the page in a browser and gives what it reports. */
export async function report(browser, site, seconds = 60) {
  let reported;
  const reports = new Promise((resolve) => (reported = resolve));
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, "http://127.0.0.1");
    if (request.method === "POST") {
      let text = "";
      for await (const chunk of request) text += chunk;
      response.end();
      return reported(JSON.parse(text));
    }
    try {
      const file = path.join(site, pathname === "/" ? "index.html" : pathname);
      const content = await readFile(file);
      response.writeHead(200, { "content-type": TYPES[path.extname(file)], "content-security-policy": POLICY });
      response.end(content);
    } catch {
      response.writeHead(404).end();
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const profile = await mkdtemp(path.join(tmpdir(), "yc-iam-browser-"));
  await writeFile(path.join(profile, "user.js"), PREFERENCES);
  const [program, ...options] = BROWSERS[browser](profile);
  const url = `http://127.0.0.1:${server.address().port}/`;
  const child = spawn(program, [...options.flat(), url], { stdio: ["ignore", "ignore", "pipe"], detached: true });
  let printed = "";
  child.stderr.on("data", (chunk) => (printed += chunk));
  const exited = once(child, "exit").catch((error) => [error.message]);
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no report within ${seconds} s: ${printed.slice(-2000)}`)), seconds * 1000);
  });
  const gone = exited.then(([code]) => {
    throw new Error(`${program} ended (${code}): ${printed.slice(-2000)}`);
  });
  gone.catch(() => undefined);
  try {
    return await Promise.race([reports, late, gone]);
  } finally {
    clearTimeout(timer);
    // A browser is several processes, a group of its own.
    if (child.exitCode === null && child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
    await exited;
    server.close();
    server.closeAllConnections();
    await rm(profile, { recursive: true, force: true, maxRetries: 3 });
  }
}
