/** Short ways to make the objects that the controllers' tables are about. */

import type { StatefulSet, StatefulSetSpec } from "kubernetes-types/apps/v1.d.ts";
import type { Pod } from "kubernetes-types/core/v1.d.ts";
import type { OwnerReference } from "kubernetes-types/meta/v1.d.ts";

import {
  identityLabels,
  REVISION_LABEL,
} from "../../../lib/embedded/controllers/stateful_set_pod.ts";
import type { Stored } from "../../../lib/kube/mod.ts";

/** The time at which the tables are read. */
export const NOW = Date.UTC(2026, 0, 1);

/** A set `web` in namespace `default`, with parallel management unless `spec` says otherwise. */
export function makeSet(
  spec: Partial<StatefulSetSpec> = {},
  metadata: Partial<StatefulSet["metadata"]> = {},
): Stored<StatefulSet> {
  return {
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    metadata: {
      name: "web",
      namespace: "default",
      uid: "uid-web",
      resourceVersion: "1",
      generation: 1,
      ...metadata,
    },
    spec: {
      replicas: 3,
      podManagementPolicy: "Parallel",
      selector: { matchLabels: { app: "web" } },
      serviceName: "web-svc",
      template: {
        metadata: { labels: { app: "web" } },
        spec: { containers: [{ name: "c", image: "x" }] },
      },
      ...spec,
    },
  };
}

/** Where a pod is in its life. */
export type Life = "pending" | "running" | "ready" | "terminating" | "failed";

/** A pod of the set `web`. */
export function makePod(
  ordinal: number,
  life: Life = "ready",
  options: { revision?: string; readyForMs?: number; owner?: OwnerReference | null } = {},
): Stored<Pod> {
  const name = `web-${ordinal}`;
  const owner = options.owner === undefined ? ownerReference("uid-web") : options.owner;
  const phase = { pending: "Pending", failed: "Failed" }[life as string] ?? "Running";
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name,
      namespace: "default",
      uid: `uid-${name}`,
      resourceVersion: "1",
      labels: {
        app: "web",
        ...identityLabels("web", ordinal),
        [REVISION_LABEL]: options.revision ?? "new",
      },
      ...(owner && { ownerReferences: [owner] }),
      ...(life === "terminating" && { deletionTimestamp: new Date(NOW).toISOString() }),
    },
    spec: { containers: [{ name: "c", image: "x" }] },
    status: {
      phase,
      conditions: [{
        type: "Ready",
        status: life === "ready" || life === "terminating" ? "True" : "False",
        lastTransitionTime: new Date(NOW - (options.readyForMs ?? 60_000)).toISOString(),
      }],
    },
  };
}

/** A controller reference to a StatefulSet `web`. */
export function ownerReference(uid: string, more: Partial<OwnerReference> = {}): OwnerReference {
  return {
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    name: "web",
    uid,
    controller: true,
    blockOwnerDeletion: true,
    ...more,
  };
}
