/** All watches that are running, so that they can be ended together or broken on purpose. */

import type { RequestRecord } from "./record.ts";
import type { WatchStream } from "./verbs/watch_stream.ts";

interface RunningWatch {
  readonly request: RequestRecord;
  readonly collection: string;
  readonly stream: WatchStream;
  readonly done: Promise<void>;
}

/** The running watches. */
export class RunningWatches {
  readonly #running = new Map<WatchStream, RunningWatch>();

  /** How many there are. */
  get size(): number {
    return this.#running.size;
  }

  /** Starts the clock of a watch, and keeps it until it ends. */
  start(request: RequestRecord, collection: string, stream: WatchStream): void {
    if (stream.ended) return;
    this.#running.set(stream, { request, collection, stream, done: stream.run() });
  }

  /** Forgets a watch that has ended. */
  ended(stream: WatchStream): void {
    this.#running.delete(stream);
  }

  /** Ends the watches of a collection as if their time were over. */
  end(collection: string): void {
    for (const watch of [...this.#running.values()]) {
      if (watch.collection === collection) watch.stream.close();
    }
  }

  /** Breaks the connections of the watches that a test chooses, and says how many those were. */
  cut(matches: (request: RequestRecord) => boolean): number {
    const chosen = [...this.#running.values()].filter(({ request }) => matches(request));
    for (const { stream } of chosen) stream.cut();
    return chosen.length;
  }

  /** Ends all watches, and waits until nothing of them is left. */
  async closeAll(): Promise<void> {
    const all = [...this.#running.values()];
    for (const { stream } of all) stream.close();
    await Promise.all(all.map(({ done }) => done));
  }
}
