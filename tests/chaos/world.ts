/** A cluster with a controller and some networks, for chaos to play on. */

import { join } from "node:path";
import { type BitcoindChoice, EmbeddedCluster } from "../../lib/embedded/mod.ts";
import {
  CUSTOM_RESOURCE_DEFINITIONS,
  type KubeClient,
  type ResourceHandle,
} from "../../lib/kube/mod.ts";
import {
  API_VERSION,
  BITCOIN_NETWORKS,
  type BitcoinNetwork,
  customResourceDefinition,
  KIND,
} from "../../lib/network/mod.ts";
import { until } from "../support/eventually.ts";
import { ControllerProcess } from "./controller_process.ts";
import { violationsOf } from "./invariants.ts";
import { type NetworkView, Observer } from "./observe.ts";

/** Namespace of all networks. */
export const NAMESPACE = "default";

/** Names of the networks, with their nodes at the start. */
const NETWORKS: Readonly<Record<string, number>> = { alpha: 3, beta: 4, gamma: 2 };

/** How often to look whether all is well, in ms. */
const LOOK_EVERY_MS = 100;

/** How a wait for all to be well ended. */
export interface Healing {
  /** What was still wrong when the time was over; nothing if all was well. */
  readonly violations: readonly string[];
  /** How long it took, in ms. */
  readonly tookMs: number;
}

/** Everything that chaos acts on. */
export class World implements AsyncDisposable {
  /** The cluster. */
  readonly cluster: EmbeddedCluster;
  /** The controller. */
  readonly controller: ControllerProcess;
  /** Names of the networks. */
  readonly names: readonly string[] = Object.keys(NETWORKS);
  readonly #folder: string;
  readonly #observer: Observer;
  /** Processes that the cluster has lost sight of. */
  readonly #lost = new Set<number>();

  private constructor(cluster: EmbeddedCluster, folder: string) {
    this.cluster = cluster;
    this.#folder = folder;
    this.controller = new ControllerProcess(cluster.kubeconfig, join(folder, "controller.log"));
    this.#observer = new Observer(cluster.client, NAMESPACE);
  }

  /** Starts everything; the networks are not up yet. */
  static async start(bitcoind: BitcoindChoice): Promise<World> {
    const folder = await Deno.makeTempDir({ prefix: "chaos-" });
    const cluster = new EmbeddedCluster({ bitcoind, directory: folder, stopGraceMs: 2_000 });
    await cluster.start();
    const world = new World(cluster, folder);
    const definitions = cluster.client.resource(CUSTOM_RESOURCE_DEFINITIONS);
    await definitions.apply(customResourceDefinition(), { fieldManager: "chaos" });
    await until(
      definitions,
      ([crd]) =>
        crd?.status?.conditions?.some(({ type, status }) =>
          type === "Established" && status === "True"
        ),
    );
    world.controller.start();
    for (const [name, nodes] of Object.entries(NETWORKS)) {
      await world.networks.create({
        apiVersion: API_VERSION,
        kind: KIND,
        metadata: { name },
        spec: { nodes },
      });
    }
    return world;
  }

  /** A client that may do everything. */
  get client(): KubeClient {
    return this.cluster.client;
  }

  /** The networks in the API. */
  get networks(): ResourceHandle<BitcoinNetwork> {
    return this.client.resource(BITCOIN_NETWORKS, NAMESPACE);
  }

  /** One network as it is now. */
  look(name: string): Promise<NetworkView> {
    return this.#observer.look(name);
  }

  /** What is wrong now. */
  async violations(): Promise<string[]> {
    const views = await Promise.all(this.names.map((name) => this.look(name)));
    const pods = views.reduce((sum, { nodes }) => sum + nodes.length, 0);
    const running = this.cluster.running().length;
    const violations = violationsOf(views);
    if (violations.length === 0 && running !== pods) {
      violations.push(`${running} containers run for ${pods} pods`);
    }
    return violations;
  }

  /** Waits until nothing is wrong, twice in a row, and counts the time to the first of the two. */
  async heal(withinMs: number): Promise<Healing> {
    const start = performance.now();
    let goodSince: number | undefined;
    for (;;) {
      const violations = await this.violations();
      const now = performance.now();
      const isGood = violations.length === 0;
      if (isGood && goodSince !== undefined) return { violations, tookMs: goodSince - start };
      if (!isGood && now > start + withinMs) return { violations, tookMs: now - start };
      goodSince = isGood ? now : undefined;
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
  }

  /** The process of a pod's container; undefined if it is none of its own. */
  processOf(pod: string): number | undefined {
    const [, id] = this.cluster.running()
      .map((text) => /\/([^/]+)\/[^/]+ \(process:\/\/(\d+)\)$/.exec(text))
      .find((match) => match?.[1] === pod)?.slice(1) ?? [];
    return id === undefined ? undefined : Number(id);
  }

  /** Takes a pod's process out of the cluster's reach and freezes it: to its peers it is there, and says nothing. */
  unplug(pod: string): void {
    const pid = this.processOf(pod);
    if (pid === undefined) throw new Error(`Cannot unplug '${pod}': it has no process`);
    Deno.kill(pid, "SIGSTOP");
    this.#lost.add(pid);
    this.cluster.losePod(NAMESPACE, pod);
  }

  /** Ends the processes that were unplugged. */
  endUnplugged(): void {
    for (const pid of this.#lost) Deno.kill(pid, "SIGKILL");
    this.#lost.clear();
  }

  /** Ends everything; nothing is left. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.controller.kill();
    this.endUnplugged();
    await this.cluster.close();
    await Deno.remove(this.#folder, { recursive: true });
  }
}
