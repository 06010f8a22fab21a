/** What somebody who counts and measures may hear of a queue and of a controller. */

/**
 * Hears what happens in a queue. Its functions only take note: they do not wait and do not throw. Of the time that a
 * key spends where, the queue knows nothing: whoever wants it takes it.
 */
export interface QueueObserver<K> {
  /** `key` needs work from now on; not told again while it waits. It may be in work at the same time. */
  added(key: K): void;
  /** A worker has taken `key`. */
  taken(key: K): void;
  /** The worker has given it back. */
  done(key: K): void;
  /** `key` is to be added later: after a failure, or because it was asked for. */
  delayed(key: K): void;
}

/**
 * How a run of a reconciler ended:
 *
 * - `success`: nothing more is to be done until something happens
 * - `requeue`, `requeue after`: it asked to run again, at once or later
 * - `error`, `terminal error`: it threw, and is repeated or not
 * - `interrupted`: the controller stops
 */
export type ReconcileOutcome =
  | "success"
  | "requeue"
  | "requeue after"
  | "error"
  | "terminal error"
  | "interrupted";

/** One run that is over. */
export interface ReconcileEnd {
  /** How it ended. */
  readonly outcome: ReconcileOutcome;
  /** How long it took, in ms. */
  readonly tookMs: number;
  /** Whether it took longer than it may. */
  readonly isTimeout: boolean;
  /** Whether it threw what only a mistake in the program throws, such as a `TypeError`: what is a panic in Go. */
  readonly isMistake: boolean;
}

/** Hears of the runs of a reconciler; under the same terms as a {@linkcode QueueObserver}. */
export interface ReconcileObserver {
  /** A run begins. */
  started(): void;
  /** It is over. */
  ended(end: ReconcileEnd): void;
}

/** Hears all that happens in a controller. */
export interface ControllerObserver<K> extends QueueObserver<K>, ReconcileObserver {}
