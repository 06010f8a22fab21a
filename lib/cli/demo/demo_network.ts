/** A network of the demo, seen from outside the controller: through the API server and each node's RPC, like a user. */

import {
  type KubeClient,
  type KubeObject,
  PODS,
  type ResourceHandle,
  type ResourceType,
  SECRETS,
} from "../../kube/mod.ts";
import { RPC_PORT } from "../../network/mod.ts";
import { RpcClient, rpcUrl } from "../../rpc/mod.ts";
import { NotYet } from "../until.ts";
import type { DemoCluster } from "./demo_cluster.ts";

/** `raw(51)`, an output that anyone can spend, with its checksum: mining needs no wallet. */
const ANYONE = "raw(51)#8lvh9jxk";

/** One running node of the network. */
export interface DemoNode {
  /** Name of the pod. */
  readonly name: string;
  /** UID of the pod: a replacement has another. */
  readonly uid: string;
  /** Address of the pod. */
  readonly ip: string;
  /** Whether the pod is Ready. */
  readonly ready: boolean;
  /** RPC of its bitcoind. */
  readonly rpc: RpcClient;
}

/** A network in the demo's cluster, whether it exists yet or not. */
export class DemoNetwork {
  /** The cluster, for the faults that only it can cause. */
  readonly cluster: DemoCluster;
  /** Name of the network. */
  readonly name: string;
  readonly #client: KubeClient;

  /** Looks at the network `name` through `client`. */
  constructor(cluster: DemoCluster, client: KubeClient, name: string) {
    this.cluster = cluster;
    this.name = name;
    this.#client = client;
  }

  /** Namespace of the network. */
  get namespace(): string {
    return this.cluster.namespace;
  }

  /** Objects of one kind in the network's namespace. */
  objects<T extends KubeObject>(type: ResourceType<T>): ResourceHandle<T> {
    return this.#client.resource(type, this.namespace);
  }

  /** The nodes that have an address and are not on their way out, by ordinal. */
  async nodes(signal?: AbortSignal): Promise<DemoNode[]> {
    const selector = { labelSelector: `app=${this.name}`, ...(signal && { signal }) };
    const { items } = await this.objects(PODS).list(selector);
    const alive = items.filter((pod) => !pod.metadata.deletionTimestamp && pod.status?.podIP);
    if (alive.length === 0) return [];
    const credentials = await this.#credentials(signal);
    return alive
      .map((pod) => ({
        name: pod.metadata.name,
        uid: pod.metadata.uid,
        ip: pod.status?.podIP ?? "",
        ready: pod.status?.conditions?.some((c) => c.type === "Ready" && c.status === "True") ??
          false,
        rpc: new RpcClient({ url: rpcUrl(pod.status?.podIP ?? "", RPC_PORT), ...credentials }),
      }))
      .sort((a, b) => a.name.localeCompare(b.name, "en", { numeric: true }));
  }

  /** Exactly `count` nodes, all Ready. */
  async readyNodes(count: number, signal?: AbortSignal): Promise<DemoNode[]> {
    const nodes = await this.nodes(signal);
    const ready = nodes.filter((node) => node.ready).length;
    if (nodes.length !== count || ready !== count) {
      throw new NotYet(`${nodes.length} nodes of ${count}, ${ready} of them Ready`);
    }
    return nodes;
  }

  /** Mines blocks on one node. */
  async mine(node: DemoNode, blocks: number, signal: AbortSignal): Promise<void> {
    await node.rpc.generateToDescriptor(blocks, ANYONE, { signal });
  }

  async #credentials(signal?: AbortSignal): Promise<{ username: string; password: string }> {
    const name = `${this.name}-rpc`;
    const secret = await this.objects(SECRETS).get(name, { ...(signal && { signal }) });
    const read = (key: string): string => {
      const value = secret.data?.[key];
      if (!value) throw new NotYet(`Secret '${name}' has no key '${key}'`);
      return atob(value);
    };
    return { username: read("BC_RPC_USER"), password: read("BC_RPC_PASSWORD") };
  }
}
