// One way to the next token, for everybody who asks meanwhile; also where the request that set out may not live to its end.

import { host } from "./host.js";
import type { Token } from "./token.js";
import { sleepUntil } from "./wait.js";

/** How often a flight shows that it is alive, and when those who follow it look. */
const BEAT_MILLIS = 150;
const LOOK_MILLIS = 400;

export class Flight {
  /** The effect that is being performed, or was last. */
  effect: number | undefined;
  readonly #token: Promise<Token>;
  #landed = false;
  /** Whoever begins it follows it. */
  #followers = 1;
  #wake = (): void => undefined;
  #beats = 0;

  /** Begins in the request that makes it, and belongs to nobody, so that nobody can cancel it for the others. */
  constructor(fly: (flight: Flight) => Promise<Token>) {
    const beating = host().endsWithRequest ? setInterval(() => this.#beats++, BEAT_MILLIS) : undefined;
    this.#token = fly(this).finally(() => {
      clearInterval(beating);
      this.#landed = true;
    });
    // Whoever still waits sees the rejection; there may be nobody.
    this.#token.catch(() => undefined);
  }

  /** Whether nobody waits for it any more. */
  get isDeserted(): boolean {
    return this.#followers === 0;
  }

  /** One more follows it. */
  join(): this {
    this.#followers += 1;
    return this;
  }

  /** One less. What rests meanwhile keeps no process alive for nobody. */
  leave(): void {
    this.#followers -= 1;
    // A timer of another request's is not to be touched, and ends with it.
    if (this.isDeserted && !host().endsWithRequest) this.#wake();
  }

  /** Waits for the time of the next try, unless nobody would have its outcome. */
  async rest(until: number): Promise<void> {
    if (this.isDeserted) return;
    const enough = new AbortController();
    this.#wake = () => enough.abort();
    await sleepUntil(until, enough.signal).catch(() => undefined);
  }

  /** The outcome, or `undefined` when the flight is lost, for its request has ended. */
  async follow(): Promise<Token | undefined> {
    let timer: ReturnType<typeof setInterval> | undefined;
    const outcomes: Promise<Token | undefined>[] = [this.#token];
    if (host().endsWithRequest) outcomes.push(new Promise((resolve) => (timer = this.#listen(resolve))));
    try {
      return await Promise.race(outcomes);
    } catch (error) {
      // workerd rejects what a request that has ended promised, unless the worker's compatibility date is before 2024-10-14.
      if (this.#landed) throw error;
      return undefined;
    } finally {
      clearInterval(timer);
    }
  }

  /** Calls when nothing has been heard of the flight between two looks. The timer is the following request's own. */
  #listen(lost: (nothing: undefined) => void): ReturnType<typeof setInterval> {
    let heard = this.#beats;
    return setInterval(() => {
      if (this.#beats === heard) lost(undefined);
      heard = this.#beats;
    }, LOOK_MILLIS);
  }
}
