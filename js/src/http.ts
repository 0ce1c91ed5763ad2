// One HTTP request, over fetch or what the runtime has in its place: the core's request out, the answer or the failure back, nothing judged.

import type { HttpAction } from "./core.js";
import { host } from "./host.js";
import { onAbort } from "./wait.js";

/** A `fetch` like the global one. */
export type Fetch = typeof globalThis.fetch;

/** The global one, whichever it is when it is called. Where the runtime has a quicker way for exchanges, that serves them. */
export const globalFetch: Fetch = (input, init) => globalThis.fetch(input, init);

export interface ExchangeInit {
  method: string;
  headers: [string, string][];
  body?: string;
  redirect: "manual";
  signal: AbortSignal;
  /** The `fetch` of Next.js keeps answers on the disk and gives them again, be they tokens, unless it is told that they are no page's. */
  next: { internal: true };
}

/** What an exchange asks of `fetch`, and what it looks at in the answer. */
export type Exchange = (
  url: string,
  init: ExchangeInit,
) => Promise<{ status: number; headers: Iterable<[string, string]>; body: { getReader(): Reader } }>;

interface Reader {
  read(): Promise<IteratorResult<Uint8Array, unknown>>;
  cancel(): Promise<void>;
}

/** @internal */
export interface Answer {
  status: number;
  /** Names and values take turns. */
  headers: string[];
  body: Uint8Array;
}

/** @internal How an effect can fail, as the core knows it. */
export interface Failure {
  kind: "connection" | "timeout" | "tls" | "cancelled" | "file" | "variable" | "supplier" | "signing" | "other";
  detail: string;
}

/** No answer to a session comes near this; more is not read. */
const MAX_BODY = 1024 * 1024;

/** Smaller chunks count as if they had so many bytes. */
const SMALL_CHUNK = 64;

/** @internal */
export interface SendOptions {
  /** Gives up. */
  signal?: AbortSignal | undefined;
  /** So many bytes of the answer are read, and hardly more. */
  maxBody?: number | undefined;
}

/** @internal Sends a request. Never rejects. The body belongs to the caller, who may wipe it. */
export async function send(request: HttpAction, fetch: Fetch, options: SendOptions = {}): Promise<Answer | Failure> {
  const { signal, maxBody = MAX_BODY } = options;
  const controller = new AbortController();
  const { promise: cancelled, listener } = cancellation(controller);
  const stop = signal === undefined ? undefined : onAbort(signal, listener);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<Failure>((resolve) => {
    timer = setTimeout(() => {
      resolve({ kind: "timeout", detail: `no whole answer within ${request.timeout} s` });
      controller.abort();
    }, request.timeout * 1000);
  });
  try {
    return await Promise.race([timeout, cancelled, exchange(request, fetch, controller.signal, maxBody)]);
  } finally {
    clearTimeout(timer);
    stop?.();
  }
}

function cancellation(controller: AbortController): { promise: Promise<Failure>; listener: () => void } {
  let listener = (): void => undefined;
  const promise = new Promise<Failure>((resolve) => {
    listener = () => {
      resolve({ kind: "cancelled", detail: "" });
      controller.abort();
    };
  });
  return { promise, listener };
}

async function exchange(request: HttpAction, fetch: Fetch, signal: AbortSignal, maxBody: number): Promise<Answer | Failure> {
  try {
    const ask = (fetch === globalFetch ? ownExchange(request) : undefined) ?? fetch;
    const response = (await ask(request.url, {
      method: request.method,
      headers: request.headers,
      ...(request.body === undefined ? {} : { body: request.body }),
      redirect: "manual",
      signal,
      next: { internal: true },
    } as ExchangeInit)) as Partial<Response> | undefined;
    // A browser hides the status of a redirect that it did not follow.
    const status = response?.type === "opaqueredirect" ? 302 : response?.status;
    if (response === undefined || !isStatus(status)) return { kind: "other", detail: "fetch did not return a Response" };
    const headers: string[] = [];
    for (const [name, value] of pairs(response.headers ?? {})) headers.push(String(name), String(value));
    return { status, headers, body: await read(response as Response, maxBody) };
  } catch (error) {
    return failure(error);
  }
}

