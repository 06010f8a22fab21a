/** Which objects belong to a StatefulSet, which should, and which no longer: pure functions. */

import type { ControllerRevision, StatefulSet } from "kubernetes-types/apps/v1.d.ts";
import type { Pod } from "kubernetes-types/core/v1.d.ts";

import {
  controllerOf,
  type KubeObject,
  type ObjectKey,
  STATEFUL_SETS,
  type Stored,
} from "../../kube/mod.ts";
import { matchesSelector } from "./label_selector.ts";
import { parsePodName } from "./stateful_set_pod.ts";

/** How objects of one kind relate to a set. */
export interface Claims<T extends KubeObject> {
  /** Controlled by the set and selected by it. */
  readonly owned: readonly Stored<T>[];
  /** Selected by the set, named like one of its objects and controlled by nobody: to be adopted. */
  readonly adopt: readonly Stored<T>[];
  /** Controlled by the set though no longer selected by it: to be let go. */
  readonly release: readonly Stored<T>[];
}

/** Whose a pod is that has a name which the set needs: somebody's who keeps it, or nobody's for long. */
export type Obstacle = "foreign" | "leaving";

/** The keys of the sets that a pod belongs to or stands in the way of. */
export function setsOfPod(pod: Readonly<Stored<Pod>>): readonly ObjectKey[] {
  return setsOf(pod, parsePodName(pod.metadata.name)?.setName);
}

/** The keys of the sets that a revision belongs to or may be adopted by. */
export function setsOfRevision(
  revision: Readonly<Stored<ControllerRevision>>,
): readonly ObjectKey[] {
  return setsOf(revision, revision.metadata.name.replace(/-[^-]*$/, ""));
}

function setsOf(object: Readonly<Stored<KubeObject>>, named?: string): readonly ObjectKey[] {
  const controller = controllerOf(object);
  const owner = controller?.kind === STATEFUL_SETS.kind ? controller.name : undefined;
  const names = new Set([owner, named].filter((name) => name !== undefined));
  return [...names].map((name) => `${object.metadata.namespace}/${name}`);
}

/** Sorts objects that belong to a set, or are named as if they did, by how they relate to it. */
export function claim<T extends KubeObject>(
  set: Stored<StatefulSet>,
  objects: readonly Stored<T>[],
): Claims<T> {
  const owned: Stored<T>[] = [];
  const adopt: Stored<T>[] = [];
  const release: Stored<T>[] = [];
  for (const object of objects) {
    const { labels, deletionTimestamp } = object.metadata;
    const controller = controllerOf(object);
    const selected = set.spec !== undefined && matchesSelector(set.spec.selector, labels);
    if (controller?.uid === set.metadata.uid) (selected ? owned : release).push(object);
    else if (!controller && selected && !deletionTimestamp) adopt.push(object);
  }
  return { owned, adopt, release };
}

/** The pods that keep the set from making its own: those of somebody else, and those that are about to go. */
export function obstaclesOf(
  set: Stored<StatefulSet>,
  pods: readonly Stored<Pod>[],
): ReadonlyMap<string, Obstacle> {
  const result = new Map<string, Obstacle>();
  for (const pod of pods) {
    const { name, deletionTimestamp } = pod.metadata;
    const controller = controllerOf(pod);
    if (controller?.uid === set.metadata.uid) continue;
    // What a deleted set of the same name has left will be collected.
    const inherited = controller?.kind === STATEFUL_SETS.kind &&
      controller.name === set.metadata.name;
    result.set(name, deletionTimestamp || inherited ? "leaving" : "foreign");
  }
  return result;
}
