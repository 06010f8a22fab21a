/**
 * What becomes of an object because of its owners and dependents: pure functions after
 * `attemptToDeleteItem`, `attemptToOrphanWorker` and `processDeletingDependentsItem` of Kubernetes' garbage collector.
 */

import {
  deletesDependents,
  FOREGROUND_FINALIZER,
  ORPHAN_FINALIZER,
  type OwnerNode,
} from "./owner_graph.ts";

/** What is known of an owner. */
export type OwnerState =
  /** It exists (or nobody can tell), so what it owns stays. */
  | "present"
  /** The API server has no object with its UID. */
  | "absent"
  /** It is being deleted and waits for what it owns to go first. */
  | "waiting";

/** One step for one object. */
export type CollectorAction =
  /** Delete it; `propagationPolicy` is what becomes of its own dependents. */
  | {
    readonly type: "delete";
    readonly propagationPolicy: "Background" | "Foreground" | "Orphan";
  }
  /** Remove its references to these owners and keep it. */
  | { readonly type: "drop-owners"; readonly uids: readonly string[] }
  /** Nothing holds it any more but this finalizer. */
  | { readonly type: "drop-finalizer"; readonly finalizer: string }
  /** Free these dependents of their reference to it. */
  | { readonly type: "orphan"; readonly dependents: readonly OwnerNode[] }
  /** Have these dependents looked at: they are to go first. */
  | { readonly type: "visit"; readonly dependents: readonly OwnerNode[] };

/** Decides about an object that is being deleted: what its dependents still hold up. */
export function planDeleting(
  node: OwnerNode,
  dependents: readonly OwnerNode[],
): CollectorAction | undefined {
  if (node.finalizers.includes(ORPHAN_FINALIZER)) {
    return dependents.length > 0
      ? { type: "orphan", dependents }
      : { type: "drop-finalizer", finalizer: ORPHAN_FINALIZER };
  }
  if (!deletesDependents(node)) return undefined;
  const blocked = dependents.some((dependent) =>
    dependent.owners.some((owner) => owner.uid === node.uid && owner.blockOwnerDeletion)
  );
  return blocked
    ? { type: "visit", dependents }
    : { type: "drop-finalizer", finalizer: FOREGROUND_FINALIZER };
}

/** Decides about an object that stays so far; `states` tells of each of its owners, by UID. */
export function planOwned(
  node: OwnerNode,
  dependents: readonly OwnerNode[],
  states: ReadonlyMap<string, OwnerState>,
): CollectorAction | undefined {
  const uidsOf = (state: OwnerState): string[] =>
    node.owners.map((owner) => owner.uid).filter((uid) => (states.get(uid) ?? "present") === state);
  const gone = uidsOf("absent");
  const waiting = uidsOf("waiting");
  if (gone.length + waiting.length === 0) return undefined;
  if (uidsOf("present").length > 0) return { type: "drop-owners", uids: [...gone, ...waiting] };
  // In a circle of owners each would wait for the other, so there nobody waits.
  const inCircle = dependents.some(deletesDependents);
  if (waiting.length > 0 && dependents.length > 0 && !inCircle) {
    return { type: "delete", propagationPolicy: "Foreground" };
  }
  return { type: "delete", propagationPolicy: policyOf(node) };
}

/** Finalizers that somebody put there beforehand say what is wished for the dependents. */
function policyOf(node: OwnerNode): "Background" | "Foreground" | "Orphan" {
  if (node.finalizers.includes(ORPHAN_FINALIZER)) return "Orphan";
  return node.finalizers.includes(FOREGROUND_FINALIZER) ? "Foreground" : "Background";
}
