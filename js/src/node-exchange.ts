// The part of fetch that an exchange needs, over `node:http` and `node:https`: the global one takes several times as long to load.

import type { AgentOptions, ClientRequest, IncomingMessage } from "node:http";
import type { Readable } from "node:stream";
import { urlToHttpOptions } from "node:url";
import type { Exchange, ExchangeInit } from "./http.js";

/** How Node's own fetch, before its first use, loads what it is made of. */
const LOADS_UNDICI = /internal\/deps\/undici|lazyUndici\(/;

/** Statuses of answers without a body, whatever their headers say (RFC 9110, section 6.4.1). */
const WITHOUT_BODY = [204, 304];

/** None where fetch is loaded already, or where the program has its own fetch or dispatcher (a proxy's, a test's): that is asked then. */
export function nodeExchange(): Exchange | undefined {
  const { fetch } = globalThis;
  // Some environments for tests leave fetch out.
  if (typeof fetch === "function" && !LOADS_UNDICI.test(Function.prototype.toString.call(fetch))) return undefined;
  const loaded = Object.getOwnPropertySymbols(globalThis).some(({ description }) => description?.startsWith("undici.globalDispatcher"));
  return loaded ? undefined : (url, init) => exchange(url, init, open);
}

/** Never through a proxy, whatever the program has put in the place of `fetch`, of agents or of `request`. */
export const directExchange: Exchange = (url, init) => exchange(url, init, openDirectly);

type Open = (url: string, options: { method: string; signal: AbortSignal }) => ClientRequest;

const moduleOf = (url: string) => require(url.startsWith("https:") ? "node:https" : "node:http") as typeof import("node:https");

const open: Open = (url, options) => moduleOf(url).request(url, options);

const openDirectly: Open = (url, options) => {
  const { ClientRequest } = require("node:http") as typeof import("node:http");
  const { Agent } = moduleOf(url);
  // Nor through one of the environment's, which Deno and, if asked to, newer versions of Node heed.
  const agent = new Agent({ proxyEnv: {} } as AgentOptions);
  return new ClientRequest({ ...urlToHttpOptions(new URL(url)), ...options, agent });
};

function exchange(url: string, { method, headers, body, signal }: ExchangeInit, open: Open): ReturnType<Exchange> {
  return new Promise((resolve, reject) => {
    const failed = (cause: unknown): void => reject(new TypeError("request failed", { cause }));
    const outgoing = open(url, { method, signal });
    for (const [name, value] of headers) outgoing.appendHeader(name, value);
    outgoing.on("error", failed);
    // An answer that switches protocols closes without an error.
    outgoing.on("close", () => failed(new Error("the connection closed")));
    outgoing.on("response", (incoming) => {
      const { statusCode: status = 0, rawHeaders } = incoming;
      if (status < 200) {
        failed(new Error(`the answer has the status ${status}`));
        outgoing.destroy();
        return;
      }
      const chunks = decoded(incoming, method)[Symbol.asyncIterator]();
      const read = (): Promise<IteratorResult<Uint8Array>> =>
        chunks.next().catch((cause: unknown) => {
          throw new TypeError("request failed", { cause });
        });
      const cancel = async (): Promise<void> => void incoming.destroy();
      resolve({ status, headers: pairs(rawHeaders), body: { getReader: () => ({ read, cancel }) } });
    });
    outgoing.end(body);
  });
}

function pairs(raw: string[]): [string, string][] {
  return raw.flatMap((name, at) => (at % 2 === 0 ? [[name, raw[at + 1] ?? ""] as [string, string]] : []));
}

/** The body without its content coding. Nobody asked for one; fetch undoes it all the same. */
function decoded(incoming: IncomingMessage, method: string): Readable {
  // Whoever still reads is told by the iterator.
  incoming.on("error", () => undefined);
  const coding = incoming.headers["content-encoding"]?.trim().toLowerCase() ?? "";
  if (method === "HEAD" || WITHOUT_BODY.includes(incoming.statusCode ?? 0) || !/^(x-)?gzip$|^deflate$|^br$/.test(coding)) return incoming;
  const { createBrotliDecompress, createGunzip, createInflate } = require("node:zlib") as typeof import("node:zlib");
  const decoder = coding === "br" ? createBrotliDecompress() : coding === "deflate" ? createInflate() : createGunzip();
  incoming.on("error", (error) => decoder.destroy(error));
  decoder.on("error", () => incoming.destroy());
  return incoming.pipe(decoder);
}
