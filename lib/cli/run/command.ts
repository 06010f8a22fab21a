/** `run`: the controller, against the cluster of a kubeconfig or of the pod that it runs in. */

import { Command, type CommandUnknownOpts, Option } from "@commander-js/extra-typings";
import { getLogger } from "@logtape/logtape";
import {
  ClockCheck,
  ExecCredentials,
  KubeClient,
  LEASE_TIMES,
  loadConnection,
  problemOfTimes,
} from "../../kube/mod.ts";
import type { ListenAddress } from "../../server/mod.ts";
import { isAbort } from "../../time/mod.ts";
import { describeError, ToldError } from "../describe_error.ts";
import type { CommandIo } from "../io.ts";
import { configureLogging, LOG_FORMATS, LOG_LEVELS, type LoggingOptions } from "../logging.ts";
import { namespaceName, namespaceNames, nonEmpty, seconds, wholeNumber } from "../option.ts";
import { type ElectionOptions, replicaName, timesOf } from "./election.ts";
import { listenOption } from "./listen.ts";
import { serverVersion } from "../server_version.ts";
import { VERSION } from "../version.ts";

/** Name of the program in `User-Agent`; the name of the replica and the operating system follow. */
const PRODUCT = "bitcoin-controller";
/** Name of the Lease that the rights are for (`LEASE_NAME` of lib/network, which is not loaded for it). */
const LEASE = "bitcoin-controller";

const logger = getLogger(["bitcoin-controller", "cli"]);

/** Runs the controller until it is asked to stop. */
export function runCommand(io: CommandIo): CommandUnknownOpts {
  return new Command("run")
    .description("run the controller against a cluster, until SIGINT or SIGTERM")
    .option("--kubeconfig <file>", "kubeconfig to use")
    .option("--context <name>", "context of the kubeconfig (default: its current context)")
    .option("-n, --namespace <name>", "serve only this namespace; may be repeated", namespaceNames)
    .addOption(
      new Option("--poll <seconds>", "time between two polls of a settled node")
        .argParser(seconds(1, 3600)).default(10_000, "10"),
    )
    .option("--workers <number>", "networks that are worked on at once", wholeNumber(1, 100), 5)
    .addOption(
      new Option("--peer-addresses <kind>", "how nodes name each other")
        .choices(["name", "ip"] as const).default("name" as const),
    )
    .option(
      "--leader-elect",
      "of several replicas let one work at a time (default: in a cluster, not with a kubeconfig)",
    )
    .option("--no-leader-elect", "work at once, whoever else does")
    .option(
      "--lease-namespace <name>",
      "namespace of the Lease (default: that of the pod, or of the context)",
      namespaceName,
    )
    .option("--lease-name <name>", "the Lease that the replicas compete for", nonEmpty, LEASE)
    .addOption(
      new Option("--lease-duration <seconds>", "how long nobody takes over from a leader that died")
        .argParser(wholeNumber(1, 3600)).default(LEASE_TIMES.leaseDurationMs / 1000),
    )
    .addOption(
      new Option("--renew-deadline <seconds>", "how long the leader works on without a renewal")
        .argParser(seconds(0.1, 3600)).default(
          LEASE_TIMES.renewDeadlineMs,
          `${LEASE_TIMES.renewDeadlineMs / 1000}`,
        ),
    )
    .addOption(
      new Option("--retry-period <seconds>", "time between two renewals")
        .argParser(seconds(0.1, 3600)).default(
          LEASE_TIMES.retryPeriodMs,
          `${LEASE_TIMES.retryPeriodMs / 1000}`,
        ),
    )
    .option(
      "--listen <address>",
      "serve health and metrics there: HOST:PORT, :PORT or off (default: :8080 in a cluster, else off)",
      listenOption,
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
  bitcoin-controller run --leader-elect --lease-namespace bitcoin-system
  bitcoin-controller run --log-format json --poll 5
  bitcoin-controller run --listen 127.0.0.1:8080   then: curl '127.0.0.1:8080/readyz?verbose'`,
    )
    .action(async (options, command) => {
      io.giveUp?.("write");
      const problem = problemOfTimes(timesOf(options));
      if (problem) command.error(`error: ${problem}`);
      await configureLogging(io, { level: options.logLevel, format: options.logFormat });
      try {
        await run(io, options);
      } catch (error) {
        // Whoever asks it to stop wants no more of it, however little it has done until then.
        if (!isAbort(error, io.signal)) throw tell(error, options.logFormat);
      }
      logger.info("Stopped");
    });
}

/** Who reads JSON lines reads the last one as well. */
function tell(error: unknown, format: LoggingOptions["format"]): unknown {
  if (format !== "json") return error;
  logger.fatal("Failed", { error: describeError(error) });
  return new ToldError("Failed, as the log says", { cause: error });
}

/** The options, as they are parsed. */
export interface RunOptions extends ElectionOptions {
  readonly kubeconfig?: string | undefined;
  readonly context?: string | undefined;
  readonly namespace?: string[] | undefined;
  /** In ms. */
  readonly poll: number;
  readonly workers: number;
  readonly peerAddresses: "name" | "ip";
  readonly listen?: ListenAddress | "off" | undefined;
}

/** Connects, and runs all parts until the signal is aborted. */
async function run(io: CommandIo, options: RunOptions): Promise<void> {
  const { kubeconfig, context } = options;
  const { env, readFile } = io;
  const connection = await loadConnection({ kubeconfig, context, env, readFile });
  // Nobody but a credential plugin is run.
  if (!(connection.credentials instanceof ExecCredentials)) io.giveUp?.("run");
  const userAgent = `${PRODUCT}/${VERSION} ${replicaName(io)}`;
  const clockCheck = new ClockCheck();
  {
    using client = new KubeClient(connection, { userAgent, clockCheck });
    const version = await serverVersion(client, io.signal);
    // Not the whole URL: the demo's has a token in its path.
    logger.info("Connected", { server: new URL(connection.server).origin, version });
  }
  // Most of the program. A wrong address or credential is told before it is loaded.
  const { runController } = await import("./controller.ts");
  await runController(io, options, { connection, userAgent, clockCheck });
}
