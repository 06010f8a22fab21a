/** How long a container that ended waits before it is started again, by the rules of the kubelet. */

/** Wait before the second restart, in ms (kubelet `containerBackOffPeriod`); the first restart does not wait. */
const INITIAL_MS = 10_000;
/** Longest wait, in ms (kubelet `MaxContainerBackOff`). */
const MAX_MS = 300_000;
/** A container that ended this long after its last restart starts again from the beginning, in ms (twice the longest wait). */
const RESET_MS = 2 * MAX_MS;

/** What is remembered from one restart to the next. */
export interface RestartBackoff {
  /** How long the next restart waits after the container ended, in ms. */
  readonly delayMs: number;
  /** When the container was last restarted, in ms. */
  readonly restartedAtMs: number;
}

/**
 * How long to wait, in ms, when a container ended at `endedAtMs`.
 *
 * @example Usage
 * ```ts
 * import { restartDelay } from "./restart_backoff.ts";
 *
 * restartDelay(undefined, 0); // 0
 * ```
 */
export function restartDelay(backoff: RestartBackoff | undefined, endedAtMs: number): number {
  return stillValid(backoff, endedAtMs)?.delayMs ?? 0;
}

/** What to remember when the container that ended at `endedAtMs` is restarted at `restartedAtMs`. */
export function afterRestart(
  backoff: RestartBackoff | undefined,
  endedAtMs: number,
  restartedAtMs: number,
): RestartBackoff {
  const valid = stillValid(backoff, endedAtMs);
  return { delayMs: valid ? Math.min(MAX_MS, 2 * valid.delayMs) : INITIAL_MS, restartedAtMs };
}

function stillValid(
  backoff: RestartBackoff | undefined,
  endedAtMs: number,
): RestartBackoff | undefined {
  return backoff && endedAtMs - backoff.restartedAtMs <= RESET_MS ? backoff : undefined;
}
