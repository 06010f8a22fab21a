/** The events that a change of status is worth: one for each transition. Pure. */

import type { KubeObject } from "../kube/mod.ts";
import { type ConditionType, findCondition } from "./conditions.ts";
import { unreachableMessage } from "./findings.ts";
import type { BitcoinNetworkStatus, Condition, NodeStatus } from "./schema.ts";

/** Something to tell a person. */
export interface NetworkEvent {
  /** Whether somebody should look. */
  readonly type: "Normal" | "Warning";
  /** Why, for machines; one of those in the API reference. */
  readonly reason: string;
  /** What happened. */
  readonly note: string;
  /**
   * What the controller did, for machines. Events of one reason and action within six minutes are one Event with a
   * count, so what must be told apart needs its own.
   *
   * @default {"Reconcile"}
   */
  readonly action?: string;
  /** The object that it happened to, if that is not the network itself. */
  readonly related?: KubeObject;
}

/** Reasons of stalls whose messages are the controller's own. */
const OUR_STALLS: ReadonlySet<string> = new Set(["SecretMissing", "SecretInvalid", "NameConflict"]);

/** What happened between two statuses of a network. */
export function transitionsOf(
  before: BitcoinNetworkStatus | undefined,
  after: BitcoinNetworkStatus,
): NetworkEvent[] {
  return [
    ...conditionEvents(before, after),
    ...nodeEvents(before?.nodes ?? [], after.nodes ?? []),
  ];
}

function conditionEvents(
  before: BitcoinNetworkStatus | undefined,
  after: BitcoinNetworkStatus,
): NetworkEvent[] {
  const events: NetworkEvent[] = [];
  /** The condition as it is now, if its status or reason is new. */
  const turned = (type: ConditionType): Condition | undefined => {
    const old = findCondition(before?.conditions, type);
    const now = findCondition(after.conditions, type);
    return old?.status === now?.status && old?.reason === now?.reason ? undefined : now;
  };
  const ready = turned("Ready");
  if (ready?.reason === "CreationError") {
    events.push({ type: "Warning", reason: "CreationError", note: ready.message });
  }
  const links = turned("Connected");
  const isNew = findCondition(before?.conditions, "Connected")?.status !== "True";
  // A network of one node has nothing to link.
  if (links?.status === "True" && isNew && after.connections?.desired) {
    events.push({ type: "Normal", reason: "Connected", note: links.message });
  }
  if (links?.reason === "ConnectionsLost") {
    events.push({
      type: "Warning",
      reason: "ConnectionsLost",
      note: links.message,
    });
  }
  const chain = turned("Synced");
  if (chain?.reason === "Forked") {
    events.push({ type: "Warning", reason: "ForkDetected", note: chain.message });
  }
  const stall = turned("Stalled") ?? otherStall(before?.conditions, after.conditions);
  if (stall) events.push({ type: "Warning", reason: stall.reason, note: stall.message });
  return events;
}

/**
 * The stall that has taken the place of another one of the same reason, such as of another Secret. What the server says
 * may be put another way each time, and is new only with another spec.
 */
function otherStall(
  before: readonly Condition[] | undefined,
  after: readonly Condition[] | undefined,
): Condition | undefined {
  const [old, now] = [before, after].map((conditions) => findCondition(conditions, "Stalled"));
  const isComparable = OUR_STALLS.has(now?.reason ?? "") ||
    old?.observedGeneration !== now?.observedGeneration;
  return isComparable && old?.message !== now?.message ? now : undefined;
}

function nodeEvents(before: readonly NodeStatus[], after: readonly NodeStatus[]): NetworkEvent[] {
  const old = new Map(before.map((node) => [node.ordinal, node]));
  const events: NetworkEvent[] = [];
  for (const node of after) {
    const was = old.get(node.ordinal);
    // Of a node that is not Ready nobody expects an answer.
    if (node.ready && node.message && !(was?.ready && was.message)) {
      events.push({
        type: "Warning",
        reason: "NodeUnreachable",
        note: unreachableMessage(node.nodeName, node.nodeName, node.message),
        related: podOf(node),
      });
    }
  }
  return events;
}

function podOf({ nodeName }: NodeStatus): KubeObject {
  return { apiVersion: "v1", kind: "Pod", metadata: { name: nodeName } };
}
