/** An informer in virtual time, with somebody who listens. */

import {
  Informer,
  type InformerOptions,
  type KubeObject,
  objectKey,
  type ObjectList,
  type Stored,
  type WatchEvent,
} from "../../lib/kube/mod.ts";
import { FakeClock, settle } from "../support/fake_clock.ts";
import type { FakeSource } from "./_fake_source.ts";
import type { Thing } from "./_support.ts";

/** A list of a version. */
export function listed(
  resourceVersion: string,
  ...items: ObjectList<Thing>["items"]
): ObjectList<Thing> {
  return { items, resourceVersion };
}

/** An event of a watch. */
export function event(
  type: "ADDED" | "MODIFIED" | "DELETED",
  object: Stored<Thing>,
): WatchEvent<Thing> {
  return { type, object };
}

/** An informer in virtual time and a handler that writes down what it hears, and what the store holds then. */
export class Scene implements AsyncDisposable {
  readonly clock = new FakeClock();
  readonly informer: Informer<Thing>;
  readonly heard: string[] = [];
  readonly stored: string[] = [];
  readonly #stop = new AbortController();
  readonly #done: Promise<void>;

  constructor(source: FakeSource, options: InformerOptions<Thing> = {}) {
    const { clock } = this;
    this.informer = new Informer(source, { clock, random: () => 0, freeze: true, ...options });
    const note = (word: string, object: KubeObject): void => {
      this.heard.push(`${word} ${objectKey(object)} ${object.metadata?.resourceVersion}`);
      this.stored.push(this.informer.store.list().map(objectKey).sort().join(" "));
    };
    this.informer.subscribe({
      added: (object) => note("added", object),
      updated: (object) => note("updated", object),
      deleted: (object) => note("deleted", object),
    });
    this.#done = this.informer.run(this.#stop.signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#done;
  }
}

/** A {@linkcode Scene} in which all that can happen at once has happened. */
export async function scene(source: FakeSource, options?: InformerOptions<Thing>): Promise<Scene> {
  const started = new Scene(source, options);
  await settle();
  return started;
}
