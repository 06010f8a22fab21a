/** A full-screen view on a terminal: drawn in place, and gone when it is over. */

import type { CommandIo } from "../io.ts";

// xterm control sequences (ECMA-48; "Alternate Screen Buffer" of XTerm Control Sequences).
const ENTER = "\x1b[?1049h\x1b[?25l";
const LEAVE = "\x1b[?25h\x1b[?1049l";
const HOME = "\x1b[H";
const CLEAR_LINE = "\x1b[K";
const CLEAR_BELOW = "\x1b[J";

/** The terminal's other screen; the person's own comes back on disposal. */
export class Screen implements Disposable {
  readonly #io: CommandIo;
  #last = "";

  /** A screen on the terminal of `io`, not entered yet. */
  constructor(io: CommandIo) {
    this.#io = io;
  }

  /** Replaces what is shown; the same text again costs nothing. */
  show(text: string): void {
    if (this.#last === "") this.#io.out(ENTER);
    if (text === this.#last) return;
    this.#last = text;
    this.#io.out(`${HOME}${text.replaceAll("\n", `${CLEAR_LINE}\n`)}${CLEAR_LINE}${CLEAR_BELOW}`);
  }

  [Symbol.dispose](): void {
    if (this.#last !== "") this.#io.out(LEAVE);
    this.#last = "";
  }
}
