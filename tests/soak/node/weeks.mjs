// Node for weeks of virtual time: renewals, faults, freezes, aborted signals, and credentials that come and go.
// Argument: for how many seconds of real time, or `steps` and how many. Prints samples, and in the end how much was done.
import { readFileSync } from "node:fs";
import path from "node:path";
import { sample, say } from "./samples.mjs";
import { Service } from "./service.mjs";
import { Time } from "./time.mjs";

const { Credentials, YcIamError } = await import("yc-iam");

const vectors = (name) => JSON.parse(readFileSync(path.join(process.env.YC_IAM_ROOT, "tests/vectors", `${name}.json`), "utf8")).cases;
const content = (cases, name) => bytes(cases.find((one) => one.name === name).content);
const bytes = ({ text, base64 }) => text ?? Buffer.from(base64, "base64").toString();
const KEY = content(vectors("keys"), "plain");
const SUBJECT_TOKEN = content(vectors("subject_tokens"), "no_times");
const PAUSES = [1, 60, 600, 1_800, 3_600, 3_600, 7_200, 13 * 3_600];
const random = (list) => list[Math.floor(Math.random() * list.length)];

class Weeks {
  time = new Time();
  service = new Service(this.time);
  counts = { tokens: 0, aborted: 0, errors: 0, calls: 0 };
  #lasting = this.#sources().map((made) => made());

  #sources() {
    const { fetch } = this.service;
    return [
      () => Credentials.serviceAccount(KEY, { fetch }),
      () => Credentials.oauth("y0_soakingExampleOfNoAccount", { fetch }),
      () => Credentials.metadata({ fetch }),
      () => Credentials.workloadIdentity("ajeb9l33h6mu12345678", { token: () => SUBJECT_TOKEN, fetch }),
      () => Credentials.impersonate("ajeb9l33h6mu12345678", Credentials.oauth("y0_soakingExampleOfNoAccount", { fetch })),
    ];
  }

  async #ask(credentials, signal) {
    try {
      const token = await credentials.getToken({ signal });
      if (!this.service.accepts(token)) throw new Error("a token was given out that has ended");
      this.counts.tokens++;
    } catch (error) {
      if (error instanceof YcIamError) this.counts.errors++;
      else if (error === signal.reason) this.counts.aborted++;
      else throw error;
    }
  }

  async #call(credentials, signal) {
    const outcome = await credentials.operations.get("ajeo1", { signal }).catch((error) => error);
    if (outcome instanceof Error && !(outcome instanceof YcIamError) && outcome !== signal.reason) throw outcome;
    this.counts.calls++;
  }

  /** Three callers of each; some of them give up in the middle of the exchange. */
  async #askAll(all) {
    const gone = all.flatMap((credentials) => [credentials, credentials, credentials]).map((credentials) => {
      const controller = new AbortController();
      return { controller, asked: this.#ask(credentials, controller.signal) };
    });
    const calling = new AbortController();
    const called = this.#call(random(all), calling.signal);
    await this.time.sleep(Math.random() * 1_000);
    for (const { controller } of gone) if (Math.random() < 0.2) controller.abort();
    if (Math.random() < 0.3) calling.abort();
    await Promise.all([called, ...gone.map(({ asked }) => asked)]);
  }

  /** A pause of a second to thirteen hours, or a revocation; then everybody asks, and one who comes and goes. */
  async step() {
    this.time.pass(random(PAUSES) * 1000);
    if (Math.random() < 0.02) {
      const tokens = await this.time.until(Promise.allSettled(this.#lasting.map((each) => each.getToken())));
      this.service.revokeAll();
      tokens.forEach(({ value }, index) => value && this.#lasting[index].invalidate(value));
    }
    await this.time.until(this.#askAll([...this.#lasting, random(this.#sources())()]));
  }
}

// The clock tells no real time any more.
const real = () => performance.now() / 1000;

/** A flight whose callers have all given up goes on; it is given the time to land. */
async function saySample({ time, service }) {
  await time.until(time.sleep(600_000));
  say({ sample: { week: time.days / 7, ...(await sample()), issued: service.issued, timers: time.pending } });
}

async function forSeconds(weeks, secs) {
  const until = real() + secs;
  for (let next = 0; real() < until; ) {
    for (let i = 0; i < 50; i++) await weeks.step();
    if (real() < next) continue;
    await saySample(weeks);
    next = real() + Math.min(10, secs / 50);
  }
}

/** A sample in the middle and one at the end. */
async function forSteps(weeks, steps) {
  for (let half = 0; half < 2; half++) {
    for (let i = 0; i < steps / 2; i++) await weeks.step();
    await saySample(weeks);
  }
}

const weeks = new Weeks();
const [first, second] = process.argv.slice(2);
await (first === "steps" ? forSteps(weeks, Number(second)) : forSeconds(weeks, Number(first)));
say({ counts: weeks.counts, weeks: Math.round(weeks.time.days / 7) });
