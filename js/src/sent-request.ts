// What `fetch` was asked to send, as it was when it was asked: whoever asked may go on and change all of it.

import { isBytes, isKind } from "./kinds.js";

/** What `fetch` takes as its first argument. */
export type FetchInput = string | URL | Request;

/** @internal A request that stays what it is. */
export interface SentRequest {
  readonly url: string;
  /** As it was passed, in which case nobody can change where it goes. */
  readonly request: Request | undefined;
  readonly init: RequestInit;
  /** Those that count: of the options, or else of the request. */
  readonly headers: Headers;
  readonly signal: AbortSignal | null | undefined;
  /** Whether it can be sent twice. */
  readonly isResendable: boolean;
}

/** @internal */
export function sentRequest(input: FetchInput, given: RequestInit | undefined): SentRequest {
  const request = typeof input === "object" && "url" in input ? input : undefined;
  // Resolved as fetch resolves it, so that the check and fetch mean the same host.
  const url = new URL(request?.url ?? String(input), base()).href;
  const init = ownInit(given);
  const headers = new Headers(init.headers ?? request?.headers);
  const again = isResendable(init.body) && (init.body != null || request?.body == null);
  return { url, request, init, headers, signal: init.signal === undefined ? request?.signal : init.signal, isResendable: again };
}

/** What a page's relative URLs are relative to. Where there is none, they are refused. */
function base(): string | undefined {
  const { document, location } = globalThis as Partial<Pick<typeof globalThis, "document" | "location">>;
  return document?.baseURI ?? location?.href;
}

/** Also what is inherited: a `Request` may stand in the place of options. */
function ownInit(given: RequestInit | undefined): RequestInit {
  const init: Record<string, unknown> = {};
  for (const name in given) init[name] = given[name as keyof RequestInit];
  const { body } = init as RequestInit;
  return body == null ? init : { ...init, body: ownBody(body) };
}

function ownBody(body: BodyInit): BodyInit {
  if (ArrayBuffer.isView(body)) return new Uint8Array(body.buffer, body.byteOffset, body.byteLength).slice();
  if (isBytes(body)) return body.slice(0);
  if (typeof body === "string") return body;
  if (isKind(body, "URLSearchParams")) return new URLSearchParams(body as URLSearchParams);
  return body instanceof FormData ? ownForm(body) : body;
}

function ownForm(form: FormData): FormData {
  const own = new FormData();
  form.forEach((value, name) => own.append(name, value));
  return own;
}

/** @internal Whether this body can be read twice: streams and iterators cannot. */
export function isResendable(body: unknown): boolean {
  if (body == null || typeof body === "string" || isBytes(body)) return true;
  // Libraries have forms of their own, and some of these are streams.
  return isKind(body, "URLSearchParams", "FormData", "Blob", "File") && !("pipe" in (body as object));
}
