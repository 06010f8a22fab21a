/** `deno task chaos`: breaks networks at random, and says how long each fault took to heal and what did not. */

// deno-lint-ignore-file no-console -- this is what the person asked for

import { Command, InvalidArgumentError } from "@commander-js/extra-typings";
import { runChaos } from "./chaos.ts";
import { reportOf } from "./report.ts";

const { minutes, seed, bitcoind } = new Command("deno task chaos")
  .description(
    "Runs 3 networks on the embedded cluster, with a controller of its own process, and breaks them at random: " +
      "after each fault the links, the chains and the status must be right again within a bound.",
  )
  .option("--minutes <number>", "how long", positive, 2)
  .option("--seed <number>", "repeats a run (default: one at random, which is printed)", whole)
  .option("--bitcoind <which>", "real, fake, auto, or a path", "auto")
  .addHelpText(
    "after",
    `
Examples:
  deno task chaos
  deno task chaos --minutes 30 --seed 7

Exit status: 0 all faults healed, 1 one did not, 2 wrong command line.`,
  )
  .exitOverride((error) => Deno.exit(error.exitCode === 0 ? 0 : 2))
  .parse(Deno.args, { from: "user" }).opts();

const chosen = seed ?? crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
const stop = new AbortController();
Deno.addSignalListener("SIGINT", () => stop.abort());
Deno.addSignalListener("SIGTERM", () => stop.abort());

console.log(`seed ${chosen}, ${minutes} minutes`);
const outcomes = await runChaos({
  seed: chosen,
  durationMs: minutes * 60_000,
  bitcoind,
  signal: stop.signal,
  print: (line) => console.log(line),
}).catch((error) => {
  console.error(error instanceof Error ? error.message : error);
  Deno.exit(1);
});
const broken = outcomes.flatMap(({ violations }) => violations);
console.log(`\n${reportOf(outcomes)}\n`);
if (broken.length > 0) {
  console.error(`It did not heal; repeat it with: deno task chaos --seed ${chosen}`);
  Deno.exit(1);
}
console.log(`all ${outcomes.length} faults healed (seed ${chosen})`);
Deno.exit(0);

function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError("It must be a number above 0.");
  return value;
}

function whole(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 0 && value < 2 ** 32) return value;
  throw new InvalidArgumentError("It must be a whole number from 0 to 4294967295.");
}
