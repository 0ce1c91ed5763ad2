// fetch over `node:https`: the global one cannot be told whom to trust.

import type { IncomingMessage } from "node:http";
import { Agent, request as httpsRequest } from "node:https";
import { Readable } from "node:stream";
import type { ClusterRequest } from "./in-cluster.js";
import { isKind } from "./kinds.js";
import { internals, type Token } from "./node.js";

interface Tokens {
  getToken(options: { signal?: AbortSignal | null | undefined }): Promise<Token>;
  invalidate(token: Token): boolean;
}

/** Statuses of responses that have no body (Fetch, section 2.2.3). */
const WITHOUT_BODY = [204, 205, 304];

/** What a `Response` takes as its status text (RFC 9112, section 4). Servers send others, and nothing depends on them. */
const REASON = /^[\t\x20-\x7e\x80-\xff]*$/;

/** Connections to a server with a certificate of this authority. */
export function clusterAgent(caCertificate: string): Agent {
  return new Agent({ ca: caCertificate, keepAlive: true });
}

export async function clusterFetch(
  tokens: Tokens,
  agent: Agent,
  init: RequestInit,
  requestWith: (method: string, token: Token) => ClusterRequest & { timeout: number },
): Promise<Response> {
  const signal = init.signal ?? undefined;
  signal?.throwIfAborted();
  // What fetch makes of these options, at a URL that is not used.
  const { method = "GET", body: content = null, headers = {} } = init;
  const given = new Request("https://localhost", { method, body: content, headers, ...streamed(content) });
  const body = Buffer.from(await given.arrayBuffer());
  const token = await tokens.getToken({ signal });
  const response = await send(token);
  const { call } = internals;
  if (!call((core) => core.isRefusal(response.status))) return response;
  tokens.invalidate(token);
  const renewed = await internals.another(tokens, token, signal).catch((error: unknown) => {
    void internals.discard(response);
    throw error;
  });
  if (renewed === undefined) return response;
  void internals.discard(response);
  return send(renewed);

  function send(token: Token): Promise<Response> {
    const { method, url, headers, timeout } = requestWith(given.method, token);
    // The caller's headers count, except for the one that proves who it is.
    const all = { ...Object.fromEntries(headers), ...Object.fromEntries(given.headers) };
    for (const [name, value] of headers) if (isAuthorization(name)) all[name] = value;
    return exchange(new URL(url), { method, headers: all, agent, signal }, body, timeout);
  }
}

const isAuthorization = (name: string): boolean => internals.call((core) => core.authorizationHeader()) === name;

/** What Node asks for where a body comes as a stream. */
function streamed(body: RequestInit["body"]): object {
  return isKind(body, "ReadableStream") ? { duplex: "half" } : {};
}

interface Exchange {
  method: string;
  headers: Record<string, string>;
  agent: Agent;
  signal: AbortSignal | undefined;
}

function exchange(url: URL, { signal, ...options }: Exchange, body: Buffer, timeout: number): Promise<Response> {
  return new Promise((resolve, reject) => {
    const failed = (cause: unknown): void =>
      reject(signal?.aborted ? signal.reason : new TypeError("fetch failed", { cause }));
    signal?.throwIfAborted();
    const request = httpsRequest(url, options);
    // Node would add a listener for each request, and warn of the eleventh.
    const stop = signal === undefined ? undefined : internals.onAbort(signal, () => request.destroy());
    // For the head of the answer: a watch goes on for longer.
    const timer = setTimeout(() => request.destroy(new Error(`no answer within ${timeout} s`)), timeout * 1000);
    request.on("error", failed);
    request.on("close", () => {
      stop?.();
      clearTimeout(timer);
      // An answer that switches protocols closes without an error.
      failed(new Error("the connection closed"));
    });
    request.on("response", (incoming) => {
      clearTimeout(timer);
      try {
        resolve(responseOf(incoming, signal));
      } catch (error) {
        incoming.destroy();
        failed(error);
      }
    });
    request.end(body.length === 0 ? undefined : body);
  });
}

function responseOf(incoming: IncomingMessage, signal: AbortSignal | undefined): Response {
  const { statusCode: status = 0, statusMessage = "", rawHeaders } = incoming;
  if (status < 200 || status > 599) throw new Error(`the answer has the status ${status}, which is none of 200 to 599`);
  const statusText = REASON.test(statusMessage) ? statusMessage : "";
  const headers = new Headers();
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    headers.append(rawHeaders[at] as string, rawHeaders[at + 1] as string);
  }
  if (!WITHOUT_BODY.includes(status)) {
    endWith(signal, incoming);
    return new Response(Readable.toWeb(incoming) as ReadableStream, { status, statusText, headers });
  }
  incoming.resume();
  return new Response(null, { status, statusText, headers });
}

/** Whoever reads the body is told why it ended; by itself, Node says `aborted`. */
function endWith(signal: AbortSignal | undefined, incoming: IncomingMessage): void {
  if (signal === undefined) return;
  incoming.on("close", internals.onAbort(signal, () => incoming.destroy(signal.reason as Error)));
}
