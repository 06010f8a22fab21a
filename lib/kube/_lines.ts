/** Cuts a stream of bytes into lines of text. */

/**
 * Collects chunks and hands out the lines that are complete. A chunk may end anywhere, inside a character too. There
 * is no limit on the length of a line. What follows the last line break is never handed out: it was cut off.
 */
export class LineDecoder {
  readonly #decoder = new TextDecoder();
  /** Parts of the line that is not complete yet; joined once, so that a long line costs no quadratic copying. */
  #parts: string[] = [];

  /** Adds a chunk and returns the lines it completes, without their line breaks. Empty lines are left out. */
  push(chunk: Uint8Array<ArrayBuffer>): string[] {
    const lines = this.#decoder.decode(chunk, { stream: true }).split("\n");
    // `split` always returns at least one element.
    const rest = lines.pop() ?? "";
    if (lines.length === 0) {
      this.#parts.push(rest);
      return lines;
    }
    if (this.#parts.length > 0) {
      lines[0] = this.#parts.join("") + lines[0];
    }
    this.#parts = rest ? [rest] : [];
    return lines.filter((line) => line !== "" && line !== "\r");
  }
}
