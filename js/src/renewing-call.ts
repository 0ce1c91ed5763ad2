// A gRPC call that can be made once more, as grpc-js sees it.

import type { InterceptingCall, InterceptingListener, InterceptorOptions, Metadata, NextCall, StatusObject } from "@grpc/grpc-js";
import { isGrpcRefusal, renewed, type TokenSource } from "./bearer.js";
import type { Token } from "./node.js";

type Call = ReturnType<NextCall>;
type Context = Parameters<Call["sendMessageWithContext"]>[0];

/** @internal */
export class RenewingCall implements Call {
  readonly #tokens: TokenSource;
  readonly #options: InterceptorOptions;
  readonly #next: () => Call;
  readonly #ended = new AbortController();
  #call: Call;
  #token: Promise<Token | undefined> = Promise.resolve(undefined);
  #message: unknown;
  #reads = 0;

  constructor(tokens: TokenSource, options: InterceptorOptions, next: () => Call) {
    this.#tokens = tokens;
    this.#options = options;
    this.#next = next;
    this.#call = next();
  }

  start(metadata: Metadata, listener: Partial<InterceptingListener> = {}): void {
    // The one that the call's credentials are about to use.
    this.#token = this.#tokens.getToken({ signal: this.#signal() }).catch(() => undefined);
    const kept = metadata.clone();
    let begun = false;
    this.#call.start(metadata, {
      onReceiveMetadata: (received) => {
        begun = true;
        listener.onReceiveMetadata?.(received);
      },
      onReceiveMessage: (message) => {
        // grpc-js says by nothing that there is no message.
        begun ||= message != null;
        listener.onReceiveMessage?.(message);
      },
      onReceiveStatus: (status) => {
        if (!isGrpcRefusal(status.code)) listener.onReceiveStatus?.(status);
        else void this.#refused(status, kept, listener, begun);
      },
    });
  }

  async #refused(
    status: StatusObject,
    metadata: Metadata,
    listener: Partial<InterceptingListener>,
    begun: boolean,
  ): Promise<void> {
    if (!(await this.#isRenewed(begun)) || this.#ended.signal.aborted) {
      listener.onReceiveStatus?.(status);
      return;
    }
    this.#call = this.#next();
    this.#call.start(metadata, listener);
    for (; this.#reads > 0; this.#reads--) this.#call.startRead();
    this.#call.sendMessage(this.#message);
    this.#call.halfClose();
  }

  async #isRenewed(begun: boolean): Promise<boolean> {
    const token = await this.#token;
    if (token === undefined) return false;
    this.#tokens.invalidate(token);
    if (begun || this.#options.method_definition.requestStream) return false;
    // Without a token the service's own answer says what is wrong.
    return (await renewed(this.#tokens, token, this.#signal()).catch(() => undefined)) !== undefined;
  }

  /** Until the call is cancelled, or its time is up. */
  #signal(): AbortSignal {
    const { deadline = Infinity } = this.#options;
    const left = Number(deadline) - Date.now();
    // Timers take no longer times; such a call has no deadline to speak of.
    if (!(left < 2 ** 31)) return this.#ended.signal;
    return AbortSignal.any([this.#ended.signal, AbortSignal.timeout(Math.max(0, Math.ceil(left)))]);
  }

  cancelWithStatus(...given: Parameters<Call["cancelWithStatus"]>): void {
    this.#ended.abort();
    this.#call.cancelWithStatus(...given);
  }

  sendMessageWithContext(context: Context, message: unknown): void {
    this.#message = message;
    this.#call.sendMessageWithContext(context, message);
  }

  sendMessage(message: unknown): void {
    this.#message = message;
    this.#call.sendMessage(message);
  }

  startRead(): void {
    this.#reads = 1;
    this.#call.startRead();
  }

  halfClose(): void {
    this.#call.halfClose();
  }

  getPeer(): string {
    return this.#call.getPeer();
  }

  getAuthContext(): ReturnType<InterceptingCall["getAuthContext"]> {
    return this.#call.getAuthContext();
  }
}
