/** A reconciler with a cluster in memory, nodes in memory and a clock that the test moves. */

import {
  type EventDescription,
  type EventRecorder,
  type KubeObject,
  PODS,
  SERVICES,
  STATEFUL_SETS,
} from "../../lib/kube/mod.ts";
import {
  BITCOIN_NETWORKS,
  type BitcoinNetwork,
  type BitcoinNetworkSpec,
} from "../../lib/network/mod.ts";
import type { NetworkWorld } from "../../lib/network/network_world.ts";
import type { ReachObserver } from "../../lib/network/reach.ts";
import { NetworkReconciler } from "../../lib/network/reconciler.ts";
import type { Result } from "../../lib/reconcile/mod.ts";
import type { RpcFetch } from "../../lib/rpc/mod.ts";
import { FakeClock, settle } from "../support/fake_clock.ts";
import { FakeCluster } from "./_fake_cluster.ts";
import { FakeNodes } from "./_fake_nodes.ts";
import { NodeModel } from "./_node_model.ts";

/** Changes between the tests of this room. */
export interface RigOptions {
  /** What the informers show, made from what the cluster has. */
  readonly lag?: (world: NetworkWorld) => NetworkWorld;
  readonly peerAddresses?: "name" | "ip";
  /** What writes its Events, if they are to be written. */
  readonly recorder?: (rig: Rig) => Pick<EventRecorder, "event">;
  /** Hears whether nodes can be reached. */
  readonly reachObserver?: ReachObserver;
}

/** One controller in a world of its own; dispose of it. */
export class Rig implements AsyncDisposable {
  readonly clock = new FakeClock();
  readonly cluster = new FakeCluster(this.clock);
  /** Nodes and their RPC, by network. */
  readonly models = new Map<string, NodeModel>();
  readonly nodes = new Map<string, FakeNodes>();
  /** Events, as `Normal Connected`. */
  readonly events: string[] = [];
  readonly notes: string[] = [];
  /** Keys that were asked for from inside. */
  readonly enqueued: string[] = [];
  readonly #options: RigOptions;
  #reconciler: NetworkReconciler;

  constructor(options: RigOptions = {}) {
    this.#options = options;
    this.#reconciler = this.#start();
  }

  /** The controller's; another one after a restart. */
  get reconciler(): NetworkReconciler {
    return this.#reconciler;
  }

  /** Another controller takes over, which knows nothing. */
  async restart(): Promise<void> {
    await this.#reconciler.close();
    this.#reconciler = this.#start();
  }

