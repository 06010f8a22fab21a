/** Bridges the moment between a write and the informer's hearing of it. */

import type { KubeObject, Stored } from "../kube/mod.ts";

/**
 * The last write of one object. A run that comes before the informer has heard of it would else take the state before
 * for the present, write once more, and tell of it once more.
 */
export class LastWrite<T extends KubeObject> {
  #over: string | undefined;
  #written: Readonly<Stored<T>> | undefined;

  /** Notes that `cached` was overwritten: the server now has `written`. */
  note(cached: Readonly<Stored<T>>, written: Readonly<Stored<T>>): void {
    this.#over = cached.metadata.resourceVersion;
    this.#written = written;
  }

  /**
   * What was written, as long as the informer still has what that was written over, or a status that came in between;
   * else what the informer has.
   */
  newest<C extends Readonly<Stored<T>> | undefined>(cached: C): C | Readonly<Stored<T>> {
    const written = this.#written;
    if (!cached || !written) return cached;
    const { uid, resourceVersion, generation = 0 } = cached.metadata;
    const isBefore = uid === written.metadata.uid &&
      generation < (written.metadata.generation ?? 0);
    return isBefore || resourceVersion === this.#over ? written : cached;
  }
}
