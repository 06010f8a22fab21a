/** Which files of this machine are programs. */

/** Whether there is a file that may be executed. */
export async function isExecutable(path: string): Promise<boolean> {
  try {
    const { isFile, mode } = await Deno.stat(path);
    return isFile && (mode === null || (mode & 0o111) !== 0);
  } catch {
    return false; // Whatever keeps us from looking at it would keep us from running it.
  }
}
