/** The events of one run that no change of status shows. Pure. */

import type { StatefulSet } from "kubernetes-types/apps/v1.d.ts";
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

/** One event when all pods have come from the revision `before` to another. */
export function rolloutEvents(
  before: string | undefined,
  set: StatefulSet | undefined,
): NetworkEvent[] {
  const now = settledRevision(set);
  if (before === undefined || now === undefined || now === before) return [];
  return [{ type: "Normal", reason: "RolledOut", note: "All pods have the new configuration" }];
}
