/**
 * The BitcoinNetwork: what it looks like, what belongs to it, how its nodes are linked, and how it is.
 * The only room that knows both Kubernetes and Bitcoin. Enter by {@linkcode NetworkController}; the way of one
 * run is in `reconciler.ts`.
 *
 * @module
 */

export { customResourceDefinition } from "./definition.ts";
export type { Edge } from "./edge.ts";
export * from "./names.ts";
export {
  NetworkController,
  type NetworkControllerOptions,
  type NetworkControllerParts,
  type NetworkObservers,
} from "./network_controller.ts";
export * from "./random_graph.ts";
export type { Reach, ReachObserver } from "./reach.ts";
export * from "./readiness.ts";
export { BITCOIN_NETWORKS, type BitcoinNetwork } from "./resource.ts";
export * from "./rights.ts";
export {
  type BitcoinNetworkSpec,
  type BitcoinNetworkStatus,
  type Condition,
  DEFAULT_IMAGE,
  MAX_NAME_LENGTH,
  type NodeStatus,
} from "./schema.ts";
export { MAX_NODES, type TopologySpec } from "./topology_schema.ts";
