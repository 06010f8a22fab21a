/** Which commit is built, where git knows. */

/** The commit of the working copy, with `-dirty` if a file of it was changed; nothing without git, or outside it. */
export async function commitOfWorkingCopy(): Promise<string | undefined> {
  return await git("describe", "--always", "--dirty", "--abbrev=40", "--exclude=*");
}

/** When that commit was made, in seconds since 1970; `SOURCE_DATE_EPOCH` comes first (reproducible-builds.org). */
export async function epochOfCommit(): Promise<string | undefined> {
  return Deno.env.get("SOURCE_DATE_EPOCH") ?? await git("log", "-1", "--format=%ct");
}

async function git(...args: readonly string[]): Promise<string | undefined> {
  try {
    const { success, stdout } = await new Deno.Command("git", { args: [...args], stderr: "null" })
      .output();
    return success ? new TextDecoder().decode(stdout).trim() : undefined;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
