/** What loading a configuration reads from the outside. */

import type { Clock } from "../time/mod.ts";
import { ConfigError } from "./errors.ts";
import type { RunPlugin } from "./exec_credentials.ts";

/** The seams, filled in. */
export interface ConfigIo {
  readonly env: (name: string) => string | undefined;
  readonly readFile: (path: string) => Promise<string>;
  readonly clock: Clock;
  readonly runPlugin?: RunPlugin | undefined;
  readonly isTerminal?: (() => boolean) | undefined;
}

/** Reads a file that must be there; `what` names it in messages. */
export async function readRequired(io: ConfigIo, what: string, path: string): Promise<string> {
  let text: string;
  try {
    text = await io.readFile(path);
  } catch (cause) {
    const why = cause instanceof Deno.errors.NotFound ? "it does not exist" : String(cause);
    throw new ConfigError(`Cannot read ${what} '${path}': ${why}`, { cause });
  }
  if (text.trim() === "") throw new ConfigError(`Cannot read ${what} '${path}': it is empty`);
  return text;
}
