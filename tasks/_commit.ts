/** Which commit is built, where git knows. */

import { runProgram } from "./_program.ts";

/** The commit of the working copy, with `-dirty` if a file of it was changed; nothing without git, or outside it. */
export async function commitOfWorkingCopy(): Promise<string | undefined> {
  return await git("describe", "--always", "--dirty", "--abbrev=40", "--exclude=*");
}

/** When that commit was made, in seconds since 1970; `SOURCE_DATE_EPOCH` comes first (reproducible-builds.org). */
export async function epochOfCommit(): Promise<string | undefined> {
  return Deno.env.get("SOURCE_DATE_EPOCH") ?? await git("log", "-1", "--format=%ct");
}

async function git(...args: readonly string[]): Promise<string | undefined> {
  const { ok, stdout } = await runProgram(["git", ...args]);
  return ok ? stdout.trim() : undefined;
}
