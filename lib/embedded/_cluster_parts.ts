/** The parts of an embedded cluster that are clients of its API server. */

import { KubeClient } from "../kube/mod.ts";
import type { Runnable } from "../reconcile/mod.ts";
import type { Clock } from "../time/mod.ts";
import type { ClusterUser, ClusterUsers } from "./_cluster_users.ts";
import {
  GarbageCollector,
  NamespaceController,
  Scheduler,
  StatefulSetController,
} from "./controllers/mod.ts";
import { type AddressAllocator, Kubelet, type Runtime } from "./kubelet/mod.ts";

/** What the parts are made of. */
export interface ClusterPartsInit {
  readonly users: ClusterUsers;
  /** URL of the API server. */
  readonly server: string;
  readonly nodeName: string;
  readonly runtime: Runtime;
  /** Folder for the files of pods. */
  readonly folder: string;
  readonly addresses?: AddressAllocator;
  readonly stopGraceMs?: number;
  readonly clock: Clock;
}

/** The parts, not started yet; `resources` get their clients, which must outlive them. */
export function clusterParts(
  init: ClusterPartsInit,
  resources: AsyncDisposableStack,
): readonly Runnable[] {
  const { users, server, nodeName, runtime, folder, addresses, stopGraceMs, clock } = init;
  const clientOf = (user: ClusterUser): KubeClient =>
    resources.use(new KubeClient(users.connection(user, server), { clock, userAgent: user }));
  return [
    new StatefulSetController({ client: clientOf("statefulSetController"), clock }),
    new NamespaceController({ client: clientOf("namespaceController"), clock }),
    new Scheduler({ client: clientOf("scheduler"), clock }),
    new GarbageCollector({ client: clientOf("garbageCollector"), clock }),
    new Kubelet({
      client: clientOf("kubelet"),
      nodeName,
      runtime,
      rootDir: folder,
      serverToken: users.serverToken,
      ...(addresses && { addresses }),
      ...(stopGraceMs !== undefined && { stopGraceMs }),
      clock,
    }),
  ];
}