  #start(): NetworkReconciler {
    const { lag = (world) => world, peerAddresses = "name", recorder, reachObserver } =
      this.#options;
    return new NetworkReconciler({
      client: this.cluster.client,
      world: lag(this.world),
      events: {
        event: (regarding: KubeObject, description: EventDescription) => {
          this.events.push(`${description.type} ${description.reason}`);
          this.notes.push(description.note);
          recorder?.(this).event(regarding, description);
        },
      },
      enqueue: (key) => this.enqueued.push(key),
      peerAddresses,
      pollMs: 10_000,
      clock: this.clock,
      random: () => 0,
      fetch: this.rpcFetch,
      reachObserver,
    });
  }

  /** The nodes' RPC, of all networks. */
  readonly rpcFetch: RpcFetch = async (url, init) => {
    const found = [...this.nodes.values()].find((nodes) => nodes.has(url));
    if (!found) throw new TypeError(`connection refused: ${url}`);
    return await found.fetch(url, init);
  };

  /** What informers show that are never late. */
  get world(): NetworkWorld {
    const { cluster } = this;
    return {
      network: (key) => cluster.find(BITCOIN_NETWORKS, key.slice("test/".length)),
      service: (_namespace, name) => cluster.find(SERVICES, `${name}-svc`),
      statefulSet: (_namespace, name) => cluster.find(STATEFUL_SETS, `${name}-sts`),
      pods: (uid) =>
        cluster.list(PODS).filter(({ metadata }) => metadata.ownerReferences?.[0]?.uid === uid),
    };
  }

  /** A person applies a network. */
  wish(spec: Partial<BitcoinNetworkSpec> = {}, name = "net"): void {
    const before = this.cluster.find(BITCOIN_NETWORKS, name);
    if (!this.models.has(name)) {
      const model = new NodeModel(name, 1 + this.models.size * 1000);
      this.models.set(name, model);
      this.nodes.set(name, new FakeNodes(this.cluster, name, model));
    }
    this.cluster.put(BITCOIN_NETWORKS, {
      ...before,
      metadata: { ...before?.metadata, name, generation: (before?.metadata.generation ?? 0) + 1 },
      spec: { nodes: 3, ...before?.spec, ...spec },
    });
  }

  /** Runs every 10 s. */
  async runOften(times = 8): Promise<void> {
    for (let i = 0; i < times; i++) {
      await this.run();
      await this.clock.advance(10_000);
    }
  }

  /** How often an event was told, such as `Normal Connected`. */
  count(event: string): number {
    return this.events.filter((one) => one === event).length;
  }

  /** One run; time passes only while it waits. Returns also how long it took, in virtual ms. */
  async run(name = "net"): Promise<Result & { readonly tookMs: number }> {
    const start = this.clock.monotonic();
    let isOver = false;
    const run = this.reconciler.reconcile(`test/${name}`, new AbortController().signal)
      .finally(() => isOver = true);
    run.catch(() => {});
    await settle();
    // Hashing takes real time, and nobody sleeps meanwhile.
    while (!isOver) await this.clock.advance(this.clock.sleeping > 0 ? 100 : 0);
    return { ...await run, tookMs: this.clock.monotonic() - start };
  }

  /** Runs as the controller's queue would, with what the rest of the cluster does, for some virtual time. */
  async live(ms: number, name = "net"): Promise<void> {
    const end = this.clock.monotonic() + ms;
    while (this.clock.monotonic() < end) {
      const { requeueAfterMs = 10_000 } = await this.run(name);
      const { model } = this.of(name);
      if (this.cluster.find(STATEFUL_SETS, `${name}-sts`)) this.cluster.runPods(name, model);
      await this.clock.advance(Math.min(requeueAfterMs, end - this.clock.monotonic()));
      model.tick();
    }
  }

  /** A network that was brought up and has come to rest, with what it took forgotten. */
  async settled(spec: Partial<BitcoinNetworkSpec> = {}, name = "net"): Promise<void> {
    this.wish(spec, name);
    await this.live(30_000, name);
    this.forget();
  }

  /** Forgets what was recorded. */
  forget(): void {
    const { cluster, events, notes, enqueued } = this;
    for (const list of [cluster.writes, cluster.requests, events, notes, enqueued]) list.length = 0;
    for (const nodes of this.nodes.values()) nodes.polls.length = nodes.actions.length = 0;
  }

  /** Model and RPC of a network. */
  of(name = "net"): { readonly model: NodeModel; readonly nodes: FakeNodes } {
    const model = this.models.get(name);
    const nodes = this.nodes.get(name);
    if (!model || !nodes) throw new Error(`There is no network '${name}'`);
    return { model, nodes };
  }

  /** The network as it is stored. */
  network(name = "net"): BitcoinNetwork {
    return this.cluster.get(BITCOIN_NETWORKS, name);
  }

  /** A condition as `True/AllConnected`; empty if it is not there. */
  condition(type: string, name = "net"): string {
    const found = this.network(name).status?.conditions?.find((one) => one.type === type);
    return found ? `${found.status}/${found.reason}` : "";
  }

  /** Writes, as `PATCH services/net-svc`. */
  get writes(): string[] {
    return this.cluster.writes.map(({ what }) => what);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.reconciler.close();
  }
}
