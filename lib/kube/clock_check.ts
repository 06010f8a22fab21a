/** Compares our clock with that of the API server, as its answers tell it. */

import { getLogger } from "@logtape/logtape";

const log = getLogger(["bitcoin-controller", "kube"]);

/** What is no news, in ms: `Date` is in whole seconds, and clocks that are kept right differ by less than that. */
const TOLERANCE_MS = 60_000;

/** A clock that stays wrong is told of again after this time, in ms. */
const REPEAT_MS = 3_600_000;

/** When an answer came, by our own clocks, in ms. */
export interface AnswerTimes {
  /** Wall-clock time when the request was sent. */
  readonly sentAtMs: number;
  /** Wall-clock time when the answer began. */
  readonly receivedAtMs: number;
  /** Monotonic time now. */
  readonly monotonicMs: number;
}

/**
 * How far our clock is ahead of the server's, in ms; negative if it is behind, and 0 if the server may have said `date`
 * at some time between our request and its answer. So an answer that was late on its way, or that we were too slow to
 * read, accuses no clock.
 */
export function aheadMs(
  dateMs: number,
  { sentAtMs, receivedAtMs }: Pick<AnswerTimes, "sentAtMs" | "receivedAtMs">,
): number {
  return Math.max(0, sentAtMs - dateMs) + Math.min(0, receivedAtMs - dateMs);
}

/**
 * Warns when our clock and the API server's differ by more than a minute, once an hour at most.
 *
 * Nothing here goes by the wall clock but times that people read; whoever checks a certificate does.
 */
export class ClockCheck {
  #toldAtMs = Number.NEGATIVE_INFINITY;

  /** The server answered; `date` is its header of that name, and `server` names it for people. */
  answered(server: string, date: string | null, times: AnswerTimes): void {
    const offMs = aheadMs(Date.parse(date ?? ""), times);
    // NaN, of a header that is missing or no date, is not greater either.
    if (!(Math.abs(offMs) > TOLERANCE_MS)) return;
    if (times.monotonicMs - this.#toldAtMs < REPEAT_MS) return;
    this.#toldAtMs = times.monotonicMs;
    log.warn("The clock of this machine and that of the API server differ", {
      server,
      aheadSeconds: Math.round(offMs / 1000),
    });
  }
}
