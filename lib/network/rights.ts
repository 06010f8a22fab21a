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
