/** What all objects of a network have in common. */

import type { ObjectMeta } from "kubernetes-types/meta/v1.d.ts";
import { API_VERSION, KIND, labelsOf } from "../names.ts";

/** The network that objects belong to. */
export interface Owner {
  /** Name of the network. */
  readonly name: string;
  /** Namespace of the network and of all its objects. */
  readonly namespace: string;
  /** UID of the network. */
  readonly uid: string;
}

/** Metadata of an object of the network. The garbage collector removes it with its owner. */
export function metadataOf(owner: Owner, name: string): ObjectMeta {
  return {
    name,
    namespace: owner.namespace,
    labels: labelsOf(owner.name),
    ownerReferences: [{
      apiVersion: API_VERSION,
      kind: KIND,
      name: owner.name,
      uid: owner.uid,
      controller: true,
      blockOwnerDeletion: true,
    }],
  };
}
