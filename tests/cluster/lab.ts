/** A cluster with the controller at work, and what a test of it needs. */

import assert from "node:assert/strict";
import type { Event } from "kubernetes-types/events/v1.d.ts";
import type { Secret, Service } from "kubernetes-types/core/v1.d.ts";
import {
  EVENTS,
  KubeClient,
  type KubeObject,
  NAMESPACES,
  PODS,
  type RequestObserver,
  type ResourceHandle,
  type ResourceType,
  SECRETS,
  SERVICES,
  STATEFUL_SETS,
  type Stored,
} from "../../lib/kube/mod.ts";
import {
  API_VERSION,
  BITCOIN_NETWORKS,
  type BitcoinNetwork,
  type BitcoinNetworkSpec,
  KIND,
  NetworkController,
  type NetworkControllerOptions,
  RPC_PORT,
} from "../../lib/network/mod.ts";
import { edgesOf, topologyOf } from "../../lib/network/topology.ts";
import { RpcClient, rpcUrl } from "../../lib/rpc/mod.ts";
import { until } from "../support/eventually.ts";
import { usedSecrets } from "../support/secrets.ts";
import type { Target } from "./target.ts";

/** Time for a network to come to a state, in ms: with real bitcoinds on a busy machine. */
const TIMEOUT_MS = 60_000;

/** User agent of the controller under test. */
export const CONTROLLER = "controller-under-test";

/** A controller that works on a cluster until it is stopped. */
export class RunningController implements AsyncDisposable {
  readonly #stop = new AbortController();
  readonly #client: KubeClient;
  readonly #running: Promise<void>;

  /** Starts it; `options` may be other than those of most tests. `observer` hears of its requests. */
  constructor(
    target: Target,
    options: Partial<NetworkControllerOptions> = {},
    observer?: RequestObserver,
  ) {
    this.#client = new KubeClient(target.controller, { userAgent: CONTROLLER, observer });
    const controller = new NetworkController({
      client: this.#client,
      peerAddresses: target.peerAddresses,
      pollMs: 1_000,
      ...options,
    });
    this.#running = controller.run(this.#stop.signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort(new Error("The test is over"));
    await this.#running;
    this.#client.close();
  }
}

/** One namespace of a cluster, for one test. */
export class Lab {
  /** The cluster. */
  readonly target: Target;
  /** The namespace, which is new. */
  readonly namespace: string;

  /** Works in `namespace`. */
  constructor(target: Target, namespace: string) {
    this.target = target;
    this.namespace = namespace;
  }

  /** Creates the namespace. */
  async setUp(): Promise<void> {
    await this.target.client.resource(NAMESPACES).create({ metadata: { name: this.namespace } });
  }

  /** Objects of one kind in the namespace. */
  objects<T extends KubeObject>(type: ResourceType<T>): ResourceHandle<T> {
    return this.target.client.resource(type, this.namespace);
  }

  /** The networks of the namespace. */
  get networks(): ResourceHandle<BitcoinNetwork> {
    return this.objects(BITCOIN_NETWORKS);
  }

  /** Creates a network. */
  async create(name: string, spec: BitcoinNetworkSpec): Promise<Stored<BitcoinNetwork>> {
    return await this.networks.create({
      apiVersion: API_VERSION,
      kind: KIND,
      metadata: { name },
      spec,
    });
  }

  /** Waits until a network is as `predicate` says. */
  async untilNetwork(
    name: string,
    what: string,
    predicate: (network: Readonly<Stored<BitcoinNetwork>>) => boolean | undefined,
  ): Promise<Readonly<Stored<BitcoinNetwork>>> {
    return await until(
      this.networks,
      (networks) =>
        networks.find((network) => network.metadata.name === name && predicate(network)),
      { what: `network '${name}' ${what}`, timeoutMs: TIMEOUT_MS },
    );
  }

  /** Waits until a condition of the network, at its newest generation, is as wanted. */
  async untilCondition(
    name: string,
    type: string,
    status: "True" | "False",
    reason?: string,
  ): Promise<Readonly<Stored<BitcoinNetwork>>> {
    return await this.untilNetwork(name, `with ${type}=${status} ${reason ?? ""}`, (network) => {
      const found = network.status?.conditions?.find((condition) => condition.type === type);
      return found?.status === status && (reason === undefined || found.reason === reason) &&
        found.observedGeneration === network.metadata.generation;
    });
  }

  /** Waits until all nodes of the network are Ready, linked and in sync. */
  async untilReady(name: string, nodes: number): Promise<Readonly<Stored<BitcoinNetwork>>> {
    const network = await this.untilCondition(name, "Ready", "True");
    assert.equal(network.status?.readyReplicas, nodes);
    const edges = edgesOf(nodes, topologyOf(network.spec.topology)).length;
    const summary = `${edges}/${edges}`;
    assert.deepEqual(network.status?.connections, { desired: edges, actual: edges, summary });
    return network;
  }

  /** Waits for an event about the network, and returns all of its reason. */
  async untilEvent(network: string, reason: string): Promise<readonly Readonly<Event>[]> {
    const isWanted = (event: Readonly<Event>): boolean =>
      event.regarding?.kind === KIND && event.regarding.name === network && event.reason === reason;
    return await until(this.objects(EVENTS), (events) => {
      const wanted = events.filter(isWanted);
      return wanted.length > 0 && wanted;
    }, { what: `event ${reason} of '${network}'`, timeoutMs: TIMEOUT_MS });
  }

  /** How often events of a reason were recorded about a network. */
  async countEvents(network: string, reason: string): Promise<number> {
    const { items } = await this.objects(EVENTS).list();
    return items
      .filter(({ regarding, ...event }) => regarding?.name === network && event.reason === reason)
      .reduce((sum, { series }) => sum + (series?.count ?? 1), 0);
  }

  /** RPC of a node, with the credentials of a Secret. */
  async rpc(pod: string, secretName: string): Promise<RpcClient> {
    const { status } = await this.objects(PODS).get(pod);
    const secret = await this.objects(SECRETS).get(secretName);
    usedSecrets.addObject(secret);
    const { data } = secret;
    return new RpcClient({
      url: rpcUrl(status?.podIP ?? "", RPC_PORT),
      username: atob(data?.BC_RPC_USER ?? ""),
      password: atob(data?.BC_RPC_PASSWORD ?? ""),
    });
  }

  /** A Secret of a person. */
  async createSecret(
    name: string,
    values: Readonly<Record<string, string>>,
  ): Promise<Stored<Secret>> {
    return await this.objects(SECRETS).create({ metadata: { name }, stringData: values });
  }

  /** A Service of somebody else. */
  async createForeignService(name: string): Promise<Stored<Service>> {
    return await this.objects(SERVICES).create({
      metadata: { name },
      spec: { ports: [{ port: 80 }] },
    });
  }

  /** The objects of a network by `Kind/name`, with their versions. */
  async snapshot(network: string): Promise<Readonly<Record<string, string>>> {
    const found: Record<string, string> = {};
    const types: readonly ResourceType<KubeObject>[] = [SERVICES, STATEFUL_SETS, SECRETS];
    for (const type of types) {
      const { items } = await this.objects(type).list({ labelSelector: `app=${network}` });
      for (const { metadata } of items) {
        found[`${type.kind}/${metadata.name}`] = metadata.resourceVersion;
      }
    }
    const { metadata } = await this.networks.get(network);
    return { ...found, [`${KIND}/${network}`]: metadata.resourceVersion };
  }
}
