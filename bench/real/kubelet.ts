/** Stands in for scheduler and kubelet: binds each pod, gives it an address and marks it Ready at once; confirms deletions. */

import type { Node, Pod, PodStatus } from "kubernetes-types/core/v1.d.ts";
import type { StatefulSet } from "kubernetes-types/apps/v1.d.ts";
import {
  controllerOf,
  Informer,
  type KubeClient,
  objectKey,
  PODS,
  STATEFUL_SETS,
  type Stored,
} from "../../lib/kube/mod.ts";
import { keepRegistering, keepRenewing } from "../../lib/embedded/kubelet/node_registration.ts";
import { Controller, Manager, type Runnable } from "../../lib/reconcile/mod.ts";
import { rfc3339, systemClock } from "../../lib/time/mod.ts";
import { introduce } from "./introduce.ts";

/** How many pods are worked on at once. */
const WORKERS = 10;
/** The node that all pods are on. It must be there, and alive: kube-controller-manager deletes the pods of any other. */
const NODE: Node = {
  metadata: { name: "stand-in" },
  status: { conditions: [{ type: "Ready", status: "True", reason: "KubeletReady" }] },
};
/** Time between two signs of life of the node, in ms, as a kubelet gives them. */
const RENEW_MS = 10_000;

/** Runs until the signal is aborted. */
export async function runStandInKubelet(client: KubeClient, signal: AbortSignal): Promise<void> {
  await keepRegistering(client, NODE, systemClock, signal);
  const pods = new Informer(client.resource(PODS));
  let addresses = 0;
  const sets = new Map<string, Promise<Stored<StatefulSet>>>();
  const controller = new Controller<string>({
    name: "stand-in-kubelet",
    workers: WORKERS,
    reconcile: async (key, signal) => {
      const pod = pods.store.get(key);
      if (!pod) return {};
      const { name, namespace = "", uid } = pod.metadata;
      const handle = client.resource(PODS, namespace);
      if (pod.metadata.deletionTimestamp) {
        await handle.delete(name, { gracePeriodSeconds: 0, signal });
      } else if (pod.status?.phase !== "Running") {
        if (!pod.spec?.nodeName) {
          const target = { apiVersion: "v1", kind: "Node", name: NODE.metadata?.name };
          const body = { apiVersion: "v1", kind: "Binding", metadata: { name, uid }, target };
          const path = `/api/v1/namespaces/${namespace}/pods/${name}/binding`;
          await client.request({ method: "POST", path, body, signal });
        }
        const ip = addressOf(++addresses);
        const set = controllerOf(pod)?.name ?? "";
        let owner = sets.get(`${namespace}/${set}`);
        sets.set(
          `${namespace}/${set}`,
          owner ??= client.resource(STATEFUL_SETS, namespace).get(set),
        );
        await introduce(ip, name, await owner);
        const status = readyStatus(pod, ip, new Date());
        await handle.status.mergePatch(name, { status }, { signal });
      }
      return {};
    },
  });
  const enqueue = (pod: Readonly<Stored<Pod>>): void => controller.enqueue(objectKey(pod));
  pods.subscribe({ added: enqueue, updated: enqueue });
  const informer: Runnable = {
    name: "informer",
    run: (stop) => pods.run(stop),
    ready: (stop) => pods.synced(stop),
  };
  const node: Runnable = {
    name: "node",
    run: (stop) => keepRenewing(client, NODE, RENEW_MS, systemClock, stop),
  };
  await new Manager([[informer, node], [controller]]).run(signal);
}

/** An address of 127.0.0.0/8 for each number from 1. */
export function addressOf(number: number): string {
  return `127.${10 + (number >> 16)}.${(number >> 8) & 255}.${number & 255}`;
}

/** The status of a pod that runs and is Ready. */
export function readyStatus(pod: Pod, ip: string, now: Date): PodStatus {
  const lastTransitionTime = rfc3339(now.getTime());
  return {
    phase: "Running",
    hostIP: "127.0.0.1",
    podIP: ip,
    podIPs: [{ ip }],
    startTime: lastTransitionTime,
    conditions: ["PodScheduled", "Initialized", "ContainersReady", "Ready"].map((type) => ({
      type,
      status: "True",
      lastTransitionTime,
    })),
    containerStatuses: (pod.spec?.containers ?? []).map(({ name, image = "" }) => ({
      name,
      image,
      imageID: "",
      ready: true,
      started: true,
      restartCount: 0,
      state: { running: { startedAt: lastTransitionTime } },
    })),
  };
}
