/** Waiting that an abort ends without an error. */

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
