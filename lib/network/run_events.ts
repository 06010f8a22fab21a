/** The events of one run that no change of status shows. Pure. */

import type { StatefulSet } from "kubernetes-types/apps/v1.d.ts";
import type { Pod } from "kubernetes-types/core/v1.d.ts";
import type { Stored } from "../kube/mod.ts";
import type { Stall } from "./conditions.ts";
import type { Action, ConnectionPlan } from "./connections.ts";
import type { NetworkEvent } from "./transitions.ts";

/** One event for each entry of an added list that somebody made by hand and that is removed. */
export function foreignEntryEvents(actions: ConnectionPlan["actions"]): NetworkEvent[] {
  return [...actions].flatMap(([pod, todo]) =>
    todo.flatMap((action) => foreignEntryEvent(pod, action))
  );
}

function foreignEntryEvent(pod: string, action: Action): NetworkEvent[] {
  if (action.kind !== "remove" || !action.isForeign) return [];
  return [{
    type: "Normal",
    reason: "Repaired",
    action: "RemoveAddedNode",
    note: `Removed '${action.node}' from the added nodes of ${pod}: it is no node of the network`,
  }];
}

/** The revision that all pods of the set have; `undefined` while they differ. */
export function settledRevision(set: StatefulSet | undefined): string | undefined {
  const { currentRevision, updateRevision } = set?.status ?? {};
  return currentRevision === updateRevision ? currentRevision : undefined;
}

/**
 * The revision that pods had before the one that is being rolled out, or that they all have. `before` is what is known
 * from earlier runs; without it, after a restart, the set still knows.
 */
export function revisionBefore(
  before: string | undefined,
  set: StatefulSet | undefined,
): string | undefined {
  return settledRevision(set) ?? before ?? set?.status?.currentRevision;
}

/** One event when all pods have come from the revision `before` to another. */
export function rolloutEvents(
  before: string | undefined,
  set: StatefulSet | undefined,
): NetworkEvent[] {
  const now = settledRevision(set);
  if (before === undefined || now === undefined || now === before) return [];
  const image = set?.spec?.template.spec?.containers[0]?.image;
  const pods = set?.status?.replicas === 1
    ? "The pod has"
    : `All ${set?.status?.replicas} pods have`;
  return [{
    type: "Normal",
    reason: "RolledOut",
    note: `${pods} revision '${now}' of the StatefulSet, with image '${image}'`,
  }];
}

/** A pod that had an address. */
export interface KnownPod {
  /** Its UID: another pod of the same name is another node. */
  readonly uid: string;
  /** Its address. */
  readonly ip: string;
}

/**
 * The last pod with an address of each wanted node, by name: those of `before`, and what is there now. Without the
 * nodes that are not wanted: one that was scaled away and comes back replaces nothing.
 */
export function knownPods(
  before: ReadonlyMap<string, KnownPod>,
  wanted: readonly string[],
  pods: readonly Readonly<Stored<Pod>>[],
): Map<string, KnownPod> {
  const known = new Map([...before].filter(([name]) => wanted.includes(name)));
  for (const { metadata: { name, uid }, status } of pods) {
    if (status?.podIP) known.set(name, { uid, ip: status.podIP });
  }
  return known;
}

/**
 * One event for each node whose pod is another one than before. Statuses do not show it: in between there is one
 * without the node, or without its address.
 */
export function replacementEvents(
  before: ReadonlyMap<string, KnownPod>,
  now: ReadonlyMap<string, KnownPod>,
): NetworkEvent[] {
  return [...now].flatMap(([name, { uid, ip }]): NetworkEvent[] => {
    const was = before.get(name);
    if (!was || was.uid === uid) return [];
    const address = was.ip === ip ? `still ${ip}` : `${ip} instead of ${was.ip}`;
    return [{
      type: "Normal",
      reason: "NodeReplaced",
      note: `${name} has a new pod: its address is ${address}`,
      // With the UID each replacement is an Event of its own, and its note stays true.
      related: { apiVersion: "v1", kind: "Pod", metadata: { name, uid } },
    }];
  });
}

/** One event when the status, which would tell of it, may not be written. */
export function refusalEvents(refusal: Stall | undefined): NetworkEvent[] {
  if (!refusal) return [];
  const { reason, message } = refusal;
  return [{ type: "Warning", reason, note: message, action: "WriteStatus" }];
}
