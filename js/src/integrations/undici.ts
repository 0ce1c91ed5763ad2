// `yc-iam/integrations/undici`: an interceptor for undici's dispatchers (7).

import type { Dispatcher } from "undici";
import { checkBearerUrl, headerName, isRefusal, isResendable, renewed, type TokenSource } from "../bearer.js";
import type { Token } from "../node.js";

export type { TokenSource };

/** Where the token may go. */
export interface YcIamOptions {
  /**
   * The origins of the services that it is meant for, such as `https://compute.api.cloud.yandex.net`: scheme, host and
   * port. For a `Client` or a `Pool`, which do not say where they lead to, the one that they were made for.
   */
  origins: readonly (string | URL)[];
}

/**
 * Adds the token to each request to one of these origins: `dispatcher.compose(ycIam(creds, { origins: [url] }))`. Others
 * are sent as they are, also where a redirect of `fetch` or of another interceptor leads to them: an interceptor cannot
 * see whether it was a redirect. If the service answers 401, the token is renewed and the request sent once more, unless
 * its body is a stream or an iterator, which cannot be read twice.
 *
 * A request fails as `getToken` does.
 *
 * @throws {YcIamError} `insecure_endpoint` unless the origins are https or loopback addresses; a `TypeError` if there is
 *   none.
 */
export function ycIam(tokens: TokenSource, options: YcIamOptions): Dispatcher.DispatcherComposeInterceptor {
  const origins = originsOf(options);
  return (dispatch) => (given, handler) => {
    // What is sent after the wait for a token is what was looked at.
    const options = { ...given };
    if (options.origin !== undefined && !origins.has(new URL(options.origin).origin)) return dispatch(given, handler);
    if (options.origin === undefined && origins.size > 1) {
      throw new TypeError("`origins` has several, and a `Client` or `Pool` does not say which is its own: pass that one alone");
    }
    authorize(tokens, dispatch, options, handler).catch((error: unknown) =>
      handler.onResponseError?.(NOT_STARTED, error as Error),
    );
    return true;
  };
}

function originsOf(options: Partial<YcIamOptions> | undefined): Set<string> {
  const origins: unknown = options?.origins;
  if (!Array.isArray(origins) || origins.length === 0) {
    throw new TypeError(
      "`origins` is not an array of at least one: say where the token may go, such as `{ origins: [\"https://compute.api.cloud.yandex.net\"] }`",
    );
  }
  return new Set(origins.map(originOf));
}

function originOf(given: string | URL): string {
  let url: URL;
  try {
    url = new URL(given);
  } catch {
    throw new TypeError("`origins` has something that is no URL: write it with its scheme, such as `https://compute.api.cloud.yandex.net`");
  }
  checkBearerUrl(url);
  return url.origin;
}

/** undici itself has none where a request fails before it has begun. */
const NOT_STARTED = null as unknown as Dispatcher.DispatchController;

async function authorize(
  tokens: TokenSource,
  dispatch: Dispatcher.Dispatch,
  options: Dispatcher.DispatchOptions,
  handler: Dispatcher.DispatchHandler,
): Promise<void> {
  const signal = signalOf(options);
  const token = await tokens.getToken({ signal });
  const send = (token: Token, handler: Dispatcher.DispatchHandler): unknown =>
    dispatch({ ...options, headers: headers(options.headers, token) }, handler);
  send(token, new Renewing(tokens, token, signal, isResendable(options.body) ? send : undefined, handler));
}

type Send = (token: Token, handler: Dispatcher.DispatchHandler) => unknown;

/** Stands before the caller's handler until it is clear whether the answer is meant for it. */
class Renewing implements Dispatcher.DispatchHandler {
  readonly #tokens: TokenSource;
  readonly #token: Token;
  readonly #signal: AbortSignal | undefined;
  readonly #again: Send | undefined;
  readonly #handler: Dispatcher.DispatchHandler;
  /** What came in while another token is on its way. */
  #held: (() => void)[] | undefined;
  #over = false;

  constructor(
    tokens: TokenSource,
    token: Token,
    signal: AbortSignal | undefined,
    again: Send | undefined,
    handler: Dispatcher.DispatchHandler,
  ) {
    this.#tokens = tokens;
    this.#token = token;
    this.#signal = signal;
    this.#again = again;
    this.#handler = handler;
  }

  onRequestStart(...event: Parameters<Required<Dispatcher.DispatchHandler>["onRequestStart"]>): void {
    this.#handler.onRequestStart?.(...event);
  }

  onRequestUpgrade(...event: Parameters<Required<Dispatcher.DispatchHandler>["onRequestUpgrade"]>): void {
    this.#handler.onRequestUpgrade?.(...event);
  }

  onResponseStart(...event: Parameters<Required<Dispatcher.DispatchHandler>["onResponseStart"]>): void {
    const [controller, status] = event;
    if (isRefusal(status)) {
      this.#tokens.invalidate(this.#token);
      if (this.#again !== undefined) {
        this.#held = [];
        controller.pause();
        void this.#renew(controller, this.#again);
      }
    }
    this.#pass(() => this.#handler.onResponseStart?.(...event));
  }

  onResponseData(...event: Parameters<Required<Dispatcher.DispatchHandler>["onResponseData"]>): void {
    this.#pass(() => this.#handler.onResponseData?.(...event));
  }

  onResponseEnd(...event: Parameters<Required<Dispatcher.DispatchHandler>["onResponseEnd"]>): void {
    this.#pass(() => this.#handler.onResponseEnd?.(...event));
  }

  onResponseError(controller: Dispatcher.DispatchController, error: Error): void {
    if (this.#over) return;
    this.#over = true;
    this.#handler.onResponseError?.(controller, error);
  }

  #pass(event: () => void): void {
    if (this.#over) return;
    if (this.#held === undefined) event();
    else this.#held.push(event);
  }

  async #renew(controller: Dispatcher.DispatchController, again: Send): Promise<void> {
    try {
      const token = await renewed(this.#tokens, this.#token, this.#signal);
      if (this.#over) return;
      if (token === undefined) return this.#release(controller);
      this.#over = true;
      controller.abort(new Error("the request is sent again with another token"));
      again(token, this.#handler);
    } catch (error) {
      this.onResponseError(controller, error as Error);
      controller.abort(error as Error);
    }
  }

  #release(controller: Dispatcher.DispatchController): void {
    const events = this.#held ?? [];
    this.#held = undefined;
    for (const event of events) event();
    controller.resume();
  }
}

function signalOf(options: object): AbortSignal | undefined {
  return "signal" in options && options.signal instanceof AbortSignal ? options.signal : undefined;
}

/** The request's headers with the token, names and values in turn. */
function headers(given: Dispatcher.DispatchOptions["headers"], token: Token): string[] {
  const name = headerName();
  const others = pairs(given).filter(([other]) => other.toLowerCase() !== name);
  // undici takes several values of one name as well, which its type does not say.
  return [...others, [name, token.authorization]].flat(1) as string[];
}

function pairs(given: Dispatcher.DispatchOptions["headers"]): [string, unknown][] {
  if (given == null) return [];
  if (!(Symbol.iterator in given)) return Object.entries(given).filter(([, value]) => value !== undefined);
  const items = [...(given as Iterable<unknown>)];
  if (items.every(Array.isArray)) return items as [string, unknown][];
  return items.flatMap((item, at) => (at % 2 === 0 ? [[String(item), items[at + 1]] as [string, unknown]] : []));
}
