/**
 * Follows one kind of objects for ever, through errors, expired versions and dead connections.
 * See {@linkcode follow}; `Informer` is what most code wants.
 */

import { Backoff, type Clock, isAbort, systemClock } from "../time/mod.ts";
import { type WatchEnd, watchUntilIdle } from "./_idle.ts";
import { keepsVersion, restartAfter } from "./_restart.ts";
import { ApiError } from "./errors.ts";
import type { ResourceHandle } from "./handle.ts";
import { isOlderVersion, type KubeObject, type Stored } from "./object.ts";
import type { WatchRestart } from "./observer.ts";
import type { WatchEvent } from "./options.ts";

/** The server ends a watch after this time, in seconds, and up to as much again (client-go, `tools/cache/reflector.go`). */
const WATCH_TIMEOUT_SECONDS = 300;

/** Silence that is taken for a dead connection, in ms. */
const IDLE_MS = 150_000;

/** A watch that ends sooner than this and brings no news is a failure, in ms (client-go, `VeryShortWatchError`). */
const SHORT_WATCH_MS = 1000;

/** Delays after failures (client-go, `tools/cache/reflector.go`). */
const BACKOFF = { initialMs: 800, factor: 2, maxMs: 30_000, jitter: 1, resetAfterMs: 120_000 };

/** The longest wait that a server may ask for, in ms: it may be well again before. */
const MAX_ASKED_MS = 60_000;

/** The calls of a handle that following needs. */
export type WatchSource<T extends KubeObject> = Pick<ResourceHandle<T>, "list" | "watch">;

/** What to follow and how. */
export interface FollowOptions<T extends KubeObject> {
  /** Ends the following. */
  readonly signal: AbortSignal;
  /** What is kept of each object of a list; see `ListOptions`. */
  readonly keep?: ((object: Stored<T>) => Stored<T>) | undefined;
  /** Only objects whose labels match. */
  readonly labelSelector?: string | undefined;
  /** Only objects whose fields match. */
  readonly fieldSelector?: string | undefined;
  /** Called when the server has accepted a watch: all is well. */
  readonly onOpen?: (() => void) | undefined;
  /** Called when a list or a watch is over and the next one is to come, before the wait between them. */
  readonly onRestart?: ((why: WatchRestart) => void) | undefined;
  /**
   * Silence of a watch that is taken for a dead connection, in ms; it must be longer than the time between two bookmarks.
   *
   * @default {150_000} bookmarks come about once a minute, and a mistake costs one request
   */
  readonly idleMs?: number | undefined;
  /**
   * Time source.
   *
   * @default {systemClock}
   */
  readonly clock?: Clock | undefined;
  /**
   * Random number from 0 up to 1, for jitter.
   *
   * @default {Math.random}
   */
  readonly random?: (() => number) | undefined;
}

/** One thing learnt by {@linkcode follow}. */
export type Change<T extends KubeObject> =
  | {
    /** These are all objects there are now. */
    readonly type: "replaced";
    /** All objects. */
    readonly objects: readonly Stored<T>[];
  }
  | {
    /** An object is as it is here, or was deleted with this as its last state. */
    readonly type: "applied" | "deleted";
    /** The object. */
    readonly object: Stored<T>;
  }
  | {
    /** A list or watch failed; the next attempt follows after `retryMs`. */
    readonly type: "failed";
    /** Why. */
    readonly error: unknown;
    /** The wait before the next attempt, in ms. */
    readonly retryMs: number;
  };

/** Where a follower stands; each variant owns what is valid only then. */
type State<T extends KubeObject> =
  | { readonly kind: "empty" }
  | { readonly kind: "listed"; readonly resourceVersion: string }
  | { readonly kind: "watching"; readonly resourceVersion: string; readonly watch: Watch<T> }
  | { readonly kind: "waiting"; readonly delayMs: number; readonly then: State<T> };

/** A watch under way. */
interface Watch<T extends KubeObject> {
  readonly events: AsyncGenerator<WatchEvent<T>, WatchEnd, undefined>;
  readonly startedMs: number;
  /** Whether it has brought an object in a version that was not known. */
  readonly hasNews: boolean;
}

/** What one step leads to. */
interface Step<T extends KubeObject> {
  readonly state: State<T>;
  readonly change?: Change<T>;
}

/**
 * Lists, then watches from there, then watches again from where that watch ended, until the signal is aborted.
 *
 * - `replaced` comes first, and again whenever the thread was lost (an expired version, one that went back, a silence):
 *   deletions must then be found by comparison.
 * - Between two of these, each change comes once and in order.
 * - Nothing is skipped silently and nothing ends it but the signal: every failure is told, and waited for.
 */
