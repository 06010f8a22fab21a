/** Abort controllers that others abort as well. */

import { onAbort } from "./abortable.ts";

/** An abort controller with parents. Dispose of it when its work is done, so that the parents forget it. */
export interface LinkedAbort extends Disposable {
  /** Aborted by {@linkcode LinkedAbort.abort} or with the reason of the first parent that is aborted. */
  readonly signal: AbortSignal;
  /** Aborts the signal, not the parents; later calls change nothing. */
  abort(reason?: unknown): void;
}

/**
 * Creates a {@linkcode LinkedAbort}; use it with `using`. It takes the place of `AbortSignal.any`, whose signal
 * Deno 2.4 garbage-collects while only its listeners wait for it, so that it is never aborted.
 */
export function linkedAbort(...parents: readonly (AbortSignal | undefined)[]): LinkedAbort {
  const controller = new AbortController();
  const links = parents.filter((parent) => parent !== undefined)
    .map((parent) => onAbort(parent, () => controller.abort(parent.reason)));
  return {
    signal: controller.signal,
    abort: (reason) => controller.abort(reason),
    [Symbol.dispose]() {
      for (const link of links) link[Symbol.dispose]();
    },
  };
}
