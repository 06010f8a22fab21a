/** All collections of the server under one revision counter, as in etcd. */

import { Collection } from "./collection.ts";

/** A new server does not start at 1: a real one has written a few hundred objects of its own before it serves. */
const FIRST_REVISION = 200;

/** How a {@linkcode Storage} remembers. */
export interface StorageOptions {
  /** How many changes of each resource are kept at least. */
  readonly historyLimit: number;
}

/** The objects of all resources. */
export class Storage {
  readonly #historyLimit: number;
  readonly #collections = new Map<string, Collection>();
  #revision = FIRST_REVISION;

  /** Starts empty. */
  constructor({ historyLimit }: StorageOptions) {
    this.#historyLimit = historyLimit;
  }

  /** Revision of the last write to anything. */
  get revision(): number {
    return this.#revision;
  }

  /** The collection with this name, such as `apps/statefulsets`; it is made when it is first asked for. */
  collection(name: string): Collection {
    let collection = this.#collections.get(name);
    if (!collection) {
      collection = new Collection(this.#historyLimit, this.#revision, () => ++this.#revision);
      this.#collections.set(name, collection);
    }
    return collection;
  }

  /** Forgets a collection with all that is in it; those who listened to it hear nothing more. */
  drop(name: string): void {
    this.#collections.delete(name);
  }

  /** Forgets the history of everything, as a compaction does: whoever resumes from before gets 410. */
  compact(): void {
    for (const collection of this.#collections.values()) collection.history.forget(this.#revision);
  }
}
