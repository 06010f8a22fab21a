/** What can be said of a network's nodes, links and chain. Pure: from observations to findings. */

import type { StatefulSet } from "kubernetes-types/apps/v1.d.ts";
import type { Pod } from "kubernetes-types/core/v1.d.ts";
import type { Finding } from "./conditions.ts";
import type { ConnectionPlan, Member } from "./connections.ts";
import { podName } from "./names.ts";
import { troubleOf } from "./pods.ts";
import type { Chain } from "./chain.ts";

/** Whether every wanted node is there and Ready, and runs what is wanted. */
export function nodesReady(
  network: string,
  nodes: number,
  pods: readonly Pod[],
  set: StatefulSet | undefined,
): Finding {
  const type = "NodesReady";
  if (nodes === 0) {
    return {
      type,
      holds: false,
      reason: "Suspended",
      message: "The network has no nodes: spec.nodes is 0",
    };
  }
  const there = new Set(pods.map((pod) => pod.metadata?.name));
  const absent = Array.from({ length: nodes }, (_, ordinal) => podName(network, ordinal))
    .filter((name) => !there.has(name));
  const troubles = pods.flatMap((pod) => troubleOf(pod) ?? []);
  // What needs a person comes before what only needs time.
  const grave = troubles.find(({ reason }) => reason !== "NodesStarting");
  if (grave) return { type, holds: false, ...grave };
  if (absent.length > 0) {
    return {
      type,
      holds: false,
      reason: "NodesMissing",
      message: `There is no pod yet for ${list(absent)}`,
    };
  }
  const [first] = troubles;
  if (first) {
    const rest = troubles.length > 1 ? ` (and ${troubles.length - 1} more)` : "";
    return { type, holds: false, reason: first.reason, message: `${first.message}${rest}` };
  }
  if (!isRolledOut(set, nodes)) {
    return {
      type,
      holds: false,
      reason: "NodesStarting",
      message: `Rolling out a change: ${
        set?.status?.updatedReplicas ?? 0
      } of ${nodes} pods have it`,
    };
  }
  return { type, holds: true, reason: "AllNodesReady", message: `All ${nodes} nodes are Ready` };
}

/** Whether all pods run what the StatefulSet wants now. */
export function isRolledOut(set: StatefulSet | undefined, nodes: number): boolean {
  const status = set?.status;
  if (!set || (status?.observedGeneration ?? 0) < (set.metadata?.generation ?? 0)) return false;
  return status?.currentRevision === status?.updateRevision ||
    (status?.updatedReplicas ?? 0) >= nodes;
}

/** Whether every wanted link is up. `wasConnected`: it was so before, with the same spec. */
export function connected(
  plan: Pick<ConnectionPlan, "actual" | "missing">,
  desired: number,
  members: readonly Member[],
  wasConnected: boolean,
): Finding {
  const type = "Connected";
  if (plan.actual >= desired) {
    return {
      type,
      holds: true,
      reason: "AllConnected",
      message: `All ${desired} connections are up`,
    };
  }
  const message = `${plan.actual} of ${desired} connections are up`;
  const mute = unreachable(members);
  if (mute.length > 0) {
    return {
      type,
      holds: false,
      reason: "NodesUnreachable",
      message: `${message}; ${describe(mute)}`,
    };
  }
  const [first] = [...plan.missing].filter(([, names]) => names.length > 0);
  const example = first ? `; ${nameOf(members, first[0])} lacks ${list(first[1])}` : "";
  return {
    type,
    holds: false,
    reason: wasConnected ? "ConnectionsLost" : "Connecting",
    message: `${message}${example}`,
  };
}

/** Whether all wanted nodes report the same best block. */
export function synced(
  nodes: number,
  members: readonly Member[],
  chain: Chain | undefined,
): Finding {
  const type = "Synced";
  const up = members.filter(({ report }) => report?.state === "up");
  if (chain && chain.isForked) {
    return {
      type,
      holds: false,
      reason: "Forked",
      message: `The nodes are on ${chain.forks + 1} chains; the best is at height ${chain.height}`,
    };
  }
  const mute = unreachable(members);
  if (mute.length > 0) {
    return { type, holds: false, reason: "NodesUnreachable", message: describe(mute) };
  }
  if (up.length < nodes) {
    return {
      type,
      holds: false,
      reason: "Syncing",
      message: `${up.length} of ${nodes} nodes report their chain`,
    };
  }
  if (chain && chain.forks > 0) {
    const behind = members.filter(({ report }) =>
      report?.state === "up" && report.chain.bestblockhash !== chain.tip
    );
    return {
      type,
      holds: false,
      reason: "Syncing",
      message: `${list(behind.map(({ name }) => name))} not at height ${chain.height} yet`,
    };
  }
  return {
    type,
    holds: true,
    reason: "AllSynced",
    message: chain ? `All ${nodes} nodes are at height ${chain.height}` : "There is no node",
  };
}

/** Nodes of which nothing is known: they do not answer, or could not be asked. */
function unreachable(members: readonly Member[]): readonly Member[] {
  return members.filter(({ report }) => !report || report.state === "unreachable");
}

function describe(members: readonly Member[]): string {
  const [first] = members;
  if (!first || first.report?.state === "up") return "";
  const others = members.length > 1 ? ` (and ${members.length - 1} more nodes)` : "";
  return first.report
    ? `${first.name} does not answer${others}: ${first.report.message}`
    : `${first.name} was not asked${others}`;
}

function nameOf(members: readonly Member[], ordinal: number): string {
  return members.find((member) => member.ordinal === ordinal)?.name ?? `node ${ordinal}`;
}

/** Names for a sentence; of many only the first three. */
function list(names: readonly string[]): string {
  const shown = names.slice(0, 3).join(", ");
  return names.length > 3 ? `${shown} and ${names.length - 3} more` : shown;
}
