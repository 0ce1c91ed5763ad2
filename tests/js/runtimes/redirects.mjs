// Where `creds.fetch` is led by redirects, and with what: the same in every runtime as in Node, whose fetch follows them by itself.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";

/** Tells what it was asked, or leads on. */
async function startServer() {
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    const { searchParams } = new URL(request.url, "http://localhost");
    const location = searchParams.get("location");
    const status = Number(searchParams.get("status") ?? 200);
    response.writeHead(status, location === null ? {} : { location });
    if (location !== null || status === 304) return response.end();
    const { authorization, cookie, "content-type": type, "x-own": own } = request.headers;
    response.end(JSON.stringify({ method: request.method, authorization, cookie, type, own, body }));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { server, url: `http://127.0.0.1:${server.address().port}` };
}

/** Runs what gives a transcript, here and in Node, and compares them; `run(here, away)`. */
export async function checkRedirects(inNode, run) {
  const [here, away] = [await startServer(), await startServer()];
  try {
    const [expected, found] = [await inNode(here.url, away.url), await run(here.url, away.url)];
    const failures = Object.keys(expected).flatMap((name) => {
      try {
        assert.deepEqual(found[name], expected[name]);
        return [];
      } catch (error) {
        return [`${name}: ${error.message}`];
      }
    });
    // What Node itself is trusted with is said here once more.
    for (const [name, { text = "" }] of Object.entries(expected)) {
      if (name.includes("away") && text.includes("t1.fixed")) failures.push(`Node: ${name}`);
    }
    return { passed: Object.keys(expected).length - failures.length, failures, jwts: [] };
  } finally {
    for (const { server } of [here, away]) server.close().closeAllConnections();
  }
}
