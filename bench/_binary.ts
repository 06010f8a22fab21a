/** The controller as it is shipped. */

import { run } from "./_process.ts";

/** The compiled binary. */
export const BINARY = "dist/bitcoin-controller";

/**
 * Compiles it, so that it is what the sources are.
 *
 * @throws {Error} with what `deno task build` says
 */
export async function buildBinary(): Promise<void> {
  await run(Deno.execPath(), ["run", "-A", "--quiet", "tasks/build.ts"]);
}
