/** Keeps a store equal to what the API server has, and tells handlers what changed. */

import { getLogger } from "@logtape/logtape";

import { abortable, type Clock, systemClock } from "../time/mod.ts";
import { deepFreeze } from "./_freeze.ts";
import { ApiError, ConfigError } from "./errors.ts";
import type { KubeObject, Stored } from "./object.ts";
import type { WatchObserver } from "./observer.ts";
import type { ResourceType } from "./resource.ts";
import { type Indexes, Store, type StoreChange, type StoreReader } from "./store.ts";
import { type Change, follow, type WatchSource } from "./watcher.ts";

const log = getLogger(["bitcoin-controller", "kube"]);

/** How often something that a person must mend is told loudly while it lasts, in ms: logs are read from some minutes back. */
const LOUD_AGAIN_MS = 300_000;

/** What an {@linkcode Informer} keeps and how. */
export interface InformerOptions<T extends KubeObject> {
  /**
   * Index functions by name, such as `{controller: indexByController}`.
   *
   * @default {none}
   */
  readonly indexes?: Indexes<T>;
  /** Only objects whose labels match. */
  readonly labelSelector?: string;
  /** Only objects whose fields match. */
  readonly fieldSelector?: string;
  /**
   * What is kept of an object that has just come in: no more than somebody reads, for the rest only fills the memory.
   *
   * @default {all but `metadata.managedFields`}
   */
  readonly keep?: (object: Stored<T>) => Stored<T>;
  /** Called after each failed list or watch, before the wait that follows it. Like a handler, it only takes note. */
  readonly onError?: (error: unknown, retryMs: number) => void;
  /** Hears why a list or a watch is begun anew. */
  readonly observer?: WatchObserver | undefined;
  /** Called when the server has accepted a watch after a failure: the copy is about to be up to date again. */
  readonly onRecovered?: () => void;
  /**
   * Freeze every object, so that code that changes one throws. For tests: it costs time.
   *
   * @default {false}
   */
  readonly freeze?: boolean;
  /**
   * Silence of a watch that is taken for a dead connection, in ms; it must be longer than the time between two bookmarks.
   *
   * @default {150_000} bookmarks come about once a minute, and a mistake costs one request
   */
  readonly idleMs?: number;
  /**
   * Time source.
   *
   * @default {systemClock}
   */
  readonly clock?: Clock;
  /**
   * Random number from 0 up to 1, for jitter.
   *
   * @default {Math.random}
   */
  readonly random?: () => number;
}

/** Hears of changes. Its functions only take note: they do not wait, throw or change the objects. */
export interface InformerHandler<T extends KubeObject> {
  /** An object is new, or was there when the handler or the informer started. */
  added?(object: Readonly<Stored<T>>): void;
  /** An object changed. */
  updated?(object: Readonly<Stored<T>>, old: Readonly<Stored<T>>): void;
  /** An object is gone. `object` is its last known state, an old one if the deletion itself was missed. */
  deleted?(object: Readonly<Stored<T>>): void;
}

/** What an {@linkcode Informer} is made from; a `ResourceHandle` in life. */
export type InformerSource<T extends KubeObject> = WatchSource<T> & {
  /** The kind. */
  readonly type: ResourceType<T>;
};

/**
 * A local copy of all objects of a kind.
 *
 * - The store is changed first, then the handlers are called, with nothing in between: what a handler or anybody
 *   else reads from the store is at least as new as the event.
 * - Each handler hears of the changes of an object in order, once each; between them, versions may be skipped.
 * - A deletion that was missed is told when it is noticed. An object that was deleted and made again under its name
 *   is told as deleted and added. A version that is known already is not told again.
 * - The copy lags behind the server, and stays as it was while the server cannot be reached.
 * - `metadata.managedFields` is dropped, or cut down by `keep`: never PUT an object from the store.
 */
export class Informer<T extends KubeObject> {
  readonly #source: InformerSource<T>;
  readonly #options: InformerOptions<T>;
  readonly #store: Store<T>;
  readonly #handlers: InformerHandler<T>[] = [];
  readonly #firstSync = Promise.withResolvers<void>();
  #hasSynced = false;
  #running = false;
  #lastError: unknown;
  #loudAt = Number.NEGATIVE_INFINITY;
  /** Whether a list or watch has failed since a watch was accepted. */
  #hasFailed = false;

  /** Keeps its arguments; {@linkcode Informer.run} starts it. */
  constructor(source: InformerSource<T>, options: InformerOptions<T> = {}) {
    this.#source = source;
    this.#options = options;
    this.#store = new Store(options.indexes);
  }

  /** The objects; empty until the first list is in. */
  get store(): StoreReader<T> {
    return this.#store;
  }

