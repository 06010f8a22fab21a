/** The last changes of one resource: what watches resume from and old lists are made of. */

import type { ApiObject } from "../object.ts";
import type { Change } from "./change.ts";

/** The revision that was asked for is older than what the history reaches back to. */
export class ExpiredRevisionError extends Error {
  /** Set for recognition in logs. */
  override readonly name = "ExpiredRevisionError";

  /** Names what was asked for and the oldest revision that could have been. */
  constructor(readonly revision: number, readonly oldest: number) {
    super(`Cannot go back to revision ${revision}: the history begins at ${oldest}`);
  }
}

/** A bounded sequence of changes in the order of their revisions. */
export class History {
  readonly #limit: number;
  #oldest: number;
  #changes: Change[] = [];

  /** Starts empty at `revision`, and keeps at least the last `limit` changes. */
  constructor(limit: number, revision: number) {
    this.#limit = limit;
    this.#oldest = revision;
  }

  /** The oldest revision that a watch can start after. */
  get oldest(): number {
    return this.#oldest;
  }

  /** Appends the newest change. */
  add(change: Change): void {
    this.#changes.push(change);
    // Half of the array goes at a time, so that keeping the bound costs nothing for each change.
    if (this.#changes.length <= 2 * this.#limit) return;
    const dropped = this.#changes.splice(0, this.#changes.length - this.#limit);
    this.#oldest = dropped.at(-1)?.revision ?? this.#oldest;
  }

  /** Drops everything up to now, which is `revision`. */
  forget(revision: number): void {
    this.#changes = [];
    this.#oldest = revision;
  }

  /**
   * The changes after a revision.
   *
   * @throws {ExpiredRevisionError} if some of them are forgotten
   */
  since(revision: number): readonly Change[] {
    if (revision < this.#oldest) throw new ExpiredRevisionError(revision, this.#oldest);
    let low = 0;
    let high = this.#changes.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#changes[middle]?.revision ?? 0) <= revision) low = middle + 1;
      else high = middle;
    }
    return this.#changes.slice(low);
  }

  /**
   * What each object that has changed since was at a revision; undefined for one that was not there.
   *
   * @throws {ExpiredRevisionError} if that is forgotten
   */
  undo(revision: number): ReadonlyMap<string, ApiObject | undefined> {
    const before = new Map<string, ApiObject | undefined>();
    for (const { key, previous } of this.since(revision)) {
      if (!before.has(key)) before.set(key, previous);
    }
    return before;
  }
}
