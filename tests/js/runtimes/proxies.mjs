// The environment's proxies, in the runtimes that heed them by themselves: what is on this machine goes past them.
import { once } from "node:events";
import { createServer } from "node:http";

async function answering(token, seen) {
  const server = createServer((request, response) => {
    seen.push(request.url);
    response.end(JSON.stringify({ access_token: token, expires_in: 3600 }));
  });
  server.on("connect", ({ url }, socket) => (seen.push(url), socket.end("HTTP/1.1 502 no\r\n\r\n")));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { server, url: `http://127.0.0.1:${server.address().port}` };
}

/** `run(variables)`: runs `apps/proxied.mjs` with these variables, and gives what it prints. */
export async function pastProxies(run) {
  const seen = [];
  const service = await answering("t1.service", []);
  const proxy = await answering("t1.proxy", seen);
  const variables = Object.fromEntries(["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy"].map((name) => [name, proxy.url]));
  try {
    const answer = await run({ ...variables, NODE_USE_ENV_PROXY: "1", NODE_NO_WARNINGS: "1", SERVICE: service.url });
    const failures = [];
    if (answer !== "t1.service") failures.push(`metadata came to: ${answer}`);
    if (seen.some((url) => url.includes("computeMetadata"))) failures.push(`the proxy was asked for ${seen}`);
    if (seen.length === 0) failures.push("nothing went through the proxy at all");
    return { passed: 3 - failures.length, failures, jwts: [] };
  } finally {
    for (const { server } of [service, proxy]) server.close().closeAllConnections();
  }
}
