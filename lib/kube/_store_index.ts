/** One index of a store: from a value to the keys of the objects that have it. */

import type { KubeObject, ObjectKey, Stored } from "./object.ts";
import type { IndexFunction } from "./store.ts";

const NONE: ReadonlySet<ObjectKey> = new Set();

/** Keeps the keys of one index. */
export class StoreIndex<T extends KubeObject> {
  readonly #valuesOf: IndexFunction<T>;
  #keys = new Map<string, Set<ObjectKey>>();

  constructor(valuesOf: IndexFunction<T>) {
    this.#valuesOf = valuesOf;
  }

  keys(value: string): ReadonlySet<ObjectKey> {
    return this.#keys.get(value) ?? NONE;
  }

  /** Replaces `old` by `object`, either of which may be absent. */
  update(
    key: ObjectKey,
    old: Readonly<Stored<T>> | undefined,
    object: Readonly<Stored<T>> | undefined,
  ): void {
    for (const value of old ? this.#valuesOf(old) : []) this.#remove(value, key);
    for (const value of object ? this.#valuesOf(object) : []) this.#add(value, key);
  }

  rebuild(objects: ReadonlyMap<ObjectKey, Readonly<Stored<T>>>): void {
    this.#keys = new Map();
    for (const [key, object] of objects) this.update(key, undefined, object);
  }

  #add(value: string, key: ObjectKey): void {
    const keys = this.#keys.get(value);
    if (keys) keys.add(key);
    else this.#keys.set(value, new Set([key]));
  }

  /** Drops a set that becomes empty: values come and go, and memory would grow for ever. */
  #remove(value: string, key: ObjectKey): void {
    const keys = this.#keys.get(value);
    keys?.delete(key);
    if (keys?.size === 0) this.#keys.delete(value);
  }
}
