/** The controller of BitcoinNetworks: informers, queue and reconciler put together. */

import type { Pod } from "kubernetes-types/core/v1.d.ts";
import {
  controllerOf,
  EventRecorder,
  type KubeClient,
  type KubeObject,
  objectKey,
  type Stored,
  type WatchObserver,
} from "../kube/mod.ts";
import { Controller, type ControllerObserver, Manager, type Runnable } from "../reconcile/mod.ts";
import type { RpcFetch, RpcObserver } from "../rpc/mod.ts";
import { type Clock, deadline, systemClock } from "../time/mod.ts";
import { GROUP, INSTANCE_LABEL, KIND, serviceName, statefulSetName } from "./names.ts";
import { type NetworkState, stateOf } from "./readiness.ts";
import type { NetworkWorld } from "./network_world.ts";
import type { ReachObserver } from "./reach.ts";
import { NetworkReconciler } from "./reconciler.ts";
import type { BitcoinNetwork } from "./resource.ts";
import { type Watched, Watches } from "./watches.ts";

/** How long events may take to be written at the end, in ms: the status has told of what they tell, so nobody will again. */
const FLUSH_MS = 2_000;

/** Who hears of what the controller does; all of them may be absent. */
export interface NetworkObservers {
  /** Hears of keys and runs. */
  readonly controller?: ControllerObserver<string>;
  /** Hears why lists and watches are begun anew. */
  readonly watches?: WatchObserver;
  /** Hears of every request to a bitcoind. */
  readonly rpc?: RpcObserver;
  /** Hears whether nodes can be reached. */
  readonly reach?: ReachObserver;
}

/** What the controller is made of. */
export interface NetworkControllerOptions {
  /** The cluster. */
  readonly client: KubeClient;
  /** Namespaces to serve; all if absent. */
  readonly namespaces?: readonly string[];
  /**
   * How nodes name each other in their added lists; `ip` where names cannot be resolved.
   *
   * @default {"name"}
   */
  readonly peerAddresses?: "name" | "ip";
  /**
   * Time between two polls of a settled network, in ms.
   *
   * @default {10_000}
   */
  readonly pollMs?: number;
  /**
   * How many networks are worked on at once.
   *
   * @default {5}
   */
  readonly workers?: number;
  /**
   * Name of this instance, in events.
   *
   * @default {"bitcoin-controller"}
   */
  readonly instance?: string;
  /**
   * Time source.
   *
   * @default {systemClock}
   */
  readonly clock?: Clock;
  /**
   * Random number from 0 up to 1.
   *
   * @default {Math.random}
   */
  readonly random?: () => number;
  /** How the nodes are called; `fetch` if absent. */
  readonly rpcFetch?: RpcFetch;
  /** Who hears of what it does. */
  readonly observers?: NetworkObservers | undefined;
}

/** What a {@linkcode NetworkController} consists of, in the order in which it is to be started. */
export interface NetworkControllerParts {
  /** The informers, ready once they have synced, and the recorder, which has nothing to write as long as nothing is reconciled. */
  readonly watching: readonly Runnable[];
  /** What reconciles. It starts when the others are ready and ends before they do; then all events are written, too. */
  readonly workers: Runnable;
}

/** Watches networks and what belongs to them, and reconciles each that something happened to. */
export class NetworkController implements Runnable {
  /** Name of the controller. */
  readonly name = "bitcoin-controller";
  readonly #options: NetworkControllerOptions;
  readonly #watches: readonly Watches[];
  readonly #events: EventRecorder;
  readonly #reconciler: NetworkReconciler;
  readonly #controller: Controller<string>;

