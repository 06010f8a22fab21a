/** `demo`: a cluster, the controller and a Bitcoin network on this machine. */

import { Command, type CommandUnknownOpts, Option } from "@commander-js/extra-typings";
import type { CommandIo } from "../io.ts";
import { configureLogging, LOG_LEVELS } from "../logging.ts";
import { seconds, wholeNumber } from "../option.ts";

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
    .option(
      "--kubeconfig <file>",
      "use this API server, which has no nodes, and make this machine its node",
    )
    .option("--context <name>", "with --kubeconfig: context of it (default: its current one)")
    .addOption(
      new Option("--story", "run the acceptance of a network's life step by step, then stop")
        .conflicts(["nodes", "blockInterval"]),
    )
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

With --kubeconfig it uses an API server of yours (with kube-controller-manager and no nodes, as
envtest starts them) and brings the node and the controller. It works in a namespace of its own,
bitcoin-controller-demo, and deletes that at the end; the CustomResourceDefinition stays.

Examples:
  bitcoin-controller demo
  bitcoin-controller demo --nodes 9 --bitcoind fake
  bitcoin-controller demo --story
  bitcoin-controller demo --kubeconfig envtest.kubeconfig
  bitcoin-controller demo --story --json --bitcoind real | jq .ok`,
    )
    .action(async (options, command) => {
      if (options.json && !options.story) command.error("error: option '--json' needs '--story'");
      if (options.context && !options.kubeconfig) {
        command.error("error: option '--context' needs '--kubeconfig'");
      }
      await configureLogging(io, { level: options.logLevel, format: "text" });
      // The embedded cluster is a third of the program's memory, and the controller does not need it.
      const { perform } = await import("./perform.ts");
      await perform(io, options);
    });
}
