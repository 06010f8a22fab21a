/** A folder for one test. */

/** A folder that is removed on disposal. */
export interface TemporaryFolder extends AsyncDisposable {
  /** Its path. */
  readonly path: string;
}

/** Makes a folder for one test. */
export async function temporaryFolder(): Promise<TemporaryFolder> {
  const path = await Deno.makeTempDir({ prefix: "test-" });
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
}

/** The names of all there is in a folder. */
export async function namesIn(path: string): Promise<string[]> {
  return (await Array.fromAsync(Deno.readDir(path))).map(({ name }) => name);
}
