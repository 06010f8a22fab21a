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

/** The state of a file that cannot be read, for messages that name it already. */
export function whyUnreadable(cause: unknown): string {
  if (cause instanceof Deno.errors.NotFound) return "it does not exist";
  if (cause instanceof Deno.errors.PermissionDenied) return "this program may not read it";
  if (cause instanceof Deno.errors.IsADirectory) return "it is a folder";
  if (cause instanceof Deno.errors.NotCapable) {
    return "Deno lets a compiled program read nothing in /dev, /proc and /sys; use a copy elsewhere";
  }
  return String(cause);
}

/**
 * Reads a file, which may be empty; `what` names it in messages.
 *
 * @throws {ConfigError} if it cannot be read
 */
export async function readText(io: ConfigIo, what: string, path: string): Promise<string> {
  try {
    return await io.readFile(path);
  } catch (cause) {
    throw new ConfigError(`Cannot read ${what} '${path}': ${whyUnreadable(cause)}`, { cause });
  }
}

/**
 * Reads a file that must hold something; `what` names it in messages.
 *
 * @throws {ConfigError} if it cannot be read or is empty
 */
export async function readRequired(io: ConfigIo, what: string, path: string): Promise<string> {
  const text = await readText(io, what, path);
  if (text.trim() === "") throw new ConfigError(`Cannot read ${what} '${path}': it is empty`);
  return text;
}
