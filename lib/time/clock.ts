/** Where time comes from: the real clock here, a driven one in tests. */

/** The longest delay that `setTimeout` keeps, in ms; a longer one fires at once (HTML, "timers"). */
const MAX_TIMEOUT_MS = 2 ** 31 - 1;

/** A source of time. Everything that waits or stamps takes one, so that tests run in virtual time. */
export interface Clock {
  /** Wall-clock time in ms since 1970; may jump. For times that people read. */
  now(): number;
  /** Time in ms that never goes back, from an arbitrary start. For durations and deadlines. */
  monotonic(): number;
  /**
   * Resolves after `ms` milliseconds, at once (but never synchronously) when `ms` is zero or less.
   *
   * @throws the signal's reason when it is aborted before or during the wait
   */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** The clock of the machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  async sleep(ms, signal) {
    let left = ms;
    for (; left > MAX_TIMEOUT_MS; left -= MAX_TIMEOUT_MS) await sleepOnce(MAX_TIMEOUT_MS, signal);
    await sleepOnce(left, signal);
  },
};

function sleepOnce(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const onAbort = (): void => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", onAbort);
      resolve();
    }, Math.max(0, ms)); // A negative time makes Node's timers print a warning.
    signal?.addEventListener("abort", onAbort, { once: true });
  });
}
