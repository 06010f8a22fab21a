/** Waiting that an abort ends, without an error or with one. */

import type { Clock } from "../../time/mod.ts";

/** Waits, and comes back early when the signal is aborted; says whether it was. */
export async function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<boolean> {
  try {
    await clock.sleep(ms, signal);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  return signal.aborted;
}

/** Calls `listener` when the signal is aborted, or at once if it is already; dispose of the result to forget it. */
export function onAbort(signal: AbortSignal, listener: () => void): Disposable {
  if (signal.aborted) listener();
  else signal.addEventListener("abort", listener, { once: true });
  return { [Symbol.dispose]: () => signal.removeEventListener("abort", listener) };
}

/**
 * Settles as `work` does, or rejects with the signal's reason when it is aborted first. What `work` comes to after that
 * is left to the caller.
 */
export async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = Promise.withResolvers<never>();
  aborted.promise.catch(() => {}); // Nobody may be waiting for it any more.
  using _ = onAbort(signal, () => aborted.reject(signal.reason));
  return await Promise.race([work, aborted.promise]);
}
