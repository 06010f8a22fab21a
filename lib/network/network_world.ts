/** What is known of the cluster without asking it. */

import type { StatefulSet } from "kubernetes-types/apps/v1.d.ts";
import type { Pod, Service } from "kubernetes-types/core/v1.d.ts";
import type { Stored } from "../kube/mod.ts";
import type { StoredNetwork } from "./resource.ts";

/** What is known of the cluster, from the informers. */
export interface NetworkWorld {
  /** The network of a key. */
  network(key: string): StoredNetwork | undefined;
  /** The Service of a network. */
  service(namespace: string, name: string): Readonly<Stored<Service>> | undefined;
  /** The StatefulSet of a network. */
  statefulSet(namespace: string, name: string): Readonly<Stored<StatefulSet>> | undefined;
  /** The pods that a StatefulSet controls. */
  pods(setUid: string): readonly Readonly<Stored<Pod>>[];
}
