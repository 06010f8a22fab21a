/** The status of a network. Pure: from what was observed, and what was stored, to what is to be stored. */

import type { StatefulSet } from "kubernetes-types/apps/v1.d.ts";
import type { Pod } from "kubernetes-types/core/v1.d.ts";
import { isSame } from "./_is_same.ts";
import { chainOf } from "./chain.ts";
import {
  conditionsOf,
  findCondition,
  type Finding,
  readyFinding,
  type Stall,
} from "./conditions.ts";
import type { ConnectionPlan, Member } from "./connections.ts";
import { connected, isRolling, nodesReady, rolloutMessage, synced } from "./findings.ts";
import { isHandshakeDone } from "./link.ts";
import { dnsName, ordinalOf, selectorOf } from "./names.ts";
import type { NodeReport } from "./node_report.ts";
import { isReady } from "./pods.ts";
import type { BitcoinNetworkStatus, NodeStatus } from "./schema.ts";
import { transitionsOf } from "./transitions.ts";
import type { Settings } from "./validation.ts";

/** What was observed of a network in one run. */
export interface Observation {
  /** Name of the network. */
  readonly name: string;
  /** `metadata.generation` that was worked on. */
  readonly generation: number;
  /** What is wanted; absent if the spec could not be understood. */
  readonly settings: Settings | undefined;
  /** What is stored. */
  readonly previous: BitcoinNetworkStatus | undefined;
  /** Pods of wanted ordinals. */
  readonly pods: readonly Pod[];
  /** Those of them that have an address, with what they reported. */
  readonly members: readonly Member[];
  /** Number of wanted links. */
  readonly edges: number;
  /** Which of them are up. */
  readonly plan: Pick<ConnectionPlan, "actual" | "missing">;
  /** The StatefulSet, if it is there. */
  readonly set: StatefulSet | undefined;
  /** What a person must mend. */
  readonly stall: Stall | undefined;
  /** Why an object could not be written; it will be tried again. */
  readonly failure: string | undefined;
  /** Why the objects are not all known to be as this spec wants them; includes stalls and failures. */
  readonly unkept: string | undefined;
  /** Time, RFC 3339. */
  readonly now: string;
}

/** The status to store. */
export function statusOf(seen: Observation): BitcoinNetworkStatus {
  const { name, generation, settings, previous, pods, members, plan, edges, set, stall, failure } =
    seen;
  const nodes = settings?.nodes ?? 0;
  const chain = chainOf(members.map(({ report }) => report));
  const before = findCondition(previous?.conditions, "Connected");
  // Those of another spec may be as many, and yet other ones; and a rollout takes them away on purpose.
  const wasConnected = before?.observedGeneration === generation && !isRolling(set) &&
    (before.status === "True" || before.reason === "ConnectionsLost");
  // Once this spec has been rolled out, the pods have it, whatever cannot be written now.
  const nodesBefore = findCondition(previous?.conditions, "NodesReady");
  const hadAll = nodesBefore?.observedGeneration === generation && nodesBefore.status === "True";
  const unkept = hadAll ? undefined : seen.unkept;
  // Of a spec that makes no sense nothing can be said.
  const parts = !settings ? [] : [
    nodesReady({ network: name, nodes, pods, set, unkept }),
    connected(plan, edges, members, wasConnected),
    synced(name, nodes, members, chain),
  ];
  const trouble = failure === undefined ? undefined : { reason: "CreationError", message: failure };
  const ready = readyFinding(parts, stall ?? trouble);
  const findings: Finding[] = [...parts, ready];
  if (stall) findings.push({ type: "Stalled", holds: true, ...stall });
  // A network without nodes is as it should be, though it is not Ready.
  else if (!ready.holds && ready.reason !== "Suspended") {
    findings.push({
      type: "Reconciling",
      holds: true,
      reason: ready.reason,
      message: ready.message,
    });
  }
  const reports = new Map(members.map(({ name, report }) => [name, report]));
  return {
    nodes: pods
      .map((pod) => nodeStatusOf(name, pod, reports.get(pod.metadata?.name ?? ""), plan.missing))
      .sort((a, b) => a.ordinal - b.ordinal),
    replicas: set?.status?.replicas ?? 0,
    readyReplicas: pods.filter(isReady).length,
    selector: Object.entries(selectorOf(name)).map(([key, value]) => `${key}=${value}`).join(","),
    connections: { desired: edges, actual: plan.actual, summary: `${plan.actual}/${edges}` },
    ...(chain && { height: chain.height, tip: chain.tip, forks: chain.forks }),
    observedGeneration: generation,
    conditions: conditionsOf(findings, previous?.conditions, generation, seen.now),
  };
}

