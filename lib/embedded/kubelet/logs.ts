/** The output of one run of a container, bounded, and the ways in which it can be read. */

import { abortable } from "../../time/mod.ts";

/** Output that is kept of one run, in characters; the kubelet rotates its files at 10 MiB. */
const MAX_CHARACTERS = 10 * 1024 * 1024;

/** One line of output. */
export interface LogLine {
  /** When it was written, in ms since 1970. */
  readonly atMs: number;
  /** The line without its end. */
  readonly text: string;
}

/** Which lines to read and how. */
export interface LogReadOptions {
  /**
   * Go on with the lines that come until the container ends.
   *
   * @default {false}
   */
  readonly follow?: boolean;
  /** Begin with at most this many of the lines there are. */
  readonly tailLines?: number | undefined;
  /** Only lines written at this time or later, in ms since 1970. */
  readonly sinceMs?: number | undefined;
  /** End after this many bytes, in the middle of a line if need be. */
  readonly limitBytes?: number | undefined;
  /**
   * Begin each line with its time.
   *
   * @default {false}
   */
  readonly timestamps?: boolean;
}

/** There is no such log; the message is shown to the user. */
export class LogNotFoundError extends Error {
  /** Name of the class, for logs. */
  override readonly name = "LogNotFoundError";
  /** HTTP status: 404 for what does not exist, 400 for what has no log yet. */
  readonly status: 400 | 404;

  /** Creates the error. */
  constructor(status: 400 | 404, message: string) {
    super(message);
    this.status = status;
  }
}

/** Lines of one run of a container; when there are too many, the oldest go. */
export class ContainerLog {
  readonly #maxCharacters: number;
  /** Lines from `#first` on, which has this number since the start: readers keep their place while lines are dropped. */
  #lines: LogLine[] = [];
  #first = 0;
  #characters = 0;
  #closed = false;
  #changed = Promise.withResolvers<void>();

  /** Creates an empty log. */
  constructor(maxCharacters: number = MAX_CHARACTERS) {
    this.#maxCharacters = maxCharacters;
  }

  /** Adds a line. */
  append(line: LogLine): void {
    this.#lines.push(line);
    this.#characters += line.text.length + 1;
    if (this.#characters > this.#maxCharacters) this.#dropOldest();
    this.#notify();
  }

  /** No line will follow: readers that follow come to their end. */
  close(): void {
    this.#closed = true;
    this.#notify();
  }

  /** The last lines as one text of at most `maxCharacters`. */
  tail(maxLines: number, maxCharacters: number): string {
    return this.#lines.slice(-maxLines).map(({ text }) => text).join("\n").slice(-maxCharacters);
  }

  /** Reads lines, each with its end; it ends early when the signal is aborted. */
  async *read(
    options: LogReadOptions,
    signal: AbortSignal,
  ): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
    const { tailLines = Infinity, sinceMs = -Infinity, timestamps = false } = options;
    const encoder = new TextEncoder();
    let left = options.limitBytes ?? Infinity;
    let next = Math.max(this.#first, this.#first + this.#lines.length - tailLines);
    while (!signal.aborted) {
      next = Math.max(next, this.#first);
      for (; next < this.#first + this.#lines.length && left > 0; next++) {
        const line = this.#lines[next - this.#first];
        if (!line || line.atMs < sinceMs) continue;
        const stamp = timestamps ? `${new Date(line.atMs).toISOString()} ` : "";
        const bytes = encoder.encode(`${stamp}${line.text}\n`);
        left -= bytes.length;
        yield left < 0 ? bytes.subarray(0, left) : bytes;
        if (signal.aborted) return;
      }
      if (!options.follow || this.#closed || left <= 0) return;
      await this.#change(signal);
    }
  }

  #dropOldest(): void {
    // Dropping a quarter at once keeps the cost of a line constant.
    let drop = 0;
    while (this.#characters > this.#maxCharacters * 3 / 4 && drop < this.#lines.length - 1) {
      this.#characters -= (this.#lines[drop]?.text.length ?? 0) + 1;
      drop++;
    }
    this.#lines = this.#lines.slice(drop);
    this.#first += drop;
  }

  #notify(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }

  async #change(signal: AbortSignal): Promise<void> {
    await abortable(this.#changed.promise, signal).catch(() => {});
  }
}
