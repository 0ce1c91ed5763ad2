// A server on loopback that delivers replies just as badly as they were ordered.

import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { IncomingRequest, Reply } from "./emulator-core.js";

export interface RunningServer {
  readonly url: string;
  /** Closes the port and every connection. */
  stop(): Promise<void>;
}

/** What a TLS server shows: PEM each. */
export interface ServerTls {
  certificate: string;
  privateKey: string;
}

const MAX_BODY = 1024 * 1024;

export function startServer(
  port: number,
  answer: (request: IncomingRequest) => Reply,
  tls?: ServerTls,
): Promise<RunningServer> {
  const delayed = new Set<NodeJS.Timeout>();
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    readBody(request)
      .then((body) => {
        const { method = "GET", url: target = "/", rawHeaders: headers } = request;
        const reply = answer({ method, target, headers, body });
        if (reply.delay === 0) return deliver(reply, response);
        const timer = setTimeout(() => {
          delayed.delete(timer);
          deliver(reply, response);
        }, reply.delay * 1000);
        delayed.add(timer);
      })
      // The client went away, or sent more than anybody reads; or the clock, which is the test's own, tells no time.
      .catch(() => request.socket.destroy());
  };
  const server =
    tls === undefined ? createServer(listener) : createTlsServer({ cert: tls.certificate, key: tls.privateKey }, listener);
  const stop = (): Promise<void> =>
    new Promise((resolve) => {
      for (const timer of delayed) clearTimeout(timer);
      delayed.clear();
      // An error says only that it had stopped before.
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      resolve({ url: `${tls === undefined ? "http" : "https"}://127.0.0.1:${port}`, stop });
    });
  });
}

async function readBody(request: IncomingMessage): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MAX_BODY) throw new Error("the body is too large");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function deliver({ status, headers, body, sent }: Reply, response: ServerResponse): void {
  if (sent === undefined) {
    response.destroy();
    return;
  }
  // The emulator's `Date` is its own clock's.
  response.sendDate = false;
  response.writeHead(status, { "content-length": body.length, ...Object.fromEntries(headers) });
  if (sent === body.length) response.end(body);
  else response.write(body.subarray(0, sent), () => response.destroy());
}