  /** Keeps its parts; {@linkcode NetworkController.run} starts it. */
  constructor(options: NetworkControllerOptions) {
    const { client, namespaces, clock = systemClock, random = Math.random, observers } = options;
    this.#options = options;
    const enqueue = (key: string): void => this.#controller.enqueue(key);
    const base = { client, clock, random, enqueue, observer: observers?.watches };
    this.#watches = namespaces
      ? namespaces.map((namespace) => new Watches(base, namespace))
      : [new Watches(base)];
    this.#events = new EventRecorder({
      client,
      component: "bitcoin-controller",
      instance: options.instance ?? "bitcoin-controller",
      clock,
      random,
    });
    this.#reconciler = new NetworkReconciler({
      client,
      world: this.#world(),
      events: this.#events,
      enqueue,
      peerAddresses: options.peerAddresses ?? "name",
      pollMs: options.pollMs ?? 10_000,
      clock,
      random,
      fetch: options.rpcFetch,
      rpcObserver: observers?.rpc,
      reachObserver: observers?.reach,
    });
    this.#controller = new Controller({
      name: this.name,
      reconcile: (key, signal) => this.#reconciler.reconcile(key, signal),
      workers: options.workers ?? 5,
      clock,
      ...(observers?.controller && { observer: observers.controller }),
    });
  }

  /** Works until the signal is aborted. */
  async run(signal: AbortSignal): Promise<void> {
    const { watching, workers } = this.parts();
    const { clock = systemClock } = this.#options;
    await new Manager([watching, [workers]], { clock }).run(signal);
  }

  /** Its parts, for whoever runs them among others in place of {@linkcode NetworkController.run}. Once. */
  parts(): NetworkControllerParts {
    for (const watches of this.#watches) this.#subscribe(watches);
    const informers = this.#watched().map(({ resource, informer }): Runnable => ({
      name: `informer of ${resource}`,
      run: (stop) => informer.run(stop),
      ready: (stop) => informer.synced(stop),
    }));
    const events: Runnable = { name: "events", run: (stop) => this.#events.run(stop) };
    const workers: Runnable = { name: this.name, run: (stop) => this.#runWorkers(stop) };
    return { watching: [events, ...informers], workers };
  }

  /** When it is over nothing is written any more, events included: then another replica may begin. */
  async #runWorkers(signal: AbortSignal): Promise<void> {
    try {
      await this.#controller.run(signal);
    } finally {
      await this.#reconciler.close();
      using limit = deadline(FLUSH_MS);
      await this.#events.flush(limit.signal).catch(() => {});
    }
  }

  /** The kinds, in the plural, of which not all objects are known yet: until there are none, nothing is reconciled. */
  unsynced(): readonly string[] {
    const late = this.#watched().filter(({ informer }) => !informer.hasSynced);
    return [...new Set(late.map(({ resource }) => resource))];
  }

  /** How many networks there are in each state, by what the informers know. */
  countByState(): Readonly<Record<NetworkState, number>> {
    const counts = { ready: 0, suspended: 0, progressing: 0, stalled: 0, unknown: 0 };
    for (const { networks } of this.#watches) {
      for (const network of networks.store.list()) counts[stateOf(network)]++;
    }
    return counts;
  }

  #watched(): readonly Watched[] {
    return this.#watches.flatMap((watches) => watches.all());
  }

  /** Resolves once nothing is to be done. For tests. */
  idle(signal?: AbortSignal): Promise<void> {
    return this.#controller.idle(signal);
  }

  /** Turns what happens into keys. */
  #subscribe({ networks, services, sets, pods }: Watches): void {
    const enqueue = (network: Readonly<Stored<BitcoinNetwork>>): void =>
      this.#controller.enqueue(objectKey(network));
    networks.subscribe({
      added: enqueue,
      deleted: enqueue,
      // The controller's own writes of the status are no reason to look again.
      updated: (network, old) => {
        if (
          network.metadata.generation !== old.metadata.generation ||
          network.metadata.deletionTimestamp
        ) {
          enqueue(network);
        }
      },
    });
    const enqueueOwner = (object: Readonly<Stored<KubeObject>>): void => {
      const owner = controllerOf(object);
      const isOurs = owner?.kind === KIND && owner.apiVersion.startsWith(`${GROUP}/`);
      if (isOurs) this.#controller.enqueue(`${object.metadata.namespace}/${owner.name}`);
    };
    const owned = {
      added: enqueueOwner,
      // The owner may be what was changed.
      updated: (object: Readonly<Stored<KubeObject>>, old: Readonly<Stored<KubeObject>>): void => {
        enqueueOwner(old);
        enqueueOwner(object);
      },
      deleted: enqueueOwner,
    };
    services.subscribe(owned);
    sets.subscribe(owned);
    // A pod is controlled by the StatefulSet; its label names the network.
    const enqueueLabelled = (pod: Readonly<Stored<Pod>>): void => {
      const network = pod.metadata.labels?.[INSTANCE_LABEL];
      if (network) this.#controller.enqueue(`${pod.metadata.namespace}/${network}`);
    };
    pods.subscribe({ added: enqueueLabelled, updated: enqueueLabelled, deleted: enqueueLabelled });
  }

  #world(): NetworkWorld {
    const first = <T>(read: (watches: Watches) => T | undefined): T | undefined => {
      for (const watches of this.#watches) {
        const found = read(watches);
        if (found !== undefined) return found;
      }
      return undefined;
    };
    return {
      network: (key) => first(({ networks }) => networks.store.get(key)),
      service: (namespace, name) =>
        first(({ services }) => services.store.get(`${namespace}/${serviceName(name)}`)),
      statefulSet: (namespace, name) =>
        first(({ sets }) => sets.store.get(`${namespace}/${statefulSetName(name)}`)),
      pods: (uid) => this.#watches.flatMap(({ pods }) => pods.store.byIndex("controller", uid)),
    };
  }
}
