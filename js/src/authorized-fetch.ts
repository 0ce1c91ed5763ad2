// fetch with a token: added to the request, and renewed once if the service does not take it.

import { another } from "./another.js";
import { call } from "./core.js";
import type { Credentials } from "./credentials.js";
import { discard } from "./discard.js";
import { host } from "./host.js";
import type { Fetch } from "./http.js";
import { following, isFollowing } from "./redirects.js";
import { type FetchInput, sentRequest } from "./sent-request.js";
import type { Token } from "./token.js";

/** @internal */
export async function authorizedFetch(
  credentials: Credentials,
  fetch: Fetch,
  input: FetchInput,
  init: RequestInit | undefined,
): Promise<Response> {
  const sent = sentRequest(input, init);
  call((core) => core.checkBearerUrl(sent.url));
  const { signal } = sent;
  const token = await credentials.getToken({ signal });
  const response = await send(token);
  if (!call((core) => core.isRefusal(response.status))) return response;
  credentials.invalidate(token);
  // Not every platform says beforehand whether a `Request` has a body.
  if (!sent.isResendable || (sent.request?.bodyUsed === true && sent.init.body == null)) return response;
  const renewed = await another(credentials, token, signal).catch((error: unknown) => {
    void discard(response);
    throw error;
  });
  if (renewed === undefined) return response;
  void discard(response);
  return send(renewed);

  function send({ authorization }: Token): Promise<Response> {
    const headers = new Headers(sent.headers);
    const name = call((core) => core.authorizationHeader());
    headers.set(name, authorization);
    if (host().carriesTokensOn && isFollowing(sent)) return following(fetch, sent, headers);
    return fetch(sent.request ?? sent.url, { ...sent.init, headers });
  }
}
