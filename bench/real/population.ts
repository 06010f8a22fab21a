/** Counts what there is in a namespace, from a watch of its own. */

import { deadline } from "../../lib/time/mod.ts";
import {
  Informer,
  type InformerHandler,
  type KubeClient,
  type KubeObject,
} from "../../lib/kube/mod.ts";
import type { ResourceType, Stored } from "../../lib/kube/mod.ts";

/** How long to wait, in ms. */
const PATIENCE_MS = 600_000;

/** Which objects count. */
export interface Wanted<T extends KubeObject> {
  /** Their kind. */
  readonly type: ResourceType<T>;
  /** Whether one is as it should be; any will do if absent. */
  readonly holds?: (object: Readonly<Stored<T>>) => boolean;
}

/** Watches one kind in one namespace until it is disposed of. */
export class Population<T extends KubeObject> implements AsyncDisposable {
  readonly #plural: string;
  readonly #informer: Informer<T>;
  readonly #stop = new AbortController();
  readonly #running: Promise<void>;
  readonly #holding = new Set<string>();
  #waiting: { readonly count: number; readonly reached: (at: number) => void }[] = [];

  /** Starts the watch. */
  constructor(client: KubeClient, namespace: string, { type, holds = () => true }: Wanted<T>) {
    this.#plural = type.plural;
    this.#informer = new Informer(client.resource(type, namespace));
    const look = (object: Readonly<Stored<T>>): void => {
      const { name } = object.metadata;
      if (holds(object)) this.#holding.add(name);
      else this.#holding.delete(name);
      this.#tell();
    };
    const handler: InformerHandler<T> = { added: look, updated: look };
    this.#informer.subscribe(handler);
    this.#running = this.#informer.run(this.#stop.signal);
  }

  /**
   * When `count` objects were as they should be, by `performance.now()`.
   *
   * @throws {Error} if that takes too long
   */
  async reached(count: number): Promise<number> {
    const { promise, resolve } = Promise.withResolvers<number>();
    this.#waiting.push({ count, reached: resolve });
    this.#tell();
    using limit = deadline(PATIENCE_MS);
    const late = new Promise<never>((_, reject) =>
      limit.signal.addEventListener("abort", () => {
        const there = `${this.#holding.size} of ${count} ${this.#plural}`;
        reject(new Error(`There are ${there} after ${PATIENCE_MS} ms`));
      })
    );
    return await Promise.race([promise, late]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort(new Error("The benchmark is over"));
    await this.#running;
  }

  #tell(): void {
    const size = this.#holding.size;
    for (const { count, reached } of this.#waiting) if (size >= count) reached(performance.now());
    this.#waiting = this.#waiting.filter(({ count }) => size < count);
  }
}
