/** The Node object that stands for this machine. */

import type { Node, NodeStatus } from "kubernetes-types/core/v1.d.ts";

import { rfc3339 } from "../../time/mod.ts";
import { KUBERNETES_VERSION } from "../schema/mod.ts";

/** How many pods fit on a node (kubelet `maxPods` is 110; loopback addresses are not the limit). */
const MAX_PODS = 250;

/** What a Node says of this machine. */
export interface NodeDescription {
  /** Name of the node. */
  readonly name: string;
  /** Address of the node. */
  readonly address: string;
  /** Port of the kubelet's own HTTP. */
  readonly port: number;
  /** Name of what runs containers. */
  readonly runtimeName: string;
  /** Number of processors. */
  readonly processors: number;
  /** Memory, in bytes. */
  readonly memoryBytes: number;
  /** Time now, in ms since 1970. */
  readonly nowMs: number;
}

/** The Node object of a description. */
export function nodeObject(node: NodeDescription): Node {
  const { arch, os } = Deno.build;
  const architecture = arch === "x86_64" ? "amd64" : "arm64";
  const labels = {
    "kubernetes.io/arch": architecture,
    "kubernetes.io/hostname": node.name,
    "kubernetes.io/os": os,
  };
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name: node.name, labels },
    status: nodeStatus(node, architecture),
  };
}

function nodeStatus(node: NodeDescription, architecture: string): NodeStatus {
  const now = rfc3339(node.nowMs);
  const condition = (
    type: string,
    status: string,
    reason: string,
    message: string,
  ): NonNullable<NodeStatus["conditions"]>[number] => (
    { type, status, reason, message, lastHeartbeatTime: now, lastTransitionTime: now }
  );
  const capacity = {
    cpu: `${node.processors}`,
    memory: `${Math.floor(node.memoryBytes / 1024)}Ki`,
    pods: `${MAX_PODS}`,
  };
  return {
    capacity,
    allocatable: capacity,
    conditions: [
      condition("MemoryPressure", "False", "KubeletHasSufficientMemory", "memory is not watched"),
      condition("DiskPressure", "False", "KubeletHasNoDiskPressure", "the disk is not watched"),
      condition("PIDPressure", "False", "KubeletHasSufficientPID", "processes are not watched"),
      condition("Ready", "True", "KubeletReady", "kubelet is posting ready status"),
    ],
    addresses: [
      { type: "InternalIP", address: node.address },
      { type: "Hostname", address: node.name },
    ],
    daemonEndpoints: { kubeletEndpoint: { Port: node.port } },
    nodeInfo: {
      architecture,
      bootID: "",
      containerRuntimeVersion: `${node.runtimeName}://1`,
      kernelVersion: Deno.osRelease(),
      kubeProxyVersion: "",
      kubeletVersion: `v${KUBERNETES_VERSION}`,
      machineID: "",
      operatingSystem: Deno.build.os,
      osImage: "a process of this machine",
      systemUUID: "",
    },
  };
}
