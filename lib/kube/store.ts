/** Objects of one kind in memory, by key and by index. */

import { StoreIndex } from "./_store_index.ts";
import { controllerOf, type KubeObject, type ObjectKey, objectKey, type Stored } from "./object.ts";

/** Reads objects of one kind from memory. What it returns belongs to everybody: never change it. */
export interface StoreReader<T extends KubeObject> {
  /** The object of a key. */
  get(key: ObjectKey): Readonly<Stored<T>> | undefined;
  /** All objects, in no order. */
  list(): Readonly<Stored<T>>[];
  /**
   * The objects for which the index function returned `value`, in no order.
   *
   * @throws {RangeError} if there is no such index
   */
  byIndex(index: string, value: string): Readonly<Stored<T>>[];
  /** How many objects there are. */
  readonly size: number;
}

/** The values under which an object is found in an index. */
export type IndexFunction<T extends KubeObject> = (
  object: Readonly<Stored<T>>,
) => readonly string[];

/** Index functions by name, such as `{controller: indexByController}`. */
export type Indexes<T extends KubeObject> = Readonly<Record<string, IndexFunction<T>>>;

/** Index function: the namespace. */
export function indexByNamespace(object: Readonly<Stored<KubeObject>>): string[] {
  const namespace = object.metadata.namespace;
  return namespace ? [namespace] : [];
}

/** Index function: the UID of the owner that controls the object. */
export function indexByController(object: Readonly<Stored<KubeObject>>): string[] {
  const owner = controllerOf(object);
  return owner ? [owner.uid] : [];
}

/** One difference that a write to a {@linkcode Store} made. */
export type StoreChange<T extends KubeObject> =
  | {
    /** An object is new, or its last known state is all that is left of it. */
    readonly type: "added" | "deleted";
    /** That object. */
    readonly object: Readonly<Stored<T>>;
  }
  | {
    /** An object is another version of what it was. */
    readonly type: "updated";
    /** The object now. */
    readonly object: Readonly<Stored<T>>;
    /** The object before. */
    readonly old: Readonly<Stored<T>>;
  };

/**
 * A {@linkcode StoreReader} that can be written to.
 *
 * Each write is atomic: objects and indexes are changed as a whole before it returns what changed. A write of the
 * version that is there changes nothing. An object whose UID is another one is not an update of the old object: the
 * old one is deleted and the new one added, even if a watch shows them as one modification.
 */
export class Store<T extends KubeObject> implements StoreReader<T> {
  #objects = new Map<ObjectKey, Readonly<Stored<T>>>();
  readonly #indexes: ReadonlyMap<string, StoreIndex<T>>;

  /** An empty store with these indexes. */
  constructor(indexes: Indexes<T> = {}) {
    this.#indexes = new Map(
      Object.entries(indexes).map(([name, values]) => [name, new StoreIndex(values)]),
    );
  }

  get size(): number {
    return this.#objects.size;
  }

  get(key: ObjectKey): Readonly<Stored<T>> | undefined {
    return this.#objects.get(key);
  }

  list(): Readonly<Stored<T>>[] {
    return [...this.#objects.values()];
  }

  byIndex(index: string, value: string): Readonly<Stored<T>>[] {
    const found = this.#indexes.get(index);
    if (!found) throw new RangeError(`Cannot read index '${index}': there is no such index`);
    const objects: Readonly<Stored<T>>[] = [];
    for (const key of found.keys(value)) {
      const object = this.#objects.get(key);
      if (object) objects.push(object);
    }
    return objects;
  }

  /** Keeps an object in place of the one with its key. */
  set(object: Readonly<Stored<T>>): StoreChange<T>[] {
    const key = objectKey(object);
    const old = this.#objects.get(key);
    if (old && isSameVersion(old, object)) return [];
    this.#objects.set(key, object);
    for (const index of this.#indexes.values()) index.update(key, old, object);
    return difference(old, object);
  }

  /** Forgets the object with the key of `last`, which is its final state. */
  delete(last: Readonly<Stored<T>>): StoreChange<T>[] {
    const key = objectKey(last);
    const old = this.#objects.get(key);
    if (!old) return [];
    this.#objects.delete(key);
    for (const index of this.#indexes.values()) index.update(key, old, undefined);
    return [{ type: "deleted", object: old.metadata.uid === last.metadata.uid ? last : old }];
  }

  /** Keeps these objects and no others. The deletions come first in what it returns. */
  replace(objects: readonly Readonly<Stored<T>>[]): StoreChange<T>[] {
    const before = this.#objects;
    const after = new Map<ObjectKey, Readonly<Stored<T>>>();
    const deleted: StoreChange<T>[] = [];
    const changed: StoreChange<T>[] = [];
    for (const object of objects) {
      const key = objectKey(object);
      const old = before.get(key);
      const same = old !== undefined && isSameVersion(old, object);
      after.set(key, same ? old : object);
      if (same) continue;
      for (const change of difference(old, object)) {
        (change.type === "deleted" ? deleted : changed).push(change);
      }
    }
    for (const [key, object] of before) {
      if (!after.has(key)) deleted.push({ type: "deleted", object });
    }
    this.#objects = after;
    for (const index of this.#indexes.values()) index.rebuild(after);
    return [...deleted, ...changed];
  }
}

function isSameVersion(
  { metadata: a }: Readonly<Stored<KubeObject>>,
  { metadata: b }: Readonly<Stored<KubeObject>>,
): boolean {
  return a.resourceVersion === b.resourceVersion && a.uid === b.uid;
}

function difference<T extends KubeObject>(
  old: Readonly<Stored<T>> | undefined,
  object: Readonly<Stored<T>>,
): StoreChange<T>[] {
  if (!old) return [{ type: "added", object }];
  if (old.metadata.uid === object.metadata.uid) return [{ type: "updated", object, old }];
  return [{ type: "deleted", object: old }, { type: "added", object }];
}
