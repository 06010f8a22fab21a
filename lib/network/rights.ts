/** What the controller may do: the rules of its ClusterRole come from here. */

import { GROUP } from "./names.ts";

/** One rule of a ClusterRole. */
export interface Right {
  /** API group; empty for the core group. */
  readonly apiGroup: string;
  /** Kind in the plural, with its subresource. */
  readonly resource: string;
  /** What is done with it. */
  readonly verbs: readonly string[];
  /** The only objects that it is done to; all if absent. It cannot limit `create`, whose requests have no name yet. */
  readonly resourceNames?: readonly string[];
}

/**
 * All rights that the controller uses, and no others. To apply an object that is not there yet takes `create` beside
 * `patch`. `finalizers` is for clusters that check `blockOwnerDeletion` (the admission plugin
 * OwnerReferencesPermissionEnforcement): nothing is written there.
 */
export const RIGHTS: readonly Right[] = [
  { apiGroup: GROUP, resource: "bitcoinnetworks", verbs: ["list", "watch"] },
  { apiGroup: GROUP, resource: "bitcoinnetworks/status", verbs: ["patch"] },
  { apiGroup: GROUP, resource: "bitcoinnetworks/finalizers", verbs: ["update"] },
  { apiGroup: "", resource: "services", verbs: ["get", "list", "watch", "create", "patch"] },
  {
    apiGroup: "apps",
    resource: "statefulsets",
    verbs: ["get", "list", "watch", "create", "patch"],
  },
  { apiGroup: "", resource: "pods", verbs: ["list", "watch"] },
  { apiGroup: "", resource: "secrets", verbs: ["get", "create", "patch"] },
  { apiGroup: "events.k8s.io", resource: "events", verbs: ["create", "patch"] },
];

/** Name of the Lease that the replicas of the controller compete for. */
export const LEASE_NAME = "bitcoin-controller";

/** The rights that the controller uses in the namespace that it runs in itself: a Role there. */
export const OWN_NAMESPACE_RIGHTS: readonly Right[] = [
  { apiGroup: "coordination.k8s.io", resource: "leases", verbs: ["create"] },
  {
    apiGroup: "coordination.k8s.io",
    resource: "leases",
    // Watching tells at once that the leader has given the lease up.
    verbs: ["get", "update", "watch"],
    resourceNames: [LEASE_NAME],
  },
];
