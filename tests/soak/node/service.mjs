// A service without a network: tokens of twelve hours, and what goes wrong on the way to them.

const LIFETIME = 43_200_000;
const pick = (list) => list[Math.floor(Math.random() * list.length)];

const BROKEN = [
  () => new Response("no", { status: 503 }),
  () => new Response("no", { status: 500 }),
  () => new Response("slower", { status: 429, headers: { "retry-after": "7" } }),
  () => new Response("<html>", { headers: { "content-type": "text/html" } }),
  () => new Response('{"iamTo'),
  () => {
    throw Object.assign(new TypeError("fetch failed"), { cause: Object.assign(new Error("refused"), { code: "ECONNREFUSED" }) });
  },
];

export class Service {
  issued = 0;
  #ends = new Map();
  #time;

  constructor(time) {
    this.#time = time;
    this.fetch = (url, init) => this.#answer(String(url), init);
  }

  /** Whether a token is good, by the one who issued it. */
  accepts(token) {
    return this.#ends.get(token.value) > Date.now();
  }

  revokeAll() {
    this.#ends.clear();
  }

  async #answer(url, { signal }) {
    await new Promise((resolve, reject) => {
      const timer = setTimeout(resolve, Math.random() * 2_000);
      // As a real one, it lets go of what it held.
      signal.addEventListener("abort", () => (clearTimeout(timer), reject(signal.reason)), { once: true });
    });
    const dice = Math.random();
    if (dice < 0.15) return pick(BROKEN)();
    if (url.includes("/operations/")) return Response.json({ id: "ajeo1", done: true, response: {} });
    return Response.json(this.#issue());
  }

  /** What each of the exchanges looks for. */
  #issue() {
    const now = Date.now();
    for (const [token, end] of this.#ends) if (end <= now) this.#ends.delete(token);
    const token = `t1.soak-${++this.issued}`;
    this.#ends.set(token, now + LIFETIME);
    return {
      iamToken: token,
      expiresAt: new Date(now + LIFETIME).toISOString(),
      access_token: token,
      expires_in: LIFETIME / 1000,
      token_type: "Bearer",
    };
  }
}
