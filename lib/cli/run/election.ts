/** The options of `run` for several replicas, and the election that comes of them. */

import {
  type Connection,
  type KubeClient,
  LeaderElector,
  LEASES,
  type LeaseTimes,
} from "../../kube/mod.ts";
import type { RpcFetch } from "../../rpc/mod.ts";
import type { CommandIo } from "../io.ts";

/** The options, as they are parsed. */
export interface ElectionOptions {
  /** Whether there is an election; undefined if nothing is said about it. */
  readonly leaderElect?: boolean | undefined;
  /** Namespace of the Lease. */
  readonly leaseNamespace?: string | undefined;
  /** Name of the Lease. */
  readonly leaseName: string;
  /** In seconds. */
  readonly leaseDuration: number;
  /** In ms. */
  readonly renewDeadline: number;
  /** In ms. */
  readonly retryPeriod: number;
}

/** What `run` asks of its election; a {@linkcode LeaderElector} in life. */
export type Elector = Pick<LeaderElector, "isLeading" | "isHealthy" | "run" | "elected">;

/** The times of an election. */
export function timesOf(options: ElectionOptions): LeaseTimes {
  return {
    leaseDurationMs: options.leaseDuration * 1000,
    renewDeadlineMs: options.renewDeadline,
    retryPeriodMs: options.retryPeriod,
  };
}

/** The name of this replica, for people: that of its pod, else of its machine. */
export function replicaName({ env }: Pick<CommandIo, "env">): string {
  return env("POD_NAME") || Deno.hostname();
}

/**
 * The election of this replica. Without a word about it, there is one in a cluster, where a rollout alone makes two
 * replicas, and none on a person's machine.
 *
 * @param client reads and writes the Lease; not the one that is guarded by the election
 */
export function electionFor(
  options: ElectionOptions,
  connection: Connection,
  client: KubeClient,
  replica: string,
): Elector | undefined {
  if (!(options.leaderElect ?? connection.isInCluster)) return undefined;
  return new LeaderElector({
    leases: client.resource(LEASES, options.leaseNamespace ?? connection.namespace),
    name: options.leaseName,
    // A replica that is started again is another one: the lease of the one before may still be good for writes on their way.
    identity: `${replica}_${crypto.randomUUID()}`,
    ...timesOf(options),
  });
}

/** How nodes are called by who may do so only while `mayCall` returns true: a call may change whom a node is linked to. */
export function callsOnlyWhile(mayCall: () => boolean): RpcFetch {
  return (url, init) =>
    mayCall() ? fetch(url, init) : Promise.reject(new Error("this replica is not the leader"));
}
