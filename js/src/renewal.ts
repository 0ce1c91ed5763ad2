// A session at work: the token that it has, and the flight that brings the next one.

import { call, type CoreSession, type Step, type UseStep } from "./core.js";
import { perform, type Tools } from "./effects.js";
import { coreEndpoints, type Endpoints } from "./endpoints.js";
import { YcIamError } from "./errors.js";
import { Flight } from "./flight.js";
import type { Origin } from "./origin.js";
import { Token } from "./token.js";
import { now, untilAborted } from "./wait.js";

/** A token, and the local times between which the core need not be asked. */
interface Fresh {
  readonly token: Promise<Token>;
  readonly since: number;
  readonly until: number;
}

/** Gets tokens and keeps the current one. However many callers ask at once, there is one flight. */
export class Renewal {
  readonly #begin: () => CoreSession;
  #begun: CoreSession | undefined;
  readonly #tools: Tools;
  #fresh: Fresh | undefined;
  #token: Token | undefined;
  #flight: Flight | undefined;

  constructor(origin: Origin, endpoints: Endpoints, tools: Tools) {
    this.#tools = tools;
    const places = coreEndpoints(endpoints);
    const source = origin.source();
    this.#begin = () => {
      // Spreads the renewals of a fleet; not a secret.
      const [seed = 0n] = globalThis.crypto.getRandomValues(new BigUint64Array(1));
      return call((core) => new core.Session(source, places, seed));
    };
  }

  /** Begins at the first use: a Cloudflare Worker gives no random numbers before it has a request. */
  get #session(): CoreSession {
    return (this.#begun ??= this.#begin());
  }

  getToken(signal: AbortSignal | undefined): Promise<Token> {
    const fresh = this.#fresh;
    if (fresh !== undefined && !signal?.aborted) {
      const time = now();
      if (time < fresh.until && time >= fresh.since) return fresh.token;
    }
    return this.#obtain(signal);
  }

  invalidate(value: string): boolean {
    const dropped = call(() => this.#session.invalidate(value));
    if (dropped) this.#fresh = undefined;
    return dropped;
  }

  async #obtain(signal: AbortSignal | undefined): Promise<Token> {
    for (;;) {
      signal?.throwIfAborted();
      const step = this.#poll();
      if (step.kind === "use") return this.#remembered(step);
      if (step.kind === "fail") throw new YcIamError(step.error);
      // An effect belongs to a flight of its own. One that was thought lost finds out and follows the new one.
      const flight = step.kind === "perform" || this.#flight === undefined ? this.#depart(step) : this.#flight.join();
      try {
        const token = await untilAborted(flight.follow(), signal);
        if (token !== undefined) return token;
      } finally {
        flight.leave();
      }
      this.#giveUp(flight);
    }
  }

  #poll(): Step {
    const time = now();
    const step = call(() => this.#session.poll(time)) as Step;
    if (step.kind === "use") {
      const token = Promise.resolve(this.#remembered(step));
      // A clock that is set back behind the time when this was learnt makes it unknown again. The core hears of the time once a minute
      // at least, or it would not know how much has passed.
      this.#fresh = { token, since: time - 1, until: Math.min(step.freshUntil, time + 60) };
    }
    return step;
  }

  #remembered(step: UseStep): Token {
    if (this.#token?.value !== step.value) this.#token = Token.of(step);
    return this.#token as Token;
  }

  #depart(step: Step): Flight {
    const flight = new Flight((flight) => this.#fly(step, flight));
    this.#flight = flight;
    return flight;
  }

  async #fly(first: Step, flight: Flight): Promise<Token> {
    try {
      for (let step = first; ; step = this.#poll()) {
        if (step.kind === "use") return this.#remembered(step);
        if (step.kind === "fail") throw new YcIamError(step.error);
        if (step.kind === "perform") {
          flight.effect = step.id;
          await perform(this.#session, step, this.#tools);
        } else {
          await flight.rest(step.until);
          // What is under way may land, and whoever comes next goes on from here.
          if (flight.isDeserted) throw new Error("nobody waits for a token");
        }
        if (flight !== this.#flight) return await this.#obtain(undefined);
      }
    } finally {
      if (flight === this.#flight) this.#flight = undefined;
    }
  }

  /** Gives up a lost flight, unless somebody else already did: the core then asks anew for what it was about. */
  #giveUp(flight: Flight): void {
    if (flight !== this.#flight) return;
    this.#flight = undefined;
    const { effect } = flight;
    if (effect !== undefined) call(() => this.#session.completeFailure(effect, now(), "cancelled", ""));
  }
}
