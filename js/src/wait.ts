// Waiting: for a time, and for a promise that somebody may lose patience with.

/** The core may be asked too often, never too late: nobody sleeps for longer than this, whatever becomes of the clock. */
const MAX_SLEEP_MILLIS = 30_000;

/** The local time in seconds since the epoch. */
export function now(): number {
  return Date.now() / 1000;
}

/** Waits until this time. Rejects with the signal's reason if that comes first. */
export function sleepUntil(time: number, signal?: AbortSignal): Promise<void> {
  const millis = Math.min(Math.ceil((time - now()) * 1000), MAX_SLEEP_MILLIS);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const slept = new Promise<void>((resolve) => (timer = setTimeout(resolve, Math.max(millis, 0))));
  return signal === undefined ? slept : untilAborted(slept, signal).finally(() => clearTimeout(timer));
}

/** The promise's outcome, or this if it does not come in so many seconds. */
export async function within<T>(seconds: number, promise: Promise<T>, late: T): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const over = new Promise<T>((resolve) => (timer = setTimeout(() => resolve(late), seconds * 1000)));
  try {
    return await Promise.race([promise, over]);
  } finally {
    clearTimeout(timer);
  }
}

/** The promise's outcome, or a rejection with the signal's reason if that comes first. */
export function untilAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  return new Promise((resolve, reject) => {
    const stop = onAbort(signal, () => reject(signal.reason));
    // Also where it is too late: a rejection that nobody looks at would end the process.
    promise.then(resolve, reject).finally(stop);
    if (signal.aborted) reject(signal.reason);
  });
}

interface Listening {
  readonly acts: Set<() => void>;
  readonly listener: () => void;
}

const listening = new WeakMap<AbortSignal, Listening>();

/**
 * @internal Acts when the signal is aborted, until what this gives is called. One listener serves all who wait for a
 * signal: Node warns of the eleventh.
 */
export function onAbort(signal: AbortSignal, act: () => void): () => void {
  const { acts, listener } = listening.get(signal) ?? listenTo(signal);
  acts.add(act);
  return () => {
    if (!acts.delete(act) || acts.size > 0) return;
    signal.removeEventListener("abort", listener);
    listening.delete(signal);
  };
}

function listenTo(signal: AbortSignal): Listening {
  const acts = new Set<() => void>();
  const listener = (): void => acts.forEach((act) => act());
  signal.addEventListener("abort", listener);
  const made = { acts, listener };
  listening.set(signal, made);
  return made;
}
