/** Who owns whom, kept up to date from watches: the memory of the garbage collector. */

import type { OwnerReference } from "kubernetes-types/meta/v1.d.ts";

import type { KubeObject, ResourceType, Stored } from "../../kube/mod.ts";

/** Holds an object until those of its dependents that block it are gone (`FinalizerDeleteDependents`). */
export const FOREGROUND_FINALIZER = "foregroundDeletion";
/** Holds an object until none of its dependents refers to it (`FinalizerOrphanDependents`). */
export const ORPHAN_FINALIZER = "orphan";

/** What the garbage collector knows of an object. */
export interface OwnerNode {
  /** Kind. */
  readonly type: ResourceType<KubeObject>;
  /** Namespace; absent for cluster-scoped objects. */
  readonly namespace?: string | undefined;
  /** Name. */
  readonly name: string;
  /** Identity for all time. */
  readonly uid: string;
  /** Version that all of this was read from. */
  readonly resourceVersion: string;
  /** Its owners. */
  readonly owners: readonly OwnerReference[];
  /** Its finalizers. */
  readonly finalizers: readonly string[];
  /** Whether its deletion was asked for. */
  readonly deleting: boolean;
}

/** The node of an object. */
export function nodeOf(
  type: ResourceType<KubeObject>,
  object: Readonly<Stored<KubeObject>>,
): OwnerNode {
  const { metadata } = object;
  return {
    type,
    namespace: metadata.namespace,
    name: metadata.name,
    uid: metadata.uid,
    resourceVersion: metadata.resourceVersion,
    owners: metadata.ownerReferences ?? [],
    finalizers: metadata.finalizers ?? [],
    deleting: metadata.deletionTimestamp !== undefined,
  };
}

/** Whether an object is being deleted and waits for its dependents to go first. */
export function deletesDependents(node: OwnerNode): boolean {
  return node.deleting && node.finalizers.includes(FOREGROUND_FINALIZER);
}

/**
 * All objects by UID, and for each UID the objects that name it as an owner, whether the owner itself is known or not.
 * Changing it costs time proportional to the number of owners of the changed object, never to the number of objects.
 * It returns the UIDs that must be looked at again because of a change.
 */
export class OwnerGraph {
  readonly #nodes = new Map<string, OwnerNode>();
  readonly #dependents = new Map<string, Set<string>>();

  /** How many objects there are. */
  get size(): number {
    return this.#nodes.size;
  }

  /** The object with this UID. */
  get(uid: string): OwnerNode | undefined {
    return this.#nodes.get(uid);
  }

  /** The objects that name `uid` as an owner. */
  dependentsOf(uid: string): readonly OwnerNode[] {
    return [...this.#dependents.get(uid) ?? []].flatMap((dependent) =>
      this.#nodes.get(dependent) ?? []
    );
  }

  /** Adds or replaces an object. */
  put(node: OwnerNode): readonly string[] {
    const before = this.#nodes.get(node.uid);
    this.#unlink(before);
    this.#nodes.set(node.uid, node);
    for (const { uid } of node.owners) {
      const dependents = this.#dependents.get(uid) ?? new Set();
      this.#dependents.set(uid, dependents.add(node.uid));
    }
    const changed = !before || linksOf(before) !== linksOf(node);
    return changed ? [node.uid, ...this.#waitingOwners(before)] : [];
  }

  /** Forgets an object that is gone. */
  remove(uid: string): readonly string[] {
    const node = this.#nodes.get(uid);
    this.#unlink(node);
    this.#nodes.delete(uid);
    return [...this.#dependents.get(uid) ?? [], ...this.#waitingOwners(node)];
  }

  #unlink(node: OwnerNode | undefined): void {
    if (!node) return;
    for (const owner of node.owners) {
      const dependents = this.#dependents.get(owner.uid);
      dependents?.delete(node.uid);
      if (dependents?.size === 0) this.#dependents.delete(owner.uid);
    }
  }

  /** The owners whose deletion may go on now that `node` is gone or has changed. */
  #waitingOwners(node: OwnerNode | undefined): readonly string[] {
    return (node?.owners ?? []).map((owner) => owner.uid).filter((uid) => {
      const owner = this.#nodes.get(uid);
      return owner !== undefined && owner.deleting && owner.finalizers.some(isAboutDependents);
    });
  }
}

function isAboutDependents(finalizer: string): boolean {
  return finalizer === FOREGROUND_FINALIZER || finalizer === ORPHAN_FINALIZER;
}

/** What of an object the garbage collector acts on, as a text to compare. */
function linksOf({ owners, finalizers, deleting }: OwnerNode): string {
  return JSON.stringify([owners, finalizers, deleting]);
}
