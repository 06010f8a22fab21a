/** Compiles dist/bitcoin-controller: one file that needs nothing beside it. */

// deno-lint-ignore-file no-console -- a task talks to the person at the terminal

import { collectLibraries } from "./_libraries.ts";
import { V8_FLAGS } from "./v8_flags.ts";

const OUTPUT = "dist/bitcoin-controller";
// Where the runtime stub cannot be downloaded, DENO_COMPILE names a Deno whose stub is in DENORT_BIN.
const deno = Deno.env.get("DENO_COMPILE") ?? Deno.execPath();

const { success, stderr } = await new Deno.Command(deno, {
  // Deno 2.4 looks at every file of every package; test data of one that prom-client needs overflows the 2 MB that it
  // gives its threads.
  env: { RUST_MIN_STACK: `${16 * 1024 * 1024}` },
  // Types are checked by `deno task check`, and by the Deno that the project is written for.
  args: [
    "compile",
    "--quiet",
    "--no-check",
    "--allow-all",
    `--v8-flags=${V8_FLAGS}`,
    "--output",
    OUTPUT,
    "main.ts",
  ],
}).output();
await Deno.stderr.write(stderr);
if (!success) Deno.exit(1);
const { size } = await Deno.stat(OUTPUT);
console.log(`${OUTPUT}: ${(size / 1e6).toFixed(1)} MB`);
await collectLibraries(OUTPUT, "dist/rootfs");
