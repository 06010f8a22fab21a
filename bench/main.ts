/** Runs the benchmarks that are named, or all of them. */

import { Argument, Command, InvalidArgumentError, Option } from "@commander-js/extra-typings";
import { type Benchmark, machine, measurer } from "./harness.ts";
import { benchmark as converge } from "./converge.ts";
import { benchmark as heal } from "./heal.ts";
import { benchmark as queue } from "./queue.ts";
import { benchmark as rest } from "./rest.ts";
import { benchmark as scale } from "./scale.ts";
import { benchmark as settled } from "./settled.ts";
import { benchmark as ship } from "./ship.ts";
import { benchmark as store } from "./store.ts";
import { benchmark as story } from "./story.ts";
import { benchmark as watch } from "./watch.ts";

const BENCHMARKS: Readonly<Record<string, Benchmark>> = {
  converge,
  heal,
  queue,
  rest,
  scale,
  settled,
  ship,
  store,
  story,
  watch,
};

const names = Object.keys(BENCHMARKS);
const list = Object.entries(BENCHMARKS).map(([name, { about }]) => `  ${name.padEnd(9)}${about}`);

const command = new Command("deno task bench")
  .description("Measures parts of the program, each beside a reference in the same run.")
  .addArgument(new Argument("[names...]", "which ones (default: all)").choices(names))
  .addOption(
    new Option("--rounds <number>", "how many runs of each count").default(7).argParser(rounds),
  )
  .addOption(
    new Option("--share <number>", "part of the networks that the full count has, for a quick look")
      .default(1).argParser(share),
  )
  .addHelpText("after", `\nBenchmarks:\n${list.join("\n")}`)
  .exitOverride((error) => Deno.exit(error.exitCode === 0 ? 0 : 2))
  .parse(Deno.args, { from: "user" });

// deno-lint-ignore no-console -- this is what the person asked for
const print = (line: string): void => console.log(line);
const options = command.opts();
const measure = measurer({ rounds: options.rounds, print });
print(`${machine()}\n`);
for (const name of command.args.length > 0 ? command.args : names) {
  await BENCHMARKS[name]?.run(measure, print, options);
}

function share(text: string): number {
  const value = Number(text);
  if (value > 0 && value <= 1) return value;
  throw new InvalidArgumentError("It must be a number above 0, up to 1.");
}

function rounds(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new InvalidArgumentError("It must be a whole number from 1.");
}
