/** What `run` is about, once it has found an API server. */

import { getLogger } from "@logtape/logtape";
import { type ClockCheck, type Connection, KubeClient, writesOnlyWhile } from "../../kube/mod.ts";
import { NetworkController } from "../../network/mod.ts";
import type { CommandIo } from "../io.ts";
import { VERSION } from "../version.ts";
import type { RunOptions } from "./command.ts";
import { callsOnlyWhile, electionFor, replicaName } from "./election.ts";
import { listenAddress } from "./listen.ts";
import { OutsideHint } from "./outside.ts";
import { runParts } from "./parts.ts";

const logger = getLogger(["bitcoin-controller", "cli"]);

/** How to talk to the API server. */
export interface ServerAccess {
  /** Where it is. */
  readonly connection: Connection;
  /** What it is told of us. */
  readonly userAgent: string;
  /** Compares its clock with ours. */
  readonly clockCheck: ClockCheck;
}

/**
 * Runs servers, election and controller until the signal is aborted. Whoever does not lead writes nothing and calls no
 * node.
 *
 * @param elect makes the election of this replica, if there is one
 * @throws the error of the first part that failed
 */
export async function runController(
  io: CommandIo,
  options: RunOptions,
  { connection, ...access }: ServerAccess,
  elect: typeof electionFor = electionFor,
): Promise<void> {
  const { workers } = options;
  const address = listenAddress(options.listen, connection);
  const telemetry = address && new (await import("./telemetry.ts")).Telemetry({
    address,
    version: VERSION,
    server: connection.server,
    workers,
  });
  const base = { ...access, observer: telemetry?.requests };
  const instance = replicaName(io);
  using unguarded = new KubeClient(connection, base);
  const elector = elect(options, connection, unguarded, instance);
  const mayWrite = (): boolean => elector?.isLeading ?? true;
  using client = new KubeClient(connection, { ...base, beforeSend: writesOnlyWhile(mayWrite) });
  const controller = new NetworkController({
    client,
    rpcFetch: callsOnlyWhile(mayWrite),
    instance,
    pollMs: options.poll,
    peerAddresses: options.peerAddresses,
    workers,
    observers: {
      ...telemetry?.network,
      ...(!connection.isInCluster && { reach: new OutsideHint() }),
    },
    ...(options.namespace && { namespaces: options.namespace }),
  });
  if (io.env("HTTP_PROXY") ?? io.env("http_proxy")) {
    logger.warn(
      "HTTP_PROXY is set: calls of nodes go through it, unless NO_PROXY has the pods' addresses",
    );
  }
  const election = elector && { name: options.leaseName, elector };
  const servers = telemetry ? [telemetry.server({ controller, election, signal: io.signal })] : [];
  await runParts({ servers, controller, elector }, io.signal);
}
