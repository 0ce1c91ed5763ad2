// Node under real load: promises ask for short-lived tokens and a secret over TLS, some of them with a signal that is aborted.
// Arguments: what `service.py` printed, and for how many seconds. Prints samples, and in the end what came of the callers.
import { setTimeout as pause } from "node:timers/promises";
import { sample, say } from "./samples.mjs";

const { Credentials, Endpoints, YcIamError } = await import("yc-iam");

const CALLERS = 40;
const BETWEEN_SAMPLES = 5_000;
// A call's own deadline, in seconds; what a busy machine may add.
const CALL = 8;
const GRACE = 10;
// tests/simulation/invariants.rs says why: a wait that was under way, six tries of fifteen seconds, five waits between.
const TOKEN = 30 + 6 * 15 + 5 * 30;

const service = JSON.parse(process.argv[2]);
const endpoints = Endpoints.custom({ iam: service.url, lockbox: service.url, metadata: service.url });
const secs = () => performance.now() / 1000;
const random = (list) => list[Math.floor(Math.random() * list.length)];

const SOURCES = [
  () => Credentials.serviceAccount(JSON.parse(service.key), { endpoints }),
  () => Credentials.serviceAccount(JSON.parse(service.key), { endpoints, signer: "core" }),
  () => Credentials.oauth(service.oauth, { endpoints }),
  () => Credentials.metadata({ endpoints }),
];

class Load {
  counts = {};
  #until;
  #shared = SOURCES.map((made) => made());
  #reader = SOURCES[0]();

  constructor(seconds) {
    this.#until = secs() + seconds;
  }

  get #over() {
    return secs() >= this.#until;
  }

  #count(what) {
    this.counts[what] = (this.counts[what] ?? 0) + 1;
  }

  async #ask(signal) {
    const dice = Math.random();
    if (dice < 0.2) return random(SOURCES)().getToken({ signal });
    if (dice < 0.3) return this.#reader.lockbox.get(service.secret, { timeout: CALL, signal });
    const credentials = random(this.#shared);
    const token = await credentials.getToken({ signal });
    if (dice > 0.97) credentials.invalidate(token);
  }

  async #caller() {
    while (!this.#over) {
      const began = secs();
      const gone = new AbortController();
      const timer = Math.random() < 0.2 ? setTimeout(() => gone.abort(), Math.random() * 200) : undefined;
      const what = await this.#ask(gone.signal).then(
        () => "answered",
        (error) => (error instanceof YcIamError ? error.code : error.name),
      );
      clearTimeout(timer);
      this.#count(what);
      if (secs() - began > TOKEN + GRACE) this.#count("hung");
      await pause(Math.random() * 1_000);
    }
  }

  /** Those that are still not back when every deadline is over are hung. */
  async run() {
    const left = new Set();
    for (let i = 0; i < CALLERS; i++) {
      const caller = this.#caller().finally(() => left.delete(caller));
      left.add(caller);
    }
    const begun = secs();
    const sampling = setInterval(async () => {
      const { answered = 0, hung = 0 } = this.counts;
      say({ sample: { second: Math.round(secs() - begun), ...(await sample()), answered, hung } });
    }, BETWEEN_SAMPLES);
    const patience = new AbortController();
    const { signal } = patience;
    await Promise.race([Promise.all(left), pause((this.#until - secs() + TOKEN + GRACE) * 1000, undefined, { signal }).catch(() => undefined)]);
    patience.abort();
    clearInterval(sampling);
    if (left.size > 0) this.counts.hung = (this.counts.hung ?? 0) + left.size;
  }
}

/** Node keeps connections for a few seconds after their last use; nothing of ours is among what it then still holds. */
async function atRest() {
  await pause(6_000);
  return sample();
}

// Everything that is loaded once is loaded.
await new Load(3).run();
const before = await atRest();
const load = new Load(Number(process.argv[3]));
await load.run();
say({ before, after: await atRest(), counts: load.counts, resources: process.getActiveResourcesInfo() });
