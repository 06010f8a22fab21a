/** A node of any cluster on this machine: a kubelet that runs pods as processes, and a scheduler where there is none. */

import { type Connection, KubeClient } from "../kube/mod.ts";
import type { Runnable } from "../reconcile/mod.ts";
import { systemClock } from "../time/mod.ts";
import { startParts } from "./_running_parts.ts";
import { Scheduler } from "./controllers/mod.ts";
import { type AddressAllocator, Kubelet } from "./kubelet/mod.ts";
import { Machine, type MachineOptions } from "./machine.ts";

/** How often the node says that it is alive, in ms (kubelet `nodeLeaseDurationSeconds` / 4). */
const HEARTBEAT_MS = 10_000;

/** How a {@linkcode LocalNode} is set up. */
export interface LocalNodeOptions extends MachineOptions {
  /** The API server, as a user who may do what a kubelet does. */
  readonly connection: Connection;
  /**
   * The API server, as a user who may do what a scheduler does.
   *
   * @default {the cluster has a scheduler, and none is started}
   */
  readonly scheduler?: Connection | undefined;
  /**
   * Name of the node; no other may have it.
   *
   * @default {"local"}
   */
  readonly nodeName?: string;
  /**
   * Addresses of the node and of the pods.
   *
   * @default {those of a random 127.x.0.0/16}
   */
  readonly addresses?: AddressAllocator;
  /**
   * How long containers get to end when the node is closed, in ms.
   *
   * @default {10_000}
   */
  readonly stopGraceMs?: number;
}

/** What there is while a node runs. */
interface Running {
  readonly machine: Machine;
  readonly ended: Promise<void>;
  readonly resources: AsyncDisposableStack;
}

/** A node that lives as long as this object does: nothing of it is left on the machine once it is closed. */
export class LocalNode implements AsyncDisposable {
  readonly #options: LocalNodeOptions;
  #running: Running | undefined;

  /** Keeps its options; {@linkcode LocalNode.start} starts it. */
  constructor(options: LocalNodeOptions) {
    this.#options = options;
  }

  /**
   * Registers the node. When it resolves, pods that are bound to it will run.
   *
   * @throws {BitcoindNotFoundError} if a real bitcoind is asked for and there is none
   * @throws {NoFreeAddressError} if there is no address for the node
   * @throws the signal's reason if it is aborted meanwhile
   */
  async start(signal?: AbortSignal): Promise<void> {
    if (this.#running) throw new TypeError("Cannot start the node: it was started before");
    signal?.throwIfAborted();
    // deno-lint-ignore no-undef -- the linter does not know of this global yet
    await using resources = new AsyncDisposableStack();
    const machine = resources.use(await Machine.prepare(this.#options));
    const parts = this.#parts(machine, resources);
    const { clock = systemClock } = this.#options;
    const { ended } = resources.use(await startParts(parts, { whole: "node", clock }, signal));
    this.#running = { machine, ended, resources: resources.move() };
  }

  /** What runs on it: the machine's folder and containers, for faults on demand. */
  get machine(): Machine {
    if (!this.#running) throw new TypeError("Cannot use the node: it does not run");
    return this.#running.machine;
  }

  /** Resolves when the node has been closed; rejects if a part of it has failed, and nothing runs any more. */
  get ended(): Promise<void> {
    if (!this.#running) throw new TypeError("Cannot use the node: it does not run");
    return this.#running.ended;
  }

  /** Ends all containers and stops everything; does nothing if it does not run. The Node object stays, and turns NotReady. */
  async close(): Promise<void> {
    const running = this.#running;
    this.#running = undefined;
    await running?.resources.disposeAsync();
  }

  /** Kills all containers and removes all files at once, for a process that ends now and cannot wait for {@linkcode LocalNode.close}. */
  abandon(): void {
    this.#running?.machine.abandon();
  }

  /** Same as {@linkcode LocalNode.close}, for `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #parts({ runtime, folder }: Machine, resources: AsyncDisposableStack): Runnable[] {
    const { connection, scheduler, nodeName = "local", addresses, stopGraceMs } = this.#options;
    const { clock = systemClock } = this.#options;
    const clientOf = (as: Connection, userAgent: string): KubeClient =>
      resources.use(new KubeClient(as, { clock, userAgent }));
    const kubelet = new Kubelet({
      client: clientOf(connection, "local-kubelet"),
      nodeName,
      runtime,
      rootDir: folder,
      serverToken: crypto.randomUUID(),
      heartbeatMs: HEARTBEAT_MS,
      ...(addresses && { addresses }),
      ...(stopGraceMs !== undefined && { stopGraceMs }),
      clock,
    });
    if (!scheduler) return [kubelet];
    return [kubelet, new Scheduler({ client: clientOf(scheduler, "local-scheduler"), clock })];
  }
}
