/** A whole small cluster in this process: an API server, its controllers and a kubelet. */

import { join } from "node:path";

import { type Connection, KubeClient } from "../kube/mod.ts";
import { systemClock } from "../time/mod.ts";
import { clusterParts } from "./_cluster_parts.ts";
import { ClusterUsers } from "./_cluster_users.ts";
import { startParts } from "./_running_parts.ts";
import { ApiServer } from "./api/mod.ts";
import type { FakeBitcoinRuntime } from "./bitcoin/mod.ts";
import { kubeconfigText } from "./kubeconfig.ts";
import type { AddressAllocator } from "./kubelet/mod.ts";
import { Machine, type MachineOptions } from "./machine.ts";

/** Name of the cluster in its kubeconfig, and of its only node. */
const NAME = "embedded";

/** How an {@linkcode EmbeddedCluster} is set up. */
export interface EmbeddedClusterOptions extends MachineOptions {
  /**
   * Addresses of the node and of the pods.
   *
   * @default {those of a random 127.x.0.0/16}
   */
  readonly addresses?: AddressAllocator;
  /**
   * Port of the API server.
   *
   * @default {0, any that is free}
   */
  readonly port?: number;
  /**
   * How long containers get to end when the cluster is closed, in ms.
   *
   * @default {10_000}
   */
  readonly stopGraceMs?: number;
}

/** What there is while a cluster runs. */
interface Running {
  readonly api: ApiServer;
  readonly client: KubeClient;
  readonly kubeconfig: string;
  readonly ended: Promise<void>;
  readonly resources: AsyncDisposableStack;
}

/**
 * A cluster that lives as long as this object does: nothing of it is left on the machine once it is closed, even if
 * its start failed half-way. Its API server listens on loopback alone and wants a token that is new with every start.
 */
export class EmbeddedCluster implements AsyncDisposable {
  readonly #options: EmbeddedClusterOptions;
  #wasStarted = false;
  #machine: Machine | undefined;
  #running: Running | undefined;

  /** Keeps its options; {@linkcode EmbeddedCluster.start} starts it. */
  constructor(options: EmbeddedClusterOptions = {}) {
    this.#options = options;
  }

  /**
   * Starts everything, once. When it resolves, pods that are created will run.
   *
   * @throws {BitcoindNotFoundError} if a real bitcoind is asked for and there is none
   * @throws {ListenError} if the API server cannot listen
   * @throws {NoFreeAddressError} if there is no address for the node
   * @throws {TypeError} if it was started before
   * @throws the signal's reason if it is aborted meanwhile
   */
  async start(signal?: AbortSignal): Promise<void> {
    if (this.#wasStarted) throw new TypeError("Cannot start the cluster: it was started before");
    this.#wasStarted = true;
    signal?.throwIfAborted();
    const { port = 0, clock = systemClock } = this.#options;
    // What has been started is closed in reverse, unless everything has been and is moved out of here.
    // deno-lint-ignore no-undef -- the linter does not know of this global yet
    await using resources = new AsyncDisposableStack();
    const machine = resources.use(await Machine.prepare(this.#options));
    this.#machine = machine;
    const { folder, runtime } = machine;

    const users = new ClusterUsers();
    const kubelet = { fetch, token: users.serverToken };
    const api = resources.use(new ApiServer({ tokens: users.names, port, clock, kubelet }));
    await api.start();
    const kubeconfig = join(folder, "kubeconfig");
    const server = api.urlWithToken(users.tokenOf("admin"));
    await Deno.writeTextFile(kubeconfig, kubeconfigText({ name: NAME, server }), { mode: 0o600 });
    const client = resources.use(new KubeClient(users.connection("admin", api.url), { clock }));
    const parts = clusterParts(
      { ...this.#options, users, server: api.url, nodeName: NAME, runtime, folder, clock },
      resources,
    );
    const { ended } = resources.use(await startParts(parts, { whole: "cluster", clock }, signal));
    this.#running = { api, client, kubeconfig, ended, resources: resources.move() };
  }

  /** Which bitcoind the pods run, for people. */
  get bitcoind(): string {
    return this.#machine?.bitcoind ?? "";
  }

  /** Path of the kubeconfig file; who can read it may do everything in the cluster. */
  get kubeconfig(): string {
    return this.#started.kubeconfig;
  }

  /** A connection with the rights of the kubeconfig. */
  get connection(): Connection {
    return this.#started.client.connection;
  }

  /** A client that may do everything. */
  get client(): KubeClient {
    return this.#started.client;
  }

  /** The API server: its record of requests, and faults on demand. */
  get api(): ApiServer {
    return this.#started.api;
  }

  /** The fake nodes, for faults on demand; undefined if the nodes are real. */
  get fake(): FakeBitcoinRuntime | undefined {
    return this.#machine?.fake;
  }

  /** Resolves when the cluster has been closed; rejects if a part of it has failed, and nothing runs any more. */
  get ended(): Promise<void> {
    return this.#started.ended;
  }

  /** The containers that run, such as `default/web-0/c (process://1234)`. */
  running(): readonly string[] {
    return this.#machine?.running() ?? [];
  }

  /**
   * Kills the containers of a pod, as the kernel would; the kubelet finds out.
   *
   * @throws {Error} if the pod has no container that runs
   */
  killPod(namespace: string, name: string): void {
    if (!this.#machine) throw new TypeError("Cannot kill a pod: the cluster was not started");
    this.#machine.killPod(namespace, name);
  }

  /**
   * Makes the kubelet believe that the containers of a pod have ended while they go on, as when a machine is cut off;
   * whoever does this ends them.
   *
   * @throws {Error} if the pod has no container that runs
   */
  losePod(namespace: string, name: string): void {
    if (!this.#machine) throw new TypeError("Cannot lose a pod: the cluster was not started");
    this.#machine.losePod(namespace, name);
  }

  /** Ends all containers and stops everything; does nothing if it does not run. */
  async close(): Promise<void> {
    const running = this.#running;
    this.#running = undefined;
    await running?.resources.disposeAsync();
  }

  /** Kills all containers and removes all files at once, for a process that ends now and cannot wait for {@linkcode EmbeddedCluster.close}. */
  abandon(): void {
    this.#machine?.abandon();
  }

  /** Same as {@linkcode EmbeddedCluster.close}, for `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  get #started(): Running {
    if (!this.#running) throw new TypeError("Cannot use the cluster: it does not run");
    return this.#running;
  }
}
