/** What the controller may do: the rules of its ClusterRole and Roles come from here. */

import { GROUP } from "./names.ts";

/** One rule of a role. */
export interface Right {
  /** API group; empty for the core group. */
  readonly apiGroup: string;
  /** Kind in the plural, with its subresource. */
  readonly resource: string;
  /** What is done with it. */
  readonly verbs: readonly string[];
  /** The only objects that it is done to; all if absent. It cannot limit `create`, whose requests have no name yet. */
  readonly resourceNames?: readonly string[];
  /** What it is needed for, for people who decide whether to grant it. */
  readonly why: string;
}

/**
 * The rights that the controller uses where networks are, and no others: the ClusterRole when it serves all namespaces,
 * a Role in each when it serves some. To apply an object that is not there yet takes `create` beside `patch`.
 */
export const RIGHTS: readonly Right[] = [
  {
    apiGroup: GROUP,
    resource: "bitcoinnetworks",
    verbs: ["list", "watch"],
    why: "learns what is wanted; never changes it",
  },
  {
    apiGroup: GROUP,
    resource: "bitcoinnetworks/status",
    verbs: ["patch"],
    why: "says how each network is",
  },
  {
    apiGroup: GROUP,
    resource: "bitcoinnetworks/finalizers",
    verbs: ["update"],
    why: "writes nothing there: clusters with the admission plugin " +
      "OwnerReferencesPermissionEnforcement ask for it before objects may belong to a network",
  },
  {
    apiGroup: "",
    resource: "services",
    verbs: ["get", "list", "watch", "create", "patch"],
    why: "keeps each network's Service",
  },
  {
    apiGroup: "apps",
    resource: "statefulsets",
    verbs: ["get", "list", "watch", "create", "patch"],
    why: "keeps each network's StatefulSet",
  },
  {
    apiGroup: "apps",
    resource: "statefulsets/scale",
    verbs: ["patch"],
    why: "gives a network another number of nodes",
  },
  {
    apiGroup: "",
    resource: "pods",
    verbs: ["list", "watch"],
    why: "learns the nodes' addresses and whether they are Ready",
  },
  {
    apiGroup: "",
    resource: "secrets",
    verbs: ["get", "create", "patch"],
    why: "reads the Secret that `spec.secret` names, and keeps each network's own; " +
      "never lists or watches, and never overwrites credentials",
  },
  {
    apiGroup: "events.k8s.io",
    resource: "events",
    verbs: ["create", "patch"],
    why: "tells what happened to a network, and counts what repeats",
  },
];

/** Name of the Lease that the replicas of the controller compete for. */
export const LEASE_NAME = "bitcoin-controller";

/** The rights that the controller uses in the namespace that it runs in itself: a Role there. */
export const OWN_NAMESPACE_RIGHTS: readonly Right[] = [
  {
    apiGroup: "coordination.k8s.io",
    resource: "leases",
    verbs: ["create"],
    why: "makes the Lease by which the replicas agree on who works",
  },
  {
    apiGroup: "coordination.k8s.io",
    resource: "leases",
    // Watching tells at once that the leader has given the Lease up.
    verbs: ["get", "update", "watch"],
    resourceNames: [LEASE_NAME],
    why: "takes, renews and releases that Lease, and no other one",
  },
];
