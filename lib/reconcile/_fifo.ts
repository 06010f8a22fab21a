/** A queue whose first element is cheap to take. */

/**
 * First in, first out, in constant time on average. Neither `Array.shift` nor the first element of a Set is:
 * V8 moves or skips over all that was taken before, which makes a backlog of 200,000 keys take minutes.
 */
export class Fifo<T> {
  #incoming: T[] = [];
  /** In reverse, so that the next one is at the end. */
  #outgoing: T[] = [];

  get length(): number {
    return this.#incoming.length + this.#outgoing.length;
  }

  push(element: T): void {
    this.#incoming.push(element);
  }

  /** Takes the oldest element; undefined if there is none. */
  shift(): T | undefined {
    if (this.#outgoing.length === 0) {
      this.#outgoing = this.#incoming.reverse();
      this.#incoming = [];
    }
    return this.#outgoing.pop();
  }
}
