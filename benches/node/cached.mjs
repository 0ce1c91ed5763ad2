// Microseconds per call for a token that is there: the call itself, and the call awaited, which includes V8's microtasks.
import { Credentials } from "yc-iam";

const BATCHES = Number(process.env.BENCH_BATCHES ?? 31);
const PER_BATCH = 50_000;

const creds = Credentials.fixed("t1.token");
await creds.getToken();
const resolved = Promise.resolve("t1.token");

const contenders = {
  "getToken()": () => {
    for (let i = 0; i < PER_BATCH; i++) creds.getToken();
  },
  "await getToken()": async () => {
    for (let i = 0; i < PER_BATCH; i++) await creds.getToken();
  },
  "await, no more": async () => {
    for (let i = 0; i < PER_BATCH; i++) await resolved;
  },
  "await, and a look at the clock, no more": async () => {
    for (let i = 0; i < PER_BATCH; i++) if (Date.now() > 0) await resolved;
  },
};

const times = {};
for (let batch = -5; batch < BATCHES; batch++) {
  for (const [name, run] of Object.entries(contenders)) {
    const begin = performance.now();
    await run();
    if (batch >= 0) (times[name] ??= []).push(((performance.now() - begin) * 1000) / PER_BATCH);
  }
}
const median = (values) => values.sort((a, b) => a - b)[values.length >> 1];
console.log(JSON.stringify(Object.fromEntries(Object.entries(times).map(([name, values]) => [name, median(values)]))));
