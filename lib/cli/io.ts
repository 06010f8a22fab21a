/** What a command may touch of the world outside: where it writes, and when it must stop. */

import type { Permission } from "./permission.ts";

/** The outside of a command. Tests pass one that remembers what was written. */
export interface CommandIo {
  /** Writes to standard output: what the person asked for. */
  readonly out: (text: string) => void;
  /** Writes to standard error: progress, logs and errors. */
  readonly err: (text: string) => void;
  /** Whether standard output is a terminal, so that a live view makes sense. */
  readonly isTerminal: boolean;
  /** Whether to write colours: a terminal, and no `NO_COLOR` (https://no-color.org). */
  readonly color: boolean;
  /** Size of the terminal; 80 by 24 where there is none. */
  readonly size: () => { readonly columns: number; readonly rows: number };
  /** Reads an environment variable. */
  readonly env: (name: string) => string | undefined;
  /**
   * Reads a text file.
   *
   * @default {Deno.readTextFile}
   */
  readonly readFile?: (path: string) => Promise<string>;
  /**
   * Gives up a permission for good.
   *
   * @default {does nothing}
   */
  readonly giveUp?: (name: Permission) => void;
  /** Aborted by the first SIGINT, SIGTERM or SIGHUP; its reason is an {@linkcode Interrupted}. */
  readonly signal: AbortSignal;
}

/** Why {@linkcode CommandIo.signal} is aborted: a person or a supervisor asked the program to stop. */
export class Interrupted extends Error {
  /** The signal that was received. */
  readonly signalName: "SIGINT" | "SIGTERM" | "SIGHUP" | "SIGPIPE";

  /** Creates the reason for one signal. */
  constructor(signalName: Interrupted["signalName"]) {
    super(`Interrupted by ${signalName}`);
    this.name = "Interrupted";
    this.signalName = signalName;
  }
}
