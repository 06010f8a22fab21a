/** BitcoinNetwork as a kind of the Kubernetes API. */

import type { KubeObject, ResourceType, Stored } from "../kube/mod.ts";
import { GROUP, KIND, VERSION } from "./names.ts";
import type { BitcoinNetworkSpec, BitcoinNetworkStatus } from "./schema.ts";

/** A Bitcoin test network. */
export interface BitcoinNetwork extends KubeObject {
  /** What is wanted. */
  spec: BitcoinNetworkSpec;
  /** How it is; absent until the controller has seen it. */
  status?: BitcoinNetworkStatus;
}

/** A network as the API server returns it. */
export type StoredNetwork = Readonly<Stored<BitcoinNetwork>>;

/** Where the API server keeps networks. */
export const BITCOIN_NETWORKS: ResourceType<BitcoinNetwork> = {
  group: GROUP,
  version: VERSION,
  kind: KIND,
  plural: "bitcoinnetworks",
  namespaced: true,
};