  /** Whether the store has held a full list and the handlers have heard of it. */
  get hasSynced(): boolean {
    return this.#hasSynced;
  }

  /**
   * Why the last list or watch failed; undefined while all is well. An `ApiError` that `isNotFound` means that the
   * kind is not installed.
   */
  get lastError(): unknown {
    return this.#lastError;
  }

  /** Adds a handler, before or after the start. A late one first hears of every object there is, before this returns. */
  subscribe(handler: InformerHandler<T>): void {
    this.#handlers.push(handler);
    for (const object of this.#store.list()) notify(handler, { type: "added", object });
  }

  /** Resolves once {@linkcode Informer.hasSynced}; rejects with the signal's reason. */
  async synced(signal?: AbortSignal): Promise<void> {
    await abortable(this.#firstSync.promise, signal);
  }

  /**
   * Lists, watches and retries for ever; resolves when the signal is aborted.
   *
   * @throws {TypeError} if it is running already
   */
  async run(signal: AbortSignal): Promise<void> {
    if (this.#running) throw new TypeError("Cannot run the informer: it is running already");
    this.#running = true;
    const { labelSelector, fieldSelector, idleMs, clock = systemClock, random, observer } =
      this.#options;
    const onOpen = (): void => {
      this.#lastError = undefined;
      if (this.#hasFailed) this.#options.onRecovered?.();
      this.#hasFailed = false;
    };
    try {
      const changes = follow(this.#source, {
        labelSelector,
        fieldSelector,
        idleMs,
        keep: (object) => this.#trim(object),
        clock,
        random,
        onOpen,
        onRestart: (why) => observer?.restarted(this.#source.type.plural, why),
        signal,
      });
      for await (const change of changes) this.#take(change);
    } finally {
      this.#running = false;
    }
  }

  #take(change: Change<T>): void {
    switch (change.type) {
      case "replaced":
        this.#tell(this.#store.replace(change.objects));
        this.#hasSynced = true;
        this.#firstSync.resolve();
        break;
      case "applied":
        this.#tell(this.#store.set(this.#trim(change.object)));
        break;
      case "deleted":
        this.#tell(this.#store.delete(this.#trim(change.object)));
        break;
      case "failed":
        this.#report(change.error, change.retryMs);
    }
  }

  #tell(changes: readonly StoreChange<T>[]): void {
    for (const change of changes) {
      for (const handler of this.#handlers) notify(handler, change);
    }
  }

  #trim(object: Stored<T>): Stored<T> {
    const { keep = withoutManagedFields, freeze } = this.#options;
    const kept = keep(object);
    return freeze ? deepFreeze(kept) : kept;
  }

  /**
   * Credentials that are refused or cannot be had, missing rights and a missing kind need a person, and are loud; all
   * else passes. Each is told loudly when it is new, and every few minutes while it lasts.
   */
  #report(error: unknown, retryMs: number): void {
    const { clock = systemClock } = this.#options;
    const needsPerson = error instanceof ConfigError || error instanceof ApiError &&
        (error.isUnauthorized || error.isForbidden || error.isNotFound);
    const isNews = String(error) !== String(this.#lastError);
    const now = clock.monotonic();
    const isLoud = needsPerson && (isNews || now - this.#loudAt > LOUD_AGAIN_MS);
    if (isLoud) this.#loudAt = now;
    const { plural, group } = this.#source.type;
    const what = { resource: plural, group, error, retryMs };
    const level = isLoud ? "warn" : "debug";
    if (error instanceof ApiError && error.isAnonymous) {
      log[level]("Cannot follow a resource: the server has accepted no credentials", what);
    } else if (error instanceof ApiError && error.isForbidden) {
      log[level]("Cannot follow a resource: grant 'list' and 'watch' on it to the account", what);
    } else log[level]("Cannot follow a resource", what);
    this.#lastError = error;
    this.#hasFailed = true;
    this.#options.onError?.(error, retryMs);
  }
}

/** Halves the memory. The metadata is made anew: V8 keeps an object that a key was deleted from as a much bigger table. */
function withoutManagedFields<T extends KubeObject>(object: Stored<T>): Stored<T> {
  const { managedFields: _unread, ...metadata } = object.metadata;
  return { ...object, metadata };
}

/** A handler that throws does not keep the others, or the watch, from going on. */
function notify<T extends KubeObject>(handler: InformerHandler<T>, change: StoreChange<T>): void {
  try {
    if (change.type === "updated") handler.updated?.(change.object, change.old);
    else handler[change.type]?.(change.object);
  } catch (error) {
    log.error("An informer handler threw", { error });
  }
}
