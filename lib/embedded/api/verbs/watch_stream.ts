/** One running watch: a stream of lines that ends by its time, by the client, by the server, or because the client is too slow. */

import type { Clock } from "../../../time/mod.ts";
import type { JsonObject } from "../json.ts";

/** The watch of a client that leaves this much unread is ended; it can resume from where it was. In bytes. */
const MAX_UNREAD = 32 * 1024 * 1024;

/** How often bookmarks are sent (`bookmarkFrequency` of the cacher), in ms. */
const BOOKMARK_MS = 60_000;
/** A watch that ends by its time sends a bookmark this long before, in ms. */
const LAST_BOOKMARK_MS = 2_000;

/** How a {@linkcode WatchStream} runs. */
export interface WatchStreamOptions {
  /** Time source. */
  readonly clock: Clock;
  /** How long it lasts, in ms. */
  readonly timeoutMs: number;
  /** Makes a bookmark; absent if the client wants none. */
  readonly bookmark?: () => JsonObject;
  /** Called once, when it has ended for whatever reason. */
  readonly onEnd: (stream: WatchStream) => void;
}

/** A stream of events, one JSON document in a line each. */
export class WatchStream {
  /** What the client reads. */
  readonly body: ReadableStream<Uint8Array>;
  readonly #options: WatchStreamOptions;
  readonly #ended = new AbortController();
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  #sent = 0;
  #running = false;

  /** Opens the stream; {@linkcode WatchStream.run} starts its clock. */
  constructor(options: WatchStreamOptions) {
    this.#options = options;
    this.body = new ReadableStream<Uint8Array>({
      start: (controller) => void (this.#controller = controller),
      cancel: () => this.#end(),
    }, new ByteLengthQueuingStrategy({ highWaterMark: MAX_UNREAD }));
  }

  /** Whether it has ended. */
  get ended(): boolean {
    return this.#ended.signal.aborted;
  }

  /** How many lines were sent, bookmarks left out. */
  get sent(): number {
    return this.#sent;
  }

  /** Sends a line. */
  send(line: Uint8Array): void {
    this.#sent++;
    this.#write(line);
  }

  /** Sends a bookmark. */
  sendBookmark(event: JsonObject): void {
    this.#write(encodeEvent("BOOKMARK", event));
  }

  /** Ends the stream as the server does when the time is over. */
  close(): void {
    if (this.ended) return;
    this.#controller?.close();
    this.#end();
  }

  /** Breaks the connection in the middle. */
  cut(): void {
    if (this.ended) return;
    this.#controller?.error(new Error("The connection is cut on purpose"));
    this.#end();
  }

  /** Sends bookmarks from time to time, and closes the stream when its time is over. */
  async run(): Promise<void> {
    this.#running = true;
    const { clock, timeoutMs, bookmark } = this.#options;
    const deadline = clock.monotonic() + timeoutMs;
    let lastBookmark = bookmark ? deadline - LAST_BOOKMARK_MS : Number.POSITIVE_INFINITY;
    try {
      for (;;) {
        const now = clock.monotonic();
        if (now >= deadline) return this.close();
        const nextBookmark = bookmark ? Math.min(now + BOOKMARK_MS, lastBookmark) : deadline;
        await clock.sleep(Math.min(nextBookmark, deadline) - now, this.#ended.signal);
        if (clock.monotonic() >= lastBookmark) lastBookmark = Number.POSITIVE_INFINITY;
        if (bookmark && clock.monotonic() < deadline) this.sendBookmark(bookmark());
      }
    } catch (error) {
      if (!this.ended) throw error;
    }
  }

  #write(line: Uint8Array): void {
    if (this.ended) return;
    this.#controller?.enqueue(line);
    // What a watch begins with cannot have been read yet.
    if (this.#running && (this.#controller?.desiredSize ?? 0) <= 0) this.close();
  }

  #end(): void {
    // A client that goes away while lines are left unread cancels a stream that has ended.
    if (this.ended) return;
    this.#ended.abort();
    this.#options.onEnd(this);
  }
}

const ENCODER = new TextEncoder();

/** One line of a watch. */
export function encodeEvent(type: string, object: JsonObject): Uint8Array {
  return ENCODER.encode(`{"type":"${type}","object":${JSON.stringify(object)}}\n`);
}
