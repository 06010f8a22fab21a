/** The controller as it is shipped, and other programs in the same runtime. */

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

/**
 * Compiles a file of JavaScript with the runtime of the binary.
 *
 * @throws {Error} with what Deno says
 */
export async function compile(
  script: string,
  output: string,
  ...flags: readonly string[]
): Promise<void> {
  const plain = ["--quiet", "--no-config", "--no-lock", "--no-check", "--no-code-cache"];
  const args = ["compile", ...plain, ...flags, `--output=${output}`, script];
  await run(Deno.env.get("DENO_COMPILE") ?? Deno.execPath(), args);
}
