/** Bridges the moment between a write and the informer's hearing of it. */

import type { KubeObject, Stored } from "../kube/mod.ts";
import type { Clock } from "../time/mod.ts";

/** How long the informer may take to show an object that was made, in ms; after that it is taken for deleted. */
const WATCH_LAG_MS = 5_000;

/**
 * The last write of one object. A run that comes before the informer has heard of it would otherwise take the state before
 * for the present, write once more, and tell of it once more.
 */
export class LastWrite<T extends KubeObject> {
  readonly #clock: Clock;
  #over: string | undefined;
  #written: Readonly<Stored<T>> | undefined;
  /** When an object was made that the informer has not shown since, in monotonic ms. */
  #madeAtMs = Number.NEGATIVE_INFINITY;

  /** Nothing is written yet. */
  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Notes that `cached` was overwritten, or that there was none: the server now has `written`. */
  note(cached: Readonly<Stored<T>> | undefined, written: Readonly<Stored<T>>): void {
    this.#over = cached?.metadata.resourceVersion;
    this.#written = written;
    if (!cached) this.#madeAtMs = this.#clock.monotonic();
  }

  /**
   * What was written, as long as the informer still has what that was written over, or a status that came in between,
   * or has not shown yet what was made; else what the informer has.
   */
  newest<C extends Readonly<Stored<T>> | undefined>(cached: C): C | Readonly<Stored<T>> {
    const written = this.#written;
    if (!cached) {
      const isMade = this.#clock.monotonic() - this.#madeAtMs < WATCH_LAG_MS;
      return isMade && written ? written : cached;
    }
    this.#madeAtMs = Number.NEGATIVE_INFINITY;
    if (!written) return cached;
    const { uid, resourceVersion, generation = 0 } = cached.metadata;
    const isBefore = uid === written.metadata.uid &&
      generation < (written.metadata.generation ?? 0);
    return isBefore || resourceVersion === this.#over ? written : cached;
  }
}
