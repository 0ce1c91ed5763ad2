// Virtual time: the clock stands, and moves on where everybody waits.

const BEGIN = 1_767_225_600_000;
const turn = setImmediate;

export class Time {
  #now = BEGIN;
  #timers = new Map();
  #next = 1;

  /** Takes the places of the global clock and timers. */
  constructor() {
    Date.now = () => this.#now;
    globalThis.setTimeout = (work, millis = 0) => {
      this.#timers.set(this.#next, { at: this.#now + Math.max(0, Number(millis) || 0), work });
      return this.#next++;
    };
    globalThis.clearTimeout = (timer) => void this.#timers.delete(timer);
  }

  get days() {
    return (this.#now - BEGIN) / 86_400_000;
  }

  get pending() {
    return this.#timers.size;
  }

  /** Nobody notices while it passes, as in a process that is frozen. */
  pass(millis) {
    this.#now += millis;
  }

  sleep(millis) {
    return new Promise((resolve) => setTimeout(resolve, millis));
  }

  /** Lets the time pass until the promise is settled. Those who wait for nothing that time could bring hang. */
  async until(promise) {
    let settled = false;
    const done = () => (settled = true);
    promise.then(done, done);
    for (let idle = 0; !settled; ) {
      await new Promise((resolve) => turn(resolve));
      if (settled) break;
      // Signatures of the platform's are made in threads, which take real time.
      if (idle++ < 3) continue;
      const [first] = [...this.#timers].sort(([one, a], [other, b]) => a.at - b.at || one - other);
      if (first === undefined) {
        if (idle > 100_000) throw new Error("somebody waits for nothing");
        continue;
      }
      idle = 0;
      const [timer, { at, work }] = first;
      this.#timers.delete(timer);
      this.#now = Math.max(this.#now, at);
      work();
    }
    return promise;
  }
}
