/** Waiting in tests: for a state of the world, never for a time. */

import { Informer, type KubeObject, type ResourceHandle, type Stored } from "../../lib/kube/mod.ts";
import { deadline } from "../../lib/time/mod.ts";

/** How long to wait, and how to call what is waited for. */
export interface WaitOptions {
  /** What is waited for, for the error. */
  readonly what?: string;
  /**
   * When to give up, in ms.
   *
   * @default {5000}
   */
  readonly timeoutMs?: number;
}

/** How soon a condition that sends no news is tried again, in ms. */
const POLL_MS = 5;

/**
 * Watches the objects of a handle until `predicate` returns something for all of them, and returns that.
 * When it takes too long, the error shows the objects as they were last.
 */
export async function until<T extends KubeObject, R>(
  handle: ResourceHandle<T>,
  predicate: (objects: readonly Readonly<Stored<T>>[]) => R | undefined | false,
  { what = "the expected state", timeoutMs = 5000 }: WaitOptions = {},
): Promise<R> {
  using limit = deadline(timeoutMs);
  const found = Promise.withResolvers<R>();
  const informer = new Informer(handle);
  const look = (): void => {
    const result = informer.hasSynced && predicate(informer.store.list());
    if (result !== undefined && result !== false) found.resolve(result);
  };
  informer.subscribe({ added: look, updated: look, deleted: look });
  limit.signal.addEventListener("abort", () => {
    const objects = JSON.stringify(informer.store.list(), undefined, 1);
    found.reject(new Error(`Waited ${timeoutMs} ms for ${what}; there is ${objects}`));
  });
  const stop = new AbortController();
  const running = informer.run(stop.signal);
  informer.synced(stop.signal).then(look, found.reject);
  try {
    return await found.promise;
  } finally {
    stop.abort();
    await running;
  }
}

/** Waits until nothing of a handle is left, or nothing that `which` is true for. */
export async function untilGone<T extends KubeObject>(
  handle: ResourceHandle<T>,
  which: (object: Readonly<Stored<T>>) => boolean = () => true,
  options: WaitOptions = {},
): Promise<void> {
  await until(handle, (objects) => !objects.some(which), {
    what: "objects to be gone",
    ...options,
  });
}

/** Tries a condition again and again: for what sends no news, such as a process or a file. */
export async function eventually<R>(
  condition: () => R | undefined | false | Promise<R | undefined | false>,
  { what = "a condition", timeoutMs = 5000 }: WaitOptions = {},
): Promise<R> {
  const end = performance.now() + timeoutMs;
  for (;;) {
    const result = await condition();
    if (result !== undefined && result !== false) return result;
    if (performance.now() > end) throw new Error(`Waited ${timeoutMs} ms for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