export async function* follow<T extends KubeObject>(
  source: WatchSource<T>,
  options: FollowOptions<T>,
): AsyncGenerator<Change<T>, void, undefined> {
  const follower = new Follower(source, options);
  let state: State<T> = { kind: "empty" };
  try {
    for (;;) {
      const step: Step<T> = await follower.step(state);
      state = step.state;
      if (step.change) yield step.change;
    }
  } catch (error) {
    if (!isAbort(error, options.signal)) throw error;
  } finally {
    if (state.kind === "watching") await state.watch.events.return("ended");
  }
}

/** Takes the steps. It holds no state but the backoff's. */
class Follower<T extends KubeObject> {
  readonly #source: WatchSource<T>;
  readonly #options: FollowOptions<T>;
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #backoff: Backoff;

  constructor(source: WatchSource<T>, options: FollowOptions<T>) {
    this.#source = source;
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#random = options.random ?? Math.random;
    this.#backoff = new Backoff({ ...BACKOFF, clock: this.#clock, random: this.#random });
  }

  async step(state: State<T>): Promise<Step<T>> {
    switch (state.kind) {
      case "empty":
        return await this.#list();
      case "listed":
        return { state: this.#startWatch(state.resourceVersion) };
      case "watching":
        return await this.#nextEvent(state.resourceVersion, state.watch);
      case "waiting":
        await this.#clock.sleep(state.delayMs, this.#options.signal);
        return { state: state.then };
    }
  }

  /** Always the most recent list: an older one could show the past again after a restart. */
  async #list(): Promise<Step<T>> {
    const { labelSelector, fieldSelector, keep, signal } = this.#options;
    try {
      const { items, resourceVersion } = await this.#source.list({
        labelSelector,
        fieldSelector,
        keep,
        signal,
      });
      return {
        state: { kind: "listed", resourceVersion },
        change: { type: "replaced", objects: items },
      };
    } catch (error) {
      return this.#failed(error, { kind: "empty" });
    }
  }

  #startWatch(resourceVersion: string): State<T> {
    const { labelSelector, fieldSelector, signal, onOpen, idleMs = IDLE_MS } = this.#options;
    const timeoutSeconds = Math.floor(WATCH_TIMEOUT_SECONDS * (1 + this.#random()));
    const events = watchUntilIdle((request) => this.#source.watch(request), {
      request: { resourceVersion, labelSelector, fieldSelector, timeoutSeconds, signal, onOpen },
      idleMs,
      clock: this.#clock,
    });
    const watch = { events, startedMs: this.#clock.monotonic(), hasNews: false };
    return { kind: "watching", resourceVersion, watch };
  }

  async #nextEvent(resourceVersion: string, watch: Watch<T>): Promise<Step<T>> {
    const listed: State<T> = { kind: "listed", resourceVersion };
    try {
      const { done, value } = await watch.events.next();
      if (!done) return await this.#take(value, resourceVersion, watch);
      const livedMs = this.#clock.monotonic() - watch.startedMs;
      if (value === "ended" && !watch.hasNews && livedMs < SHORT_WATCH_MS) {
        const error = new Error("The watch ended at once and brought nothing new");
        return this.#failed(error, listed, "empty");
      }
      this.#options.onRestart?.(value);
      // Over a dead connection nothing is learnt. A server that was put back to an older state, whose versions ours is
      // ahead of, is just as silent, and only a list tells them apart.
      return { state: value === "silent" ? { kind: "empty" } : listed };
    } catch (error) {
      const why = restartAfter(error);
      return this.#failed(error, keepsVersion(why) ? listed : { kind: "empty" }, why);
    }
  }

  /** The version advances with every event; only a bookmark changes nothing else. */
  async #take(event: WatchEvent<T>, before: string, watch: Watch<T>): Promise<Step<T>> {
    const resourceVersion = event.type === "BOOKMARK"
      ? event.resourceVersion
      : event.object.metadata.resourceVersion;
    if (isOlderVersion(resourceVersion, before)) {
      // The order is lost: nobody knows what this event was meant to come before.
      await watch.events.return("ended");
      const error = new Error(`The watch went back from version ${before} to ${resourceVersion}`);
      return this.#failed(error, { kind: "empty" });
    }
    if (event.type === "BOOKMARK") return { state: { kind: "watching", resourceVersion, watch } };
    const hasNews = watch.hasNews || resourceVersion !== before;
    return {
      state: { kind: "watching", resourceVersion, watch: { ...watch, hasNews } },
      change: { type: event.type === "DELETED" ? "deleted" : "applied", object: event.object },
    };
  }

  #failed(error: unknown, then: State<T>, why = restartAfter(error)): Step<T> {
    if (isAbort(error, this.#options.signal)) throw error;
    this.#options.onRestart?.(why);
    const asked = error instanceof ApiError ? error.retryAfterMs ?? 0 : 0;
    const delayMs = Math.max(Math.min(asked, MAX_ASKED_MS), this.#backoff.next());
    return {
      state: { kind: "waiting", delayMs, then },
      change: { type: "failed", error, retryMs: delayMs },
    };
  }
}
