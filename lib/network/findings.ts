/** What can be said of a network's nodes, links and chain. Pure: from observations to findings. */

import type { StatefulSet } from "kubernetes-types/apps/v1.d.ts";
import type { Pod } from "kubernetes-types/core/v1.d.ts";
import type { Finding } from "./conditions.ts";
import type { ConnectionPlan, Member } from "./connections.ts";
import { podNames, statefulSetName } from "./names.ts";
import { troubleOf } from "./pod_trouble.ts";
import { hasRevision } from "./pods.ts";
import type { Chain } from "./chain.ts";

/** The nodes of a network, and what they run. */
export interface NodesSeen {
  /** Name of the network. */
  readonly network: string;
  /** Number of nodes that are wanted. */
  readonly nodes: number;
  /** The pods of wanted ordinals, by ordinal. */
  readonly pods: readonly Pod[];
  /** The StatefulSet, if it is there. */
  readonly set: StatefulSet | undefined;
  /** Why the StatefulSet may not be what this spec wants, as long as it never was. */
  readonly unkept?: string | undefined;
}

/** Whether every wanted node is there and Ready, and runs what is wanted. */
export function nodesReady({ network, nodes, pods, set, unkept }: NodesSeen): Finding {
  const not = (reason: string, message: string): Finding => ({
    type: "NodesReady",
    holds: false,
    reason,
    message,
  });
  if (nodes === 0) {
    return not("Suspended", "The network has no nodes: spec.nodes is 0; raise it to start them");
  }
  const there = new Set(pods.map((pod) => pod.metadata?.name));
  const absent = podNames(network, nodes).filter((name) => !there.has(name));
  const troubles = pods.flatMap((pod) => troubleOf(pod) ?? []);
  // What needs a person comes before what only needs time.
  const grave = troubles.find(({ reason }) => reason !== "NodesStarting");
  if (grave) return not(grave.reason, withOthers(grave.message, troubles.length - 1));
  if (absent.length > 0) {
    const namespace = set?.metadata?.namespace;
    const where = `${namespace ? `-n ${namespace} ` : ""}${statefulSetName(network)}`;
    const look = `; if this lasts, see kubectl describe statefulset ${where}`;
    return not("NodesMissing", `There is no pod yet for ${list(absent)}${set ? look : ""}`);
  }
  const [first] = troubles;
  if (first) return not(first.reason, withOthers(first.message, troubles.length - 1));
  if (unkept !== undefined) {
    return not("NodesStarting", `The pods may not run what is wanted yet: ${unkept}`);
  }
  if (!isRolledOut(set, pods)) {
    const revision = currentRevision(set);
    const done = pods.filter((pod) => hasRevision(pod, revision)).length;
    return not("NodesStarting", rolloutMessage(done, nodes));
  }
  return {
    type: "NodesReady",
    holds: true,
    reason: "AllNodesReady",
    message: `${all(nodes, "node")} Ready`,
  };
}

/** What to say while a change of the pods is under way. */
export function rolloutMessage(done: number, nodes: number): string {
  return `Rolling out a change, one pod after the other: ${done} of ${nodes} pods have it`;
}

/**
 * Whether all pods are those that the StatefulSet wants now. The pods themselves must say so: the status of the set may
 * be heard of before what became of the pods.
 */
export function isRolledOut(set: StatefulSet | undefined, pods: readonly Pod[]): boolean {
  const revision = currentRevision(set);
  return revision !== undefined && pods.every((pod) => hasRevision(pod, revision));
}

/** Whether pods are being replaced, or will be. It ends when all of the new ones were Ready. */
export function isRolling(set: StatefulSet | undefined): boolean {
  const revision = currentRevision(set);
  return revision === undefined || set?.status?.currentRevision !== revision;
}

/** The revision of the set as it is wanted now; `undefined` until its controller has seen that. */
function currentRevision(set: StatefulSet | undefined): string | undefined {
  const { observedGeneration = 0, updateRevision } = set?.status ?? {};
  return observedGeneration >= (set?.metadata?.generation ?? 0) ? updateRevision : undefined;
}

