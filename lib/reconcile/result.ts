/** What a reconciler is, and how a run of it may end. */

/** How a run ended that did not throw. */
export interface Result {
  /** Run again after this time, in ms, even if nothing happens: for state that sends no events. Absent: only when something happens. */
  readonly requeueAfterMs?: number;
}

/**
 * Brings the world of one key to what is wanted. It is told only which key, not why: it must look at everything.
 *
 * The signal is aborted when the controller stops or the run takes too long. A run that throws is repeated with
 * growing delays, unless it throws a {@linkcode TerminalError}.
 */
export type Reconcile<K> = (key: K, signal: AbortSignal) => Promise<Result>;

/** An error that repeating cannot mend: the key is left alone until something happens to it. */
export class TerminalError extends Error {
  /** Says what is wrong; `cause` is the error behind it. */
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "TerminalError";
  }
}
