// fetch with a token: added to the request, and renewed once if the service does not take it.

import { call } from "./core.js";
import type { Credentials } from "./credentials.js";
import type { Fetch } from "./http.js";

/** What `fetch` takes as its first argument. */
export type FetchInput = string | URL | Request;

/** @internal */
export async function authorizedFetch(
  credentials: Credentials,
  fetch: Fetch,
  input: FetchInput,
  init: RequestInit = {},
): Promise<Response> {
  const request = typeof input === "object" && "url" in input ? input : undefined;
  // Resolved as fetch resolves it, so that the check and fetch mean the same host.
  const { href } = new URL(request?.url ?? String(input));
  call((core) => core.checkBearerUrl(href));
  const { signal = request?.signal } = init;
  const token = await credentials.getToken({ signal });
  const again = isResendable(init.body) && (init.body != null || request?.body == null);
  const response = await fetch(input, { ...init, headers: headers(token.authorization) });
  if (!call((core) => core.isRefusal(response.status))) return response;
  credentials.invalidate(token);
  if (!again) return response;
  const renewed = await credentials.getToken({ signal }).catch((error: unknown) => {
    void discard(response);
    throw error;
  });
  // The service may issue the same token twice: it would not like it any better.
  if (renewed.value === token.value) return response;
  void discard(response);
  return fetch(input, { ...init, headers: headers(renewed.authorization) });

  function headers(authorization: string): Headers {
    const all = new Headers(init.headers ?? request?.headers);
    all.set(
      call((core) => core.authorizationHeader()),
      authorization,
    );
    return all;
  }
}

/** Nobody will read it: its connection must not wait for that. */
async function discard({ body }: Response): Promise<void> {
  try {
    await body?.cancel();
  } catch {
    // Broken off already, or in the hands of whoever made this response.
  }
}

/** @internal Whether this body can be read twice: streams and iterators cannot. */
export function isResendable(body: unknown): boolean {
  if (body == null || typeof body === "string" || ArrayBuffer.isView(body) || body instanceof ArrayBuffer) return true;
  return body instanceof URLSearchParams || body instanceof FormData || body instanceof Blob;
}
