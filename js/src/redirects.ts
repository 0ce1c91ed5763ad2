// Redirects as fetch follows them, one by one: for platforms whose own fetch may carry a token on to another origin.

import { discard } from "./discard.js";
import type { Fetch } from "./http.js";
import type { SentRequest } from "./sent-request.js";

const REDIRECTS = [301, 302, 303, 307, 308];
const MAX_REDIRECTS = 20;

/** What says who asks is for nobody else. */
const OF_THE_ORIGIN = ["authorization", "cookie", "proxy-authorization"];
/** What describes a body goes with it. */
const OF_THE_BODY = ["content-encoding", "content-language", "content-length", "content-location", "content-type"];

/** @internal Whether redirects are to be followed at all. */
export function isFollowing({ init, request }: SentRequest): boolean {
  return (init.redirect ?? request?.redirect ?? "follow") === "follow";
}

/** @internal Sends the request with these headers, which belong to this call. */
export async function following(fetch: Fetch, sent: SentRequest, headers: Headers): Promise<Response> {
  const { request, signal = null } = sent;
  const init = { ...sent.init, method: sent.init.method ?? request?.method ?? "GET", signal, headers };
  let url = new URL(sent.url);
  let response = await fetch(request ?? sent.url, { ...sent.init, headers, redirect: "manual" });
  for (let followed = 0; ; followed++) {
    const { status } = response;
    const location = REDIRECTS.includes(status) ? response.headers.get("location") : null;
    if (location === null) return followed === 0 ? response : redirected(response);
    void discard(response);
    const next = target(location, url, followed);
    if (losesBody(status, init.method)) {
      Object.assign(init, { method: "GET", body: null });
      for (const name of OF_THE_BODY) headers.delete(name);
    } else if (!sent.isResendable) throw new TypeError("a redirect asks for a body that cannot be sent twice");
    if (next.origin !== url.origin) for (const name of OF_THE_ORIGIN) headers.delete(name);
    url = next;
    response = await fetch(url.href, { ...init, redirect: "manual" });
  }
}

function target(location: string, from: URL, followed: number): URL {
  if (followed === MAX_REDIRECTS) throw new TypeError(`there were more than ${MAX_REDIRECTS} redirects`);
  const to = new URL(location, from);
  // Nobody is told of it, neither the server nor, by the response's URL, the caller.
  to.hash = "";
  if (!/^https?:$/.test(to.protocol)) throw new TypeError(`a redirect leads to \`${to.protocol}\` and not to a web address`);
  return to;
}

function losesBody(status: number, method: string): boolean {
  const upper = method.toUpperCase();
  return status === 303 ? upper !== "GET" && upper !== "HEAD" : status <= 302 && upper === "POST";
}

function redirected(response: Response): Response {
  return Object.defineProperty(response, "redirected", { value: true });
}
