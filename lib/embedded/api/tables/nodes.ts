/** Nodes and namespaces as rows. */

import type { Namespace, Node } from "kubernetes-types/core/v1.d.ts";

import { age } from "./duration.ts";
import {
  AGE,
  column,
  type ColumnDefinition,
  joined,
  layout,
  NAME,
  NONE,
  type TableLayout,
} from "./layout.ts";

const NODE_COLUMNS: readonly ColumnDefinition[] = [
  NAME,
  column("Status", "The status of the node"),
  column("Roles", "The roles of the node"),
  AGE,
  column("Version", "Kubelet Version reported by the node."),
  column(
    "Internal-IP",
    "List of addresses reachable to the node. Queried from cloud provider, if available. More info: https://kubernetes.io/docs/reference/node/node-status/#addresses Note: This field is declared as mergeable, but the merge key is not sufficiently unique, which can cause data corruption when it is merged. Callers should instead use a full-replacement patch. See https://pr.k8s.io/79391 for an example. Consumers should assume that addresses can change during the lifetime of a Node. However, there are some exceptions where this may not be possible, such as Pods that inherit a Node's address in its own status or consumers of the downward API (status.hostIP).",
    { priority: 1 },
  ),
  column(
    "External-IP",
    "List of addresses reachable to the node. Queried from cloud provider, if available. More info: https://kubernetes.io/docs/reference/node/node-status/#addresses Note: This field is declared as mergeable, but the merge key is not sufficiently unique, which can cause data corruption when it is merged. Callers should instead use a full-replacement patch. See https://pr.k8s.io/79391 for an example. Consumers should assume that addresses can change during the lifetime of a Node. However, there are some exceptions where this may not be possible, such as Pods that inherit a Node's address in its own status or consumers of the downward API (status.hostIP).",
    { priority: 1 },
  ),
  column(
    "OS-Image",
    "OS Image reported by the node from /etc/os-release (e.g. Debian GNU/Linux 7 (wheezy)).",
    { priority: 1 },
  ),
  column(
    "Kernel-Version",
    "Kernel Version reported by the node from 'uname -r' (e.g. 3.16.0-0.bpo.4-amd64).",
    { priority: 1 },
  ),
  column(
    "Container-Runtime",
    "ContainerRuntime Version reported by the node through runtime remote API (e.g. containerd://1.4.2).",
    { priority: 1 },
  ),
];

const NAMESPACE_COLUMNS: readonly ColumnDefinition[] = [
  NAME,
  column("Status", "The status of the namespace"),
  AGE,
];

const ROLE_PREFIX = "node-role.kubernetes.io/";
const UNKNOWN = "<unknown>";

/** Rows of nodes, after `printNode` of `pkg/printers/internalversion`. */
export const NODES_TABLE: TableLayout = layout<Node>(NODE_COLUMNS, (node, now) => {
  const { metadata, status = {} } = node;
  const info = status.nodeInfo;
  return [
    metadata.name ?? "",
    nodeStatus(node),
    joined(roles(metadata.labels)),
    age(metadata.creationTimestamp, now),
    info?.kubeletVersion ?? "",
    addressOf(node, "InternalIP"),
    addressOf(node, "ExternalIP"),
    info?.osImage || UNKNOWN,
    info?.kernelVersion || UNKNOWN,
    info?.containerRuntimeVersion || UNKNOWN,
  ];
});

/** Rows of namespaces. */
export const NAMESPACES_TABLE: TableLayout = layout<Namespace>(
  NAMESPACE_COLUMNS,
  ({ metadata, status }, now) => [
    metadata.name ?? "",
    status?.phase ?? "",
    age(metadata.creationTimestamp, now),
  ],
);

function nodeStatus({ spec, status }: Node): string {
  const ready = status?.conditions?.find(({ type }) => type === "Ready");
  const word = ready ? (ready.status === "True" ? "Ready" : "NotReady") : "Unknown";
  return spec?.unschedulable ? `${word},SchedulingDisabled` : word;
}

function roles(labels: Readonly<Record<string, string>> = {}): string[] {
  return Object.entries(labels).flatMap(([name, value]) => {
    if (name.startsWith(ROLE_PREFIX)) return name.slice(ROLE_PREFIX.length) || [];
    return name === "kubernetes.io/role" && value ? value : [];
  }).sort();
}

function addressOf({ status }: Node, wanted: string): string {
  return status?.addresses?.find(({ type }) => type === wanted)?.address ?? NONE;
}
