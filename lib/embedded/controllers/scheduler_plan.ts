/** On which node a pod may run: a pure function, after the filters and messages of kube-scheduler. */

import type { Node, Pod } from "kubernetes-types/core/v1.d.ts";

import { matchesSelector } from "./label_selector.ts";

/** The scheduler that pods ask for when they name none (the default of `core/v1`). */
const DEFAULT_SCHEDULER = "default-scheduler";

/** A node for a pod, or why there is none. */
export type Placement =
  | { readonly nodeName: string }
  | { readonly unschedulable: string };

/** Whether a pod waits for this scheduler to give it a node. */
export function needsNode(pod: Pod): boolean {
  const { nodeName, schedulerName = DEFAULT_SCHEDULER, schedulingGates = [] } = pod.spec ?? {};
  return !nodeName && schedulerName === DEFAULT_SCHEDULER && schedulingGates.length === 0 &&
    pod.metadata?.deletionTimestamp === undefined;
}

/** Finds the first node, by name, that fits the pod. */
export function placePod(pod: Pod, nodes: readonly Node[]): Placement {
  if (nodes.length === 0) return { unschedulable: "no nodes available to schedule pods" };
  const obstacles = new Map<string, number>();
  for (const node of nodes.toSorted(byName)) {
    const obstacle = obstacleOn(node, pod);
    const nodeName = node.metadata?.name;
    if (!obstacle && nodeName) return { nodeName };
    if (obstacle) obstacles.set(obstacle, (obstacles.get(obstacle) ?? 0) + 1);
  }
  const counts = [...obstacles].map(([obstacle, count]) => `${count} node(s) ${obstacle}`);
  return { unschedulable: `0/${nodes.length} nodes are available: ${counts.join(", ")}.` };
}

function byName(a: Node, b: Node): number {
  return (a.metadata?.name ?? "") < (b.metadata?.name ?? "") ? -1 : 1;
}

function obstacleOn(node: Node, pod: Pod): string | undefined {
  if (node.spec?.unschedulable) return "were unschedulable";
  const ready = node.status?.conditions?.find((condition) => condition.type === "Ready");
  if (ready?.status !== "True") {
    return "had untolerated taint {node.kubernetes.io/not-ready: }";
  }
  const matchLabels = pod.spec?.nodeSelector ?? {};
  return matchesSelector({ matchLabels }, node.metadata?.labels)
    ? undefined
    : "didn't match Pod's node affinity/selector";
}
