/** `run`: the controller, against the cluster of a kubeconfig or of the pod that it runs in. */

import { Command, type CommandUnknownOpts, Option } from "@commander-js/extra-typings";
import { getLogger } from "@logtape/logtape";
import { type Connection, KubeClient, loadConnection } from "../../kube/mod.ts";
import { NetworkController } from "../../network/mod.ts";
import { isAbort } from "../../time/mod.ts";
import type { CommandIo } from "../io.ts";
import { configureLogging, LOG_FORMATS, LOG_LEVELS } from "../logging.ts";
import { collect, seconds, wholeNumber } from "../option.ts";
import { runParts } from "./parts.ts";
import { VERSION } from "../version.ts";

const logger = getLogger(["bitcoin-controller", "cli"]);

/** Runs the controller until it is asked to stop. */
export function runCommand(io: CommandIo): CommandUnknownOpts {
  return new Command("run")
    .description("run the controller against a cluster, until SIGINT or SIGTERM")
    .option("--kubeconfig <file>", "kubeconfig to use")
    .option("--context <name>", "context of the kubeconfig (default: its current context)")
    .option("-n, --namespace <name>", "serve only this namespace; may be repeated", collect)
    .addOption(
      new Option("--poll <seconds>", "time between two polls of a settled node")
        .argParser(seconds(1, 3600)).default(10_000, "10"),
    )
    .option("--workers <number>", "networks that are worked on at once", wholeNumber(1, 100), 5)
    .addOption(
      new Option("--peer-addresses <kind>", "how nodes name each other")
        .choices(["name", "ip"] as const).default("name" as const),
    )
    .addOption(
      new Option("--log-level <level>", "lowest level that is logged")
        .choices(LOG_LEVELS).default("info" as const),
    )
    .addOption(
      new Option("--log-format <format>", "how log lines are written")
        .choices(LOG_FORMATS).default("text" as const),
    )
    .addHelpText(
      "after",
      `
The cluster is that of --kubeconfig, else of KUBECONFIG, else of the service account of the pod
that the controller runs in, else of ~/.kube/config.

Examples:
  bitcoin-controller run
  bitcoin-controller run --context kind-kind --namespace team-a --namespace team-b
  bitcoin-controller run --log-format json --poll 5`,
    )
    .action(async (options) => {
      await configureLogging(io, { level: options.logLevel, format: options.logFormat });
      const connection = await loadConnection({
        ...(options.kubeconfig !== undefined && { kubeconfig: options.kubeconfig }),
        ...(options.context !== undefined && { context: options.context }),
      });
      using client = new KubeClient(connection, { userAgent: `bitcoin-controller/${VERSION}` });
      await greet(client, connection, io.signal);
      const controller = new NetworkController({
        client,
        pollMs: options.poll,
        peerAddresses: options.peerAddresses,
        workers: options.workers,
        ...(options.namespace && { namespaces: options.namespace }),
      });
      if (io.env("HTTP_PROXY") ?? io.env("http_proxy")) {
        logger.warn(
          "HTTP_PROXY is set: calls of nodes go through it, unless NO_PROXY has the pods' addresses",
        );
      }
      await runParts({ controller }, io.signal);
      logger.info("Stopped");
    });
}

/** Asks the server who it is, so that a wrong address or credential ends the program with a clear error at once. */
async function greet(
  client: KubeClient,
  connection: Connection,
  signal: AbortSignal,
): Promise<void> {
  const { server, description } = connection;
  try {
    const version = await client.request({ path: "/version", signal });
    // Not the whole URL: the demo's has a token in its path.
    logger.info("Connected to {server}", { server: new URL(server).origin, version });
  } catch (cause) {
    if (isAbort(cause, signal)) throw cause;
    throw new Error(`Cannot use the API server '${server}' of ${description}`, { cause });
  }
}
