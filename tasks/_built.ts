/** What was built: whether it runs, and what it was made of. */

import { readIfThere } from "./_files.ts";
import type { Ran } from "./_program.ts";

/** What a program was made of, as far as git knows. */
export interface Origin {
  /** The commit. */
  readonly commit?: string | undefined;
  /** When that was made, in seconds since 1970. */
  readonly epochSeconds?: string | undefined;
}

/**
 * What is wrong with a program that was compiled for this machine; nothing if it is what was to be compiled. A stub that
 * is none, or that of another Deno, makes a program that does not run.
 *
 * @param path where it is, for the message
 * @param ran how its command `version` ended
 * @param version what that is to name
 */
export function problemOfProgram(path: string, ran: Ran, version: string): string | undefined {
  const { ok, code, stdout, stderr } = ran;
  if (ok && stdout.includes(version)) return undefined;
  const [said] = (stderr.trim() || stdout.trim()).split("\n");
  return `Cannot use '${path}', which was compiled: \`version\` says '${
    said || `nothing, and ends with ${code}`
  }'; ` +
    "DENORT_BIN must name the runtime stub of the very Deno that compiles (DENO_COMPILE)";
}

/** Keeps it for {@linkcode readOrigin}. */
export async function writeOrigin(path: string, origin: Origin): Promise<void> {
  await Deno.writeTextFile(path, `${JSON.stringify(origin)}\n`);
}

/** What was kept; nothing if nothing was. */
export async function readOrigin(path: string): Promise<Origin> {
  // as: it is what writeOrigin() wrote.
  return JSON.parse(await readIfThere(path) ?? "{}") as Origin;
}
