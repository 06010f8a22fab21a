/** A `fetch` whose watches of pods bring nothing until a gate is opened: a cache as stale as a test wishes. */

import type { FetchLike } from "../../../lib/kube/mod.ts";

/** Holds back what watches of pods say. Requests of all other kinds pass. */
export class LateWatch {
  #gate = Promise.withResolvers<void>();

  /** How many pods could not be created since they were there already. */
  refused = 0;

  /** To give to a client. */
  readonly fetch: FetchLike = async (url, init) => {
    const response = await fetch(url, init);
    const { pathname, searchParams } = new URL(url);
    if (!pathname.endsWith("/pods")) return response;
    if (init.method === "POST" && response.status === 409) this.refused++;
    if (!searchParams.has("watch") || !response.body) {
      return response;
    }
    const held = response.body.pipeThrough(
      new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
        transform: async (chunk, controller) => {
          await this.#gate.promise;
          controller.enqueue(chunk);
        },
      }),
    );
    return new Response(held, response);
  };

  /** Lets everything pass from now on. */
  open(): void {
    this.#gate.resolve();
  }

  /** Holds back what comes from now on. */
  close(): void {
    this.#gate = Promise.withResolvers<void>();
  }
}
