/** Embedded clusters with a StatefulSet of shells, which run as processes of this machine. */

import assert from "node:assert/strict";

import type { Container, Pod } from "kubernetes-types/core/v1.d.ts";

import { type EmbeddedCluster, ProcessRuntime } from "../../lib/embedded/mod.ts";
import { PODS, type ResourceHandle, STATEFUL_SETS, type Stored } from "../../lib/kube/mod.ts";
import { startCluster } from "../support/cluster.ts";
import { until } from "../support/eventually.ts";

/** The command of a container that runs a script. */
export function shell(script: string): string[] {
  return ["/bin/sh", "-c", script];
}

/** A shell that says something and waits until it is told to end. */
const PATIENT = shell("trap 'exit 0' TERM; echo started; while :; do sleep 60 & wait; done");

/** Starts a cluster whose containers are processes. */
export function startShells(): Promise<EmbeddedCluster> {
  return startCluster({ runtime: new ProcessRuntime() });
}

/** The pods of its namespace `default`. */
export function podsOf(cluster: EmbeddedCluster): ResourceHandle<Pod> {
  return cluster.client.resource(PODS, "default");
}

/** Creates a set `web`, of shells unless `container` says otherwise, and waits until all its pods are ready. */
export async function createSet(
  cluster: EmbeddedCluster,
  replicas: number,
  container: Partial<Container> = {},
): Promise<readonly Stored<Pod>[]> {
  const labels = { app: "web" };
  await cluster.client.resource(STATEFUL_SETS, "default").create({
    metadata: { name: "web" },
    spec: {
      replicas,
      podManagementPolicy: "Parallel",
      serviceName: "web",
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          terminationGracePeriodSeconds: 5,
          automountServiceAccountToken: false,
          volumes: [{ name: "data", emptyDir: {} }],
          containers: [{ name: "c", image: "x", command: PATIENT, ...container }],
        },
      },
    },
  });
  return await readyPods(cluster, replicas);
}

/** Waits until there are exactly so many pods, all ready, and returns them by name. */
export async function readyPods(
  cluster: EmbeddedCluster,
  count: number,
): Promise<readonly Stored<Pod>[]> {
  return await until(podsOf(cluster), (pods) =>
    pods.length === count && pods.every(isReady) &&
    pods.toSorted((a, b) => a.metadata.name < b.metadata.name ? -1 : 1), {
    what: `${count} ready pods`,
  });
}

/** Whether a pod is ready and stays. */
export function isReady({ metadata, status }: Readonly<Stored<Pod>>): boolean {
  return !metadata.deletionTimestamp &&
    (status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True") ??
      false);
}

/** Whether a process of this machine runs; `id` is that of a container. */
export async function processRuns(id: string): Promise<boolean> {
  const pid = /process:\/\/(\d+)/.exec(id)?.[1];
  assert.ok(pid);
  try {
    await Deno.stat(`/proc/${pid}`);
    return true;
  } catch {
    return false;
  }
}
