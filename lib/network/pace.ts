/** When to look at a network again. Pure. */

/** Time between two polls while a network converges, in ms. */
const CONVERGING_MS = 2_000;
/** Time to the first look after something was done at the nodes, in ms; it doubles while that does not help. */
const AFTER_ACTION_MS = 100;
/** Up to this share of a delay is taken away, so that networks do not poll in step and none later than promised. */
const JITTER = 0.1;

/** How a run ended. */
export interface RunEnd {
  /** Whether all is as wanted, or nothing can be done before somebody else does something. */
  readonly isSettled: boolean;
  /** How many runs in a row had something to do at the nodes. */
  readonly busyRuns: number;
  /** Time between two polls of a settled network, in ms. */
  readonly pollMs: number;
}

/** The time to the next run, in ms. `random` is from 0 up to 1. */
export function nextRunMs({ isSettled, busyRuns, pollMs }: RunEnd, random: number): number {
  if (busyRuns > 0) return Math.min(CONVERGING_MS, AFTER_ACTION_MS * 2 ** (busyRuns - 1));
  const base = isSettled ? pollMs : Math.min(CONVERGING_MS, pollMs);
  return base * (1 - JITTER * random);
}
