// The built page on a file server, below a path of its own, with a log of what was asked for.
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import path from "node:path";

const TYPES = { ".html": "text/html", ".css": "text/css", ".js": "text/javascript" };
const BELOW = "/some/where/";

export async function serve(directory) {
  const asked = [];
  const server = createServer(async (request, response) => {
    asked.push(`${request.method} ${request.url}`);
    try {
      const name = request.url.slice(BELOW.length) || "index.html";
      if (!request.url.startsWith(BELOW) || name.includes("/")) throw new Error("not there");
      const content = await readFile(path.join(directory, name));
      response.writeHead(200, { "content-type": TYPES[path.extname(name)] }).end(content);
    } catch {
      response.writeHead(404).end();
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${server.address().port}${BELOW}`,
    asked,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