/** What goes to this machine or its own metadata service does not depend on what the program does with the rest. */
function ownExchange({ useProxy }: HttpAction): Exchange | undefined {
  const { exchange, directExchange } = host();
  return useProxy ? exchange : directExchange;
}

/** What stands in for `fetch` may give a map, pairs or an object in the place of `Headers`. */
function pairs(headers: Headers | Record<string, unknown>): Iterable<readonly [unknown, unknown]> {
  return Symbol.iterator in headers ? (headers as Headers) : Object.entries(headers);
}

function isStatus(status: unknown): status is number {
  return typeof status === "number" && Number.isInteger(status) && status >= 100 && status <= 999;
}

async function read(response: Response, maxBody: number): Promise<Uint8Array> {
  // What stands in for `fetch` may have no stream to offer.
  if (typeof response.body?.getReader !== "function") {
    const whole = bytes(await response.arrayBuffer());
    return joined([whole], Math.min(whole.length, maxBody + 1));
  }
  const reader = response.body.getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  let missing = 0;
  while (length + missing <= maxBody) {
    const { done, value } = await reader.read();
    if (done) return joined(chunks, length);
    const chunk = bytes(value);
    chunks.push(chunk);
    length += chunk.length;
    // A stream that never runs dry leaves no turn to the timer, be its chunks ever so small.
    missing += Math.max(0, SMALL_CHUNK - chunk.length);
  }
  // Nobody waits for the rest, nor for its end.
  reader.cancel().catch(() => undefined);
  return joined(chunks, maxBody + 1);
}

/** What is no bytes, only the constructor of a `DataView` finds out in every realm: that of a `Uint8Array` takes a number. */
function bytes(given: ArrayBuffer | ArrayBufferView): Uint8Array {
  const { buffer, byteOffset, byteLength } = ArrayBuffer.isView(given) ? given : new DataView(given);
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** So many bytes of the chunks. */
function joined(chunks: Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk.subarray(0, length - at), at);
    at += chunk.length;
  }
  return whole;
}

const TIMEOUT_CODE = /TIMEDOUT|TIMEOUT/;
const TLS_CODE =
  /^(ERR_TLS|ERR_SSL|EPROTO|CERT_|CRL_|UNABLE_TO_|ERROR_IN_CERT|DEPTH_ZERO|SELF_SIGNED|HOSTNAME_MISMATCH|INVALID_(CA|PURPOSE)|PATH_LENGTH)/;
const CONNECTION_CODE = /^(E[A-Z]+|UND_ERR_.*)$/;

/** @internal A rejection as the core knows it. `fetch` rejects with a TypeError for whatever the network did; its cause says more. */
export function failure(error: unknown): Failure {
  try {
    return described(error);
  } catch {
    // Anything can be thrown, also what throws when it is looked at.
    return { kind: "other", detail: "something was thrown that cannot be read" };
  }
}

function described(error: unknown): Failure {
  const { name = "", message = String(error), cause } = (error ?? {}) as Partial<Error>;
  const { code, message: reason } = (cause ?? error ?? {}) as Partial<NodeJS.ErrnoException>;
  const why = cause === undefined ? "" : reason || code;
  const detail = why ? `${message}: ${why}` : String(message);
  return { kind: kind(name, typeof code === "string" ? code : ""), detail };
}

function kind(name: string, code: string): Failure["kind"] {
  if (name === "TimeoutError" || TIMEOUT_CODE.test(code)) return "timeout";
  if (TLS_CODE.test(code)) return "tls";
  // ERR_INVALID_URL and its like are the caller's.
  if (code.startsWith("ERR_")) return "other";
  return name === "TypeError" || CONNECTION_CODE.test(code) ? "connection" : "other";
}