function nodeStatusOf(
  network: string,
  pod: Pod,
  report: NodeReport | undefined,
  missing: ConnectionPlan["missing"],
): NodeStatus {
  const name = pod.metadata?.name ?? "";
  const ordinal = ordinalOf(network, name) ?? 0;
  const base = {
    ordinal,
    ready: isReady(pod),
    ip: pod.status?.podIP ?? "",
    nodeName: name,
    dnsName: dnsName(network, ordinal),
  };
  if (!report) return base;
  if (report.state !== "up") return { ...base, message: report.message };
  const lacking = missing.get(ordinal) ?? [];
  return {
    ...base,
    version: versionOf(report.network.subversion),
    height: report.chain.blocks,
    tip: report.chain.bestblockhash,
    peers: report.peers.filter(isHandshakeDone).length,
    ...(lacking.length > 0 && { missing: [...lacking] }),
  };
}

/** The version in a user agent: `30.0.0` of `/Satoshi:30.0.0(my-network-sts-0)/`. */
export function versionOf(subversion: string): string {
  return /:([^/(]+)/.exec(subversion)?.[1] ?? subversion;
}

/**
 * The status to store before the pods are rolled, so that nobody takes the network for Ready when the first one goes;
 * `undefined` if nobody does now.
 */
export function rolloutStatus(
  previous: BitcoinNetworkStatus | undefined,
  { nodes, generation, now }: { nodes: number; generation: number; now: string },
): BitcoinNetworkStatus | undefined {
  const before = previous?.conditions ?? [];
  if (!before.some(({ type, status }) => HELD_BY_PODS.has(type) && status === "True")) {
    return undefined;
  }
  const not = { holds: false, reason: "NodesStarting", message: rolloutMessage(0, nodes) } as const;
  const conditions = conditionsOf(
    [{ ...not, type: "NodesReady" }, { ...not, type: "Ready" }, {
      ...not,
      type: "Reconciling",
      holds: true,
    }],
    before,
    generation,
    now,
  );
  const kept = before.filter(({ type }) => !conditions.some((one) => one.type === type));
  return { ...previous, conditions: [...conditions, ...kept] };
}

/** Conditions that hold only as long as all pods do. */
const HELD_BY_PODS: ReadonlySet<string> = new Set(["NodesReady", "Ready"]);

/**
 * What kind of change leads from one status to another one: `news` if a condition has another status or reason or is about
 * another generation, or an event tells of it; `heights` if only heights, tips and messages differ, which name them, or
 * if nodes have yet to get a block, as after each one that is mined; else `details`.
 */
export function changeBetween(
  before: BitcoinNetworkStatus,
  after: BitcoinNetworkStatus,
): "news" | "details" | "heights" {
  const isNews = !isSame(verdictOf(before), verdictOf(after)) && !isBlockUnderWay(before, after) ||
    // What is not written is a transition in the next run once more, and would be told once more.
    transitionsOf(before, after).length > 0;
  if (isNews) return "news";
  return isSame(withoutHeights(before), withoutHeights(after)) ? "heights" : "details";
}

/** Whether all that turned is that the nodes were in sync and now some have not got the last block yet. */
function isBlockUnderWay(before: BitcoinNetworkStatus, after: BitcoinNetworkStatus): boolean {
  const isSyncing = findCondition(before.conditions, "Synced")?.status === "True" &&
    findCondition(after.conditions, "Synced")?.reason === "Syncing";
  return isSyncing && isSame(verdictOf(withoutSync(before)), verdictOf(withoutSync(after)));
}

/** A status without what follows from the chain alone. */
function withoutSync({ conditions, ...rest }: BitcoinNetworkStatus): BitcoinNetworkStatus {
  const ready = findCondition(conditions, "Ready");
  const isForChain = ready?.status === "True" || ready?.reason === "Syncing";
  const follows = ["Synced", ...(isForChain ? ["Ready", "Reconciling"] : [])];
  return { ...rest, conditions: conditions?.filter(({ type }) => !follows.includes(type)) ?? [] };
}

function verdictOf({ observedGeneration, conditions }: BitcoinNetworkStatus): unknown {
  return {
    observedGeneration,
    conditions: conditions?.map(({ message: _message, ...condition }) => condition),
  };
}

function withoutHeights(status: BitcoinNetworkStatus): unknown {
  const { height: _height, tip: _tip, forks: _forks, nodes, conditions: _conditions, ...rest } =
    status;
  return {
    ...rest,
    nodes: nodes?.map(({ height: _nodeHeight, tip: _nodeTip, ...node }) => node),
  };
}

/** Whether two statuses say the same, whatever the order of their fields. */
export function isSameStatus(
  a: BitcoinNetworkStatus | undefined,
  b: BitcoinNetworkStatus,
): boolean {
  return isSame(a, b);
}
