/** A limited number of places, such as those for connections to added nodes. */

/** A place that is taken. */
export interface Slot {
  /** Gives the place back; a second time it does nothing. */
  release(): void;
}

/** Hands out places. */
export class Slots {
  #free: number;
  readonly #waiting = new Set<() => void>();

  /** Starts with `count` free places. */
  constructor(count: number) {
    this.#free = count;
  }

  /** Takes a place if there is one. */
  tryAcquire(): Slot | undefined {
    if (this.#free === 0) return undefined;
    this.#free--;
    let isTaken = true;
    return {
      release: () => {
        if (!isTaken) return;
        isTaken = false;
        this.#free++;
        for (const wake of this.#waiting) wake();
      },
    };
  }

  /**
   * Takes a place as soon as there is one.
   *
   * @throws the signal's reason when it is aborted
   */
  async acquire(signal: AbortSignal): Promise<Slot> {
    for (;;) {
      signal.throwIfAborted();
      const slot = this.tryAcquire();
      if (slot) return slot;
      await this.#released(signal);
    }
  }

  async #released(signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const wake = (): void => resolve();
    this.#waiting.add(wake);
    signal.addEventListener("abort", wake, { once: true });
    await promise;
    this.#waiting.delete(wake);
    signal.removeEventListener("abort", wake);
  }
}
