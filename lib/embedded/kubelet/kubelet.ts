/** A kubelet: registers a node with an API server, any one, and runs the pods that are bound to it. */

import type { Node, Pod } from "kubernetes-types/core/v1.d.ts";
import { join } from "node:path";

import {
  EventRecorder,
  Informer,
  type KubeClient,
  type ObjectKey,
  objectKey,
  PODS,
  type Stored,
} from "../../kube/mod.ts";
import { Controller, Manager, type Runnable } from "../../reconcile/mod.ts";
import { abortable, type Clock, systemClock } from "../../time/mod.ts";
import { AddressAllocator } from "./addresses.ts";
import { apiConfigReader } from "./config_objects.ts";
import { serveLogs } from "./log_server.ts";
import { nodeObject } from "./node.ts";
import { keepRegistering, keepRenewing } from "./node_registration.ts";
import { PodReconciler } from "./pod_reconciler.ts";
import { PodWorker } from "./pod_worker.ts";
import type { Runtime } from "./runtime.ts";
import { StatusWriter } from "./status_writer.ts";
import { removeFolder } from "./volumes.ts";

/** Writes to the API server that may be under way at once: one for each pod that changes. */
const WORKERS = 16;

/** What a {@linkcode Kubelet} is made of. */
export interface KubeletOptions {
  /** The API server. */
  readonly client: KubeClient;
  /** Name of the node; no other kubelet may have it. */
  readonly nodeName: string;
  /** Runs the containers. */
  readonly runtime: Runtime;
  /** Folder for the files of pods; everything in its folder `pods` is this kubelet's and is removed. */
  readonly rootDir: string;
  /** What callers of its HTTP must send as their bearer token. */
  readonly serverToken: string;
  /**
   * Port of its HTTP, on the address of the node.
   *
   * @default {0, any}
   */
  readonly serverPort?: number;
  /**
   * Addresses of the pods and of the node.
   *
   * @default {those of a random 127.x.0.0/16}
   */
  readonly addresses?: AddressAllocator;
  /**
   * How often to renew the node's lease, in ms. A cluster with a node lifecycle controller needs it (10 000 there);
   * without it a node at rest writes nothing.
   *
   * @default {never}
   */
  readonly heartbeatMs?: number;
  /**
   * How long containers get to end when the kubelet stops, in ms.
   *
   * @default {10_000}
   */
  readonly stopGraceMs?: number;
  /**
   * Time source.
   *
   * @default {systemClock}
   */
  readonly clock?: Clock;
}

/**
 * An ordinary client of the API. When it stops, all its containers end and their files are removed; pods that are
 * still there when it starts again get fresh containers.
 */
export class Kubelet implements Runnable {
  /** Name of this part, in logs. */
  readonly name = "kubelet";
  readonly #options: KubeletOptions;
  readonly #clock: Clock;
  readonly #addresses: AddressAllocator;
  readonly #informer: Informer<Pod>;
  readonly #registered = Promise.withResolvers<void>();

  /** Keeps its arguments; {@linkcode Kubelet.run} starts it. */
  constructor(options: KubeletOptions) {
    const { client, nodeName, clock = systemClock } = options;
    this.#options = options;
    this.#clock = clock;
    this.#addresses = options.addresses ?? new AddressAllocator();
    const fieldSelector = `spec.nodeName=${nodeName}`;
    this.#informer = new Informer(client.resource(PODS), { fieldSelector, clock });
  }

  /** Resolves once the node is registered and the pods are known; rejects with the signal's reason. */
  async ready(signal: AbortSignal): Promise<void> {
    await abortable(this.#registered.promise, signal);
    await this.#informer.synced(signal);
  }

  /**
   * Runs until the signal is aborted; when it returns, nothing is left of any pod on this machine.
   *
   * @throws {NoFreeAddressError} if the node itself gets no address
   */
  async run(signal: AbortSignal): Promise<void> {
    const { client, nodeName, rootDir, serverToken, serverPort = 0, stopGraceMs = 10_000 } =
      this.#options;
    const clock = this.#clock;
    const folder = join(rootDir, "pods");
    await removeFolder(folder);
    // deno-lint-ignore no-undef -- the linter does not know of this global yet
    await using cleanUp = new AsyncDisposableStack();
    cleanUp.defer(() => removeFolder(folder));
    const hostIp = this.#addresses.allocate([]);
    cleanUp.defer(() => this.#addresses.release(hostIp));

    const recorder = new EventRecorder({ client, component: "kubelet", instance: nodeName, clock });
    const pods: PodReconciler = new PodReconciler({
      store: this.#informer.store,
      writer: new StatusWriter(client.resource(PODS)),
      makeWorker: (pod, changed) => this.#worker({ pod, folder, hostIp, changed }, recorder),
      hostIp,
      enqueue: (key) => controller.enqueue(key),
      clock,
    });
    const controller: Controller<ObjectKey> = new Controller({
      name: "kubelet",
      reconcile: (key, signal) => pods.reconcile(key, signal),
      workers: WORKERS,
      sources: [this.#informer],
      clock,
    });
    const enqueue = (pod: Readonly<Stored<Pod>>): void => controller.enqueue(objectKey(pod));
    this.#informer.subscribe({ added: enqueue, updated: enqueue, deleted: enqueue });

    const serving = new AbortController();
    const server = serveLogs({
      hostname: hostIp,
      port: serverPort,
      token: serverToken,
      find: (request) => pods.logOf(request),
      now: () => clock.now(),
    }, serving.signal);
    cleanUp.defer(async () => {
      serving.abort();
      await server.finished;
    });
    cleanUp.defer(() => pods.stopAll(stopGraceMs));

    const node = this.#node(hostIp, server.addr.port);
    if (!await keepRegistering(client, node, clock, signal)) return;
    this.#registered.resolve();
    const events: Runnable = { name: "kubelet events", run: (signal) => recorder.run(signal) };
    const parts = [[events], [this.#watching(), ...this.#heartbeat(node)], [controller]];
    await new Manager(parts, { clock }).run(signal);
  }

  #node(address: string, port: number): Node {
    const { nodeName, runtime } = this.#options;
    return nodeObject({
      name: nodeName,
      address,
      port,
      runtimeName: runtime.name,
      processors: navigator.hardwareConcurrency,
      memoryBytes: Deno.systemMemoryInfo().total,
      nowMs: this.#clock.now(),
    });
  }

  #worker(
    { pod, folder, hostIp, changed }: WorkerPlace,
    recorder: EventRecorder,
  ): PodWorker {
    const { client, runtime } = this.#options;
    return new PodWorker({
      pod,
      folder: join(folder, pod.metadata.uid),
      runtime,
      reader: apiConfigReader(client),
      addresses: this.#addresses,
      hostIp,
      clock: this.#clock,
      report: (type, reason, note) => recorder.event(pod, { type, reason, action: reason, note }),
      changed,
    });
  }

  #watching(): Runnable {
    return {
      name: "kubelet pods",
      run: (signal) => this.#informer.run(signal),
      ready: (signal) => this.#informer.synced(signal),
    };
  }

  #heartbeat(node: Node): Runnable[] {
    const { client, heartbeatMs } = this.#options;
    if (heartbeatMs === undefined) return [];
    return [{
      name: "kubelet heartbeat",
      run: (signal) => keepRenewing(client, node, heartbeatMs, this.#clock, signal),
    }];
  }
}

/** Where a pod's worker works, and whom it tells. */
interface WorkerPlace {
  readonly pod: Readonly<Stored<Pod>>;
  readonly folder: string;
  readonly hostIp: string;
  readonly changed: () => void;
}
