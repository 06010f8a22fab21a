/** Deadlines as abort signals, and the question whether an error is our own abort. */

import { type Clock, systemClock } from "./clock.ts";
import { linkedAbort } from "./linked_abort.ts";

/** A signal that time or a parent aborts. Dispose of it when the work is done, so that no timer outlives it. */
export interface Deadline extends Disposable {
  /** Aborted with the parent's reason, or with a `TimeoutError` when the time is over. */
  readonly signal: AbortSignal;
}

/** Why a deadline that was met is over. Nobody hears of it, so it is no error, which would note where it was made. */
const DISPOSED = "The work was done in time";

/** Starts a {@linkcode Deadline} of `ms` milliseconds, also aborted by `parent`; use it with `using`. */
export function deadline(ms: number, parent?: AbortSignal, clock: Clock = systemClock): Deadline {
  const linked = linkedAbort(parent);
  const timer = new AbortController();
  clock.sleep(ms, timer.signal).then(
    () =>
      linked.abort(new DOMException(`Deadline of ${Math.round(ms)} ms exceeded`, "TimeoutError")),
    () => {}, // Disposed of.
  );
  return {
    signal: linked.signal,
    [Symbol.dispose]() {
      timer.abort(DISPOSED);
      linked[Symbol.dispose]();
    },
  };
}

/** Whether `error` is the rejection that aborting `signal` causes, and so a stop rather than a failure. */
export function isAbort(error: unknown, signal: AbortSignal | undefined): boolean {
  if (!signal?.aborted) return false;
  return error === signal.reason || (error instanceof DOMException && error.name === "AbortError");
}
