/** Names, labels and ports of everything that belongs to a network. They are an API: users' scripts rely on them. */

import { ordinals } from "./edge.ts";

/** API group of BitcoinNetwork. */
export const GROUP = "bitcoincontroller.christianb93.github.com";
/** API version of BitcoinNetwork. */
export const VERSION = "v1";
/** Kind of the resource. */
export const KIND = "BitcoinNetwork";
/** `apiVersion` of a BitcoinNetwork. */
export const API_VERSION = `${GROUP}/${VERSION}`;
/** Who writes the fields that the controller owns. */
export const FIELD_MANAGER = "bitcoin-controller";

/** Port of bitcoind's RPC on regtest. */
export const RPC_PORT = 18443;
/** Port of bitcoind's p2p part on regtest. */
export const P2P_PORT = 18444;

/** Label that all objects of all networks carry, for the controller's own selections. */
export const PART_OF_LABEL = "app.kubernetes.io/part-of";
/** Its value. */
export const PART_OF = "bitcoin-network";
/** Label that names the network. */
export const INSTANCE_LABEL = "app.kubernetes.io/instance";
/** Annotation of an owned object: hash of what was wanted of it, but for replicas, when it was last applied. */
export const APPLIED_ANNOTATION = `${GROUP}/applied`;
/** Annotation of the pod template: hash of bitcoin.conf, so that another configuration rolls the pods. */
export const CONFIG_ANNOTATION = `${GROUP}/config`;

/** Keys of a credentials Secret. */
export const SECRET_KEYS = {
  user: "BC_RPC_USER",
  password: "BC_RPC_PASSWORD",
  salt: "BC_RPC_SALT",
} as const;

/** Name of the headless Service. */
export function serviceName(network: string): string {
  return `${network}-svc`;
}

/** Name of the StatefulSet. */
export function statefulSetName(network: string): string {
  return `${network}-sts`;
}

/** Name of the container in each pod. */
export function containerName(network: string): string {
  return `${network}-sts-ctr`;
}

/** Name of the Secret that holds bitcoin.conf. */
export function configSecretName(network: string): string {
  return `${network}-conf`;
}

/** Name of the Secret with generated credentials. */
export function rpcSecretName(network: string): string {
  return `${network}-rpc`;
}

/** Name of the pod of an ordinal. */
export function podName(network: string, ordinal: number): string {
  return `${statefulSetName(network)}-${ordinal}`;
}

/** Names of the pods of so many nodes, by ordinal. */
export function podNames(network: string, nodes: number): string[] {
  return ordinals(nodes).map((ordinal) => podName(network, ordinal));
}

/** DNS name of the pod of an ordinal, within its namespace. */
export function dnsName(network: string, ordinal: number): string {
  return `${podName(network, ordinal)}.${serviceName(network)}`;
}

/** The ordinal of a pod by its name; `undefined` if it is no pod of the network. */
export function ordinalOf(network: string, pod: string): number | undefined {
  const prefix = `${statefulSetName(network)}-`;
  const digits = pod.startsWith(prefix) ? pod.slice(prefix.length) : "";
  return /^(0|[1-9]\d*)$/.test(digits) ? Number(digits) : undefined;
}

/** Labels of every object of a network. */
export function labelsOf(network: string): Record<string, string> {
  return {
    "app": network,
    "app.kubernetes.io/name": "bitcoind",
    [INSTANCE_LABEL]: network,
    "app.kubernetes.io/managed-by": "bitcoin-controller",
    [PART_OF_LABEL]: PART_OF,
  };
}

/** Labels by which the Service and the StatefulSet find their pods. */
export function selectorOf(network: string): Record<string, string> {
  return { app: network };
}
