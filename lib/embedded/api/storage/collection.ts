/** The objects of one resource, sorted by key, with their history and those who watch it. */

import { deepFreeze } from "../json.ts";
import { type ApiObject, withMetadata } from "../object.ts";
import type { Change } from "./change.ts";
import { History } from "./history.ts";

/** Hears of each change, at once and in order. Must not throw. */
export type ChangeListener = (change: Change) => void;

/**
 * The objects of one resource.
 *
 * Every write makes one new revision of the whole store, stamps the object with it, records it in the history and tells
 * the listeners, all before it returns. Objects are frozen: a write replaces, it never changes. As nothing in here waits,
 * reading, deciding and writing without an `await` in between is a transaction.
 */
export class Collection {
  readonly #objects = new Map<string, ApiObject>();
  readonly #history: History;
  readonly #listeners = new Set<ChangeListener>();
  readonly #nextRevision: () => number;
  #sorted: readonly string[] | undefined = [];

  /** Starts empty at `revision`; `nextRevision` counts the store's revision up. */
  constructor(historyLimit: number, revision: number, nextRevision: () => number) {
    this.#history = new History(historyLimit, revision);
    this.#nextRevision = nextRevision;
  }

  /** How many objects there are. */
  get size(): number {
    return this.#objects.size;
  }

  /** What happened lately. */
  get history(): History {
    return this.#history;
  }

  /** The object with this key. */
  get(key: string): ApiObject | undefined {
    return this.#objects.get(key);
  }

  /** Adds or replaces an object, and returns it with its new resource version. */
  put(key: string, object: ApiObject): ApiObject {
    const revision = this.#nextRevision();
    const previous = this.#objects.get(key);
    const stored = stamp(object, revision);
    this.#objects.set(key, stored);
    if (!previous) this.#sorted = undefined;
    this.#publish({
      revision,
      key,
      object: stored,
      latest: stored,
      ...(previous ? { previous } : {}),
    });
    return stored;
  }

  /** Removes an object, and returns it as `last`, or as it was, with the revision of its removal. */
  remove(key: string, last?: ApiObject): ApiObject | undefined {
    const previous = this.#objects.get(key);
    if (!previous) return undefined;
    const revision = this.#nextRevision();
    const removed = stamp(last ?? previous, revision);
    this.#objects.delete(key);
    this.#sorted = undefined;
    this.#publish({ revision, key, previous, latest: removed });
    return removed;
  }

  /** The objects whose key starts with `prefix`, in the order of their keys. */
  list(prefix = ""): readonly ApiObject[] {
    return this.#keys(prefix).flatMap((key) => this.#objects.get(key) ?? []);
  }

  /**
   * The same at an earlier revision.
   *
   * @throws {ExpiredRevisionError} if the history does not reach back so far
   */
  listAt(revision: number, prefix = ""): readonly ApiObject[] {
    const before = this.#history.undo(revision);
    if (before.size === 0) return this.list(prefix);
    const added = [...before.keys()].filter((key) =>
      key.startsWith(prefix) && !this.#objects.has(key)
    );
    return [...this.#keys(prefix), ...added].sort().flatMap((key) =>
      (before.has(key) ? before.get(key) : this.#objects.get(key)) ?? []
    );
  }

  /** Tells `listener` of every change from now on, until the returned function is called. */
  listen(listener: ChangeListener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  #publish(change: Change): void {
    this.#history.add(change);
    for (const listener of this.#listeners) listener(change);
  }

  #keys(prefix: string): readonly string[] {
    this.#sorted ??= [...this.#objects.keys()].sort();
    if (!prefix) return this.#sorted;
    const start = firstAtLeast(this.#sorted, prefix);
    let end = start;
    while (this.#sorted[end]?.startsWith(prefix)) end++;
    return this.#sorted.slice(start, end);
  }
}

function stamp(object: ApiObject, revision: number): ApiObject {
  return deepFreeze(withMetadata(object, { resourceVersion: String(revision) }));
}

function firstAtLeast(sorted: readonly string[], value: string): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? "") < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
