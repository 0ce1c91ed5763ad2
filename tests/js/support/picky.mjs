import { serve } from "./emulated.mjs";

/** A server that wants another token than this, and tells what it got. */
export async function picky(refused) {
  const received = [];
  const url = await serve(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    received.push({ ...request.headers, method: request.method, url: request.url, body });
    response.writeHead(request.headers.authorization === refused() ? 401 : 200).end(body);
  });
  return { url, received };
}
