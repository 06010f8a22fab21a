/** What people may do with networks: it joins the roles `view`, `edit` and `admin` that every cluster has. Pure. */

import type { ClusterRole, PolicyRule } from "kubernetes-types/rbac/v1.d.ts";
import { GROUP } from "../../network/mod.ts";
import { CONTROLLER, LABELS } from "./names.ts";

/**
 * Lets who may view a namespace see its networks, and who may edit it change them. `edit` contains `view`, and
 * `admin` contains `edit`. Nobody but the controller writes a status.
 */
export function userRoles(): ClusterRole[] {
  return [
    aggregated("view", [
      {
        apiGroups: [GROUP],
        resources: ["bitcoinnetworks", "bitcoinnetworks/scale", "bitcoinnetworks/status"],
        verbs: ["get", "list", "watch"],
      },
    ]),
    aggregated("edit", [
      {
        apiGroups: [GROUP],
        resources: ["bitcoinnetworks"],
        verbs: ["create", "update", "patch", "delete", "deletecollection"],
      },
      { apiGroups: [GROUP], resources: ["bitcoinnetworks/scale"], verbs: ["update", "patch"] },
    ]),
  ];
}

function aggregated(role: "view" | "edit", rules: PolicyRule[]): ClusterRole {
  return {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRole",
    metadata: {
      name: `${CONTROLLER}-networks-${role}`,
      labels: { ...LABELS, [`rbac.authorization.k8s.io/aggregate-to-${role}`]: "true" },
    },
    rules,
  };
}
