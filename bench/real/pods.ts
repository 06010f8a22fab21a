/** Makes the pods of StatefulSets as kube-controller-manager and a kubelet do, but much faster: all at once, and without any of the two. */

import type { StatefulSet } from "kubernetes-types/apps/v1.d.ts";
import {
  type KubeClient,
  NAMESPACES,
  PODS,
  STATEFUL_SETS,
  type Stored,
} from "../../lib/kube/mod.ts";
import { newPod } from "../../lib/embedded/controllers/stateful_set_pod.ts";
import { introduce } from "./introduce.ts";
import { addressOf, readyStatus } from "./kubelet.ts";
import { forEach } from "./networks.ts";

/** Creates a namespace in which pods are admitted, without kube-controller-manager. */
export async function createNamespace(client: KubeClient, name: string): Promise<void> {
  await client.resource(NAMESPACES).create({ metadata: { name } });
  const path = `/api/v1/namespaces/${name}/serviceaccounts`;
  await client.request({ method: "POST", path, body: { metadata: { name: "default" } } });
}

/** Gives each StatefulSet of a namespace its pods, Ready, and its status. */
export async function runPods(client: KubeClient, namespace: string): Promise<readonly string[]> {
  const sets = client.resource(STATEFUL_SETS, namespace);
  const { items } = await sets.list();
  const wanted = items.flatMap((set) =>
    Array.from({ length: set.spec?.replicas ?? 0 }, (_, ordinal) => ({ set, ordinal }))
  );
  const addresses = wanted.map((_, index) => addressOf(index + 1));
  const pods = client.resource(PODS, namespace);
  await forEach(wanted.entries(), async ([index, { set, ordinal }]) => {
    const template = set.spec?.template ?? {};
    const pod = newPod(set, ordinal, { name: revisionOf(set), template });
    const { containers = [], ...spec } = pod.spec ?? {};
    const made = await pods.create({ ...pod, spec: { ...spec, containers, nodeName: "stand-in" } });
    await introduce(addresses[index] ?? "", made.metadata.name, set);
    const status = readyStatus(made, addresses[index] ?? "", new Date());
    await pods.status.mergePatch(made.metadata.name, { status });
  });
  await forEach(items, async (set) => {
    await sets.status.mergePatch(set.metadata.name, { status: statusOf(set) });
  });
  return addresses;
}

function revisionOf({ metadata: { name } }: Stored<StatefulSet>): string {
  return `${name}-5d8f9c7b64`;
}

function statusOf(set: Stored<StatefulSet>): StatefulSet["status"] {
  const replicas = set.spec?.replicas ?? 0;
  return {
    observedGeneration: set.metadata.generation ?? 0,
    replicas,
    readyReplicas: replicas,
    availableReplicas: replicas,
    currentReplicas: replicas,
    updatedReplicas: replicas,
    currentRevision: revisionOf(set),
    updateRevision: revisionOf(set),
  };
}
