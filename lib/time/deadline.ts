/** Deadlines as abort signals, and the question whether an error is our own abort. */

/**
 * A signal that is aborted by `parent`, or with a `TimeoutError` after `ms` milliseconds of real time.
 * Dispose of it when the work is done, so that no timer outlives it.
 */
export interface Deadline extends Disposable {
  /** Aborted by the parent or by the passing of time. */
  readonly signal: AbortSignal;
}

/** Starts a {@linkcode Deadline}; use it with `using`. */
export function deadline(ms: number, parent?: AbortSignal): Deadline {
  const controller = new AbortController();
  const onAbort = (): void => controller.abort(parent?.reason);
  const timer = setTimeout(
    () => controller.abort(new DOMException(`Deadline of ${ms} ms exceeded`, "TimeoutError")),
    ms,
  );
  if (parent?.aborted) onAbort();
  else parent?.addEventListener("abort", onAbort, { once: true });
  return {
    signal: controller.signal,
    [Symbol.dispose]() {
      clearTimeout(timer);
      parent?.removeEventListener("abort", onAbort);
    },
  };
}

/** Whether `error` is the rejection that aborting `signal` causes, and so a stop rather than a failure. */
export function isAbort(error: unknown, signal: AbortSignal | undefined): boolean {
  if (!signal?.aborted) return false;
  return error === signal.reason || (error instanceof DOMException && error.name === "AbortError");
}
