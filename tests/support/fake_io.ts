/** A command's outside that remembers what was written. */

import type { CommandIo } from "../../lib/cli/mod.ts";

/** A {@linkcode CommandIo} with its memory. */
export interface FakeIo extends CommandIo {
  /** What went to standard output so far. */
  readonly stdout: () => string;
  /** What went to standard error so far. */
  readonly stderr: () => string;
}

/** Creates one: a pipe without colours, unless `options` say otherwise. */
export function fakeIo(options: Partial<CommandIo> = {}): FakeIo {
  let stdout = "";
  let stderr = "";
  return {
    out: (text) => void (stdout += text),
    err: (text) => void (stderr += text),
    isTerminal: false,
    color: false,
    size: () => ({ columns: 80, rows: 24 }),
    env: () => undefined,
    signal: new AbortController().signal,
    ...options,
    stdout: () => stdout,
    stderr: () => stderr,
  };
}
