/** `demo`: a cluster, the controller and a Bitcoin network on this machine. */

import { Command, type CommandUnknownOpts, Option } from "@commander-js/extra-typings";
import type { CommandIo } from "../io.ts";
import { configureLogging, LOG_LEVELS } from "../logging.ts";
import { seconds, wholeNumber } from "../option.ts";
import { runShow } from "./show.ts";
import { withStage } from "./stage.ts";
import { runStory } from "../story/command.ts";

/** Shows a network live until Ctrl-C, or tells the story of one. */
export function demoCommand(io: CommandIo): CommandUnknownOpts {
  return new Command("demo")
    .description("run a network on this machine, with nothing installed, until Ctrl-C")
    .option("--nodes <number>", "nodes of the network", wholeNumber(0, 100), 4)
    .option(
      "--bitcoind <which>",
      "what the nodes run: real (bitcoind on PATH), fake (in this process), auto (real if there is one), or a path",
      "auto",
    )
    .addOption(
      new Option("--block-interval <seconds>", "mine a block that often; 0 for never")
        .argParser(seconds(0, 3600)).default(10_000, "10"),
    )
    .option("--story", "run the acceptance of a network's life step by step, then stop")
    .option("--json", "with --story: print the result as JSON")
    .addOption(
      new Option(
        "--log-level <level>",
        "lowest level of the controller's log that is written to standard error",
      )
        .choices(LOG_LEVELS).default("error" as const),
    )
    .addHelpText(
      "after",
      `
Starts a small Kubernetes cluster in this process, the controller, and a Bitcoin network on
loopback addresses, and shows it. Ctrl-C ends it and leaves nothing behind.

Examples:
  bitcoin-controller demo
  bitcoin-controller demo --nodes 9 --bitcoind fake
  bitcoin-controller demo --story
  bitcoin-controller demo --story --json --bitcoind real | jq .ok`,
    )
    .action(async (options, command) => {
      if (options.json && !options.story) command.error("error: option '--json' needs '--story'");
      await configureLogging(io, { level: options.logLevel, format: "text" });
      await withStage(
        { bitcoind: options.bitcoind },
        io.signal,
        (stage, signal) =>
          options.story
            ? runStory(io, stage, { json: options.json ?? false, signal })
            : runShow(io, stage, {
              nodes: options.nodes,
              blockIntervalMs: options.blockInterval,
              signal,
            }),
      );
    });
}