/** Whether every wanted link is up. `wasConnected`: it was so before, of the same spec and the same pods. */
export function connected(
  plan: Pick<ConnectionPlan, "actual" | "missing">,
  desired: number,
  members: readonly Member[],
  wasConnected: boolean,
): Finding {
  const type = "Connected";
  if (plan.actual >= desired) {
    const message = desired > 0
      ? `${all(desired, "connection")} up`
      : "There is nothing to connect";
    return { type, holds: true, reason: "AllConnected", message };
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
  const lacking = [...plan.missing].filter(([, names]) => names.length > 0);
  const [first] = lacking;
  const example = first ? `; ${nameOf(members, first[0])} lacks ${list(first[1])}` : "";
  return {
    type,
    holds: false,
    reason: wasConnected ? "ConnectionsLost" : "Connecting",
    message: `${message}${example}; the controller dials as soon as both ends answer`,
  };
}

/** Whether all wanted nodes report the same best block. */
export function synced(
  network: string,
  nodes: number,
  members: readonly Member[],
  chain: Chain | undefined,
): Finding {
  const not = (reason: string, message: string): Finding => ({
    type: "Synced",
    holds: false,
    reason,
    message,
  });
  const behind = members.filter(({ report }) =>
    report?.state === "up" && report.chain.bestblockhash !== chain?.tip
  );
  if (chain?.isForked) {
    return not(
      "Forked",
      `The nodes are on ${chain.forks + 1} chains: ${
        describeHeights(behind)
      }, and the best one is at ` +
        `height ${chain.height}; it ends when they are connected and one chain has more work`,
    );
  }
  const mute = unreachable(members);
  if (mute.length > 0) return not("NodesUnreachable", describe(mute));
  const telling = new Set(
    members.filter(({ report }) => report?.state === "up").map(({ name }) => name),
  );
  const silent = podNames(network, nodes).filter((name) => !telling.has(name));
  if (silent.length > 0) {
    return not(
      "Syncing",
      `${telling.size} of ${nodes} nodes report their chain; waiting for ${list(silent)}`,
    );
  }
  if (behind.length > 0) {
    return not("Syncing", `${describeHeights(behind)} and not at height ${chain?.height} yet`);
  }
  return {
    type: "Synced",
    holds: true,
    reason: "AllSynced",
    message: chain ? `${all(nodes, "node")} at height ${chain.height}` : "There is no node",
  };
}

/** What to say of nodes whose RPC does not answer, and why that of `pod` does not. */
export function unreachableMessage(who: string, pod: string, why: string): string {
  return `${who} cannot be reached: ${why}; see kubectl logs ${pod}`;
}

/** Nodes of which nothing is known: they do not answer, or could not be asked. */
function unreachable(members: readonly Member[]): readonly Member[] {
  return members.filter(({ report }) => !report || report.state === "unreachable");
}

function describe(members: readonly Member[]): string {
  const [first] = members;
  if (!first || first.report?.state === "up") return "";
  const others = members.length > 1 ? ` (and ${members.length - 1} more)` : "";
  return first.report
    ? unreachableMessage(`${first.name}${others}`, first.name, first.report.message)
    : `${first.name}${others} was not asked, for lack of credentials`;
}

/** Where some nodes are: `net-sts-1 is at height 4 (and 2 more nodes are elsewhere)`. */
function describeHeights(members: readonly Member[]): string {
  const [first] = members;
  if (first?.report?.state !== "up") return "";
  const others = members.length > 1 ? ` (and ${members.length - 1} more)` : "";
  return `${first.name}${others} is at height ${first.report.chain.blocks}`;
}

function nameOf(members: readonly Member[], ordinal: number): string {
  return members.find((member) => member.ordinal === ordinal)?.name ?? `node ${ordinal}`;
}

/** `All 3 nodes are`, or `The only node is`. */
function all(count: number, noun: string): string {
  return count === 1 ? `The only ${noun} is` : `All ${count} ${noun}s are`;
}

function withOthers(message: string, others: number): string {
  return others > 0
    ? `${message} (and ${others} more ${others > 1 ? "pods are" : "pod is"} not Ready)`
    : message;
}

/** Names for a sentence; of many only the first three. */
function list(names: readonly string[]): string {
  const shown = names.slice(0, 3).join(", ");
  return names.length > 3 ? `${shown} and ${names.length - 3} more` : shown;
}
