/** Looks at a network from outside the controller: what the API server has, and what each bitcoind says. */

import type { Pod } from "kubernetes-types/core/v1.d.ts";
import { ApiError, type KubeClient, PODS, SECRETS, type Stored } from "../../lib/kube/mod.ts";
import {
  BITCOIN_NETWORKS,
  type BitcoinNetwork,
  RPC_PORT,
  rpcSecretName,
} from "../../lib/network/mod.ts";
import {
  GET_ADDED_NODE_INFO,
  GET_BLOCKCHAIN_INFO,
  GET_PEER_INFO,
  type PeerInfo,
  RpcClient,
  rpcUrl,
} from "../../lib/rpc/mod.ts";

/** Time for one look at a node, in ms. */
const LOOK_MS = 1_000;

/** A pod and what its bitcoind says. */
export interface NodeView {
  readonly name: string;
  readonly uid: string;
  readonly ip: string;
  readonly isReady: boolean;
  readonly isLeaving: boolean;
  /** Its connections whose handshake is done; undefined if it does not answer. */
  readonly peers: readonly PeerInfo[] | undefined;
  /** Its added list. */
  readonly added: readonly string[];
  /** Last block of its best chain. */
  readonly tip: string | undefined;
  /** Its RPC. */
  readonly rpc: RpcClient;
}

/** A network and its nodes. */
export interface NetworkView {
  readonly network: Readonly<Stored<BitcoinNetwork>>;
  readonly nodes: readonly NodeView[];
}

/** Looks at the networks of one namespace. */
export class Observer {
  readonly #client: KubeClient;
  readonly #namespace: string;

  /** Looks through `client`. */
  constructor(client: KubeClient, namespace: string) {
    this.#client = client;
    this.#namespace = namespace;
  }

  /** A network as it is now. */
  async look(name: string): Promise<NetworkView> {
    const network = await this.#client.resource(BITCOIN_NETWORKS, this.#namespace).get(name);
    const { items } = await this.#client.resource(PODS, this.#namespace)
      .list({ labelSelector: `app=${name}` });
    const credentials = await this.#credentials(name);
    const nodes = await Promise.all(items.map((pod) => viewOf(pod, credentials)));
    return { network, nodes: nodes.toSorted((a, b) => ordinal(a) - ordinal(b)) };
  }

  async #credentials(name: string): Promise<{ username: string; password: string }> {
    try {
      const { data } = await this.#client.resource(SECRETS, this.#namespace)
        .get(rpcSecretName(name));
      return {
        username: atob(data?.BC_RPC_USER ?? ""),
        password: atob(data?.BC_RPC_PASSWORD ?? ""),
      };
    } catch (error) {
      // It is made a moment after the network.
      if (error instanceof ApiError && error.isNotFound) return { username: "", password: "" };
      throw error;
    }
  }
}

async function viewOf(
  pod: Readonly<Stored<Pod>>,
  credentials: { readonly username: string; readonly password: string },
): Promise<NodeView> {
  const { metadata: { name, uid, deletionTimestamp }, status } = pod;
  const ip = status?.podIP ?? "";
  const rpc = new RpcClient({ url: rpcUrl(ip || "127.0.0.1", RPC_PORT), ...credentials });
  const base = {
    name,
    uid,
    ip,
    rpc,
    isReady: status?.conditions?.some((c) => c.type === "Ready" && c.status === "True") ?? false,
    isLeaving: deletionTimestamp !== undefined,
  };
  if (!ip) return { ...base, peers: undefined, added: [], tip: undefined };
  try {
    const calls = [GET_PEER_INFO, GET_BLOCKCHAIN_INFO, GET_ADDED_NODE_INFO] as const;
    const [peers, chain, added] = await rpc.typedBatch(calls, { timeoutMs: LOOK_MS });
    return {
      ...base,
      peers: peers.error ? undefined : peers.result.filter(({ version }) => version > 0),
      added: added.error ? [] : added.result.map(({ addednode }) => addednode),
      tip: chain.error ? undefined : chain.result.bestblockhash,
    };
  } catch {
    // What does not answer is told as a violation while it lasts.
    return { ...base, peers: undefined, added: [], tip: undefined };
  }
}

function ordinal({ name }: NodeView): number {
  return Number(name.slice(name.lastIndexOf("-") + 1));
}
