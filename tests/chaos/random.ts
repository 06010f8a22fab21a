/** Random choices that a seed repeats. */

/** Draws from one sequence, which its seed determines. */
export class Random {
  #state: number;

  /** Starts the sequence of a seed, of which 32 bits count. */
  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** A number from 0 up to 1 (Mulberry32 by Tommy Ettinger, public domain). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number from `min` to `max`, both possible. */
  between(min: number, max: number): number {
    return min + Math.floor(this.next() * (max - min + 1));
  }

  /**
   * One of some values.
   *
   * @throws {RangeError} if there are none
   */
  pick<T>(values: readonly T[]): T {
    const index = Math.floor(this.next() * values.length);
    // The index is within the list, unless that is empty.
    const [value] = values.slice(index, index + 1);
    if (index >= values.length) throw new RangeError("Cannot pick one of nothing");
    return value as T;
  }
}
