/** The controller of BitcoinNetworks: informers, queue and reconciler put together. */

import { getLogger } from "@logtape/logtape";
import type { StatefulSet } from "kubernetes-types/apps/v1.d.ts";
import type { Pod, Service } from "kubernetes-types/core/v1.d.ts";
import {
  ApiError,
  controllerOf,
  EventRecorder,
  indexByController,
  Informer,
  type KubeClient,
  type KubeObject,
  objectKey,
  PODS,
  SERVICES,
  STATEFUL_SETS,
  type Stored,
} from "../kube/mod.ts";
import { Controller, Manager, type Runnable } from "../reconcile/mod.ts";
import type { RpcFetch } from "../rpc/mod.ts";
import { type Clock, deadline, systemClock } from "../time/mod.ts";
import {
  GROUP,
  INSTANCE_LABEL,
  KIND,
  PART_OF,
  PART_OF_LABEL,
  serviceName,
  statefulSetName,
} from "./names.ts";
import { NetworkReconciler, type NetworkWorld } from "./reconciler.ts";
import { BITCOIN_NETWORKS, type BitcoinNetwork } from "./resource.ts";

const logger = getLogger(["bitcoin-controller", "network"]);

/** How long events may take to be written at the end, in ms: the status has told of what they tell, so nobody will again. */
const FLUSH_MS = 2_000;

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
}

/** What a {@linkcode NetworkController} consists of, in the order in which it is to be started. */
export interface NetworkControllerParts {
  /** The informers, ready once they have synced, and the recorder, which has nothing to write as long as nothing is reconciled. */
  readonly watching: readonly Runnable[];
  /** What reconciles. It starts when the others are ready and ends before they do; then all events are written, too. */
  readonly workers: Runnable;
}

/** Informers of one namespace, or of all. */
class Watches {
  readonly networks: Informer<BitcoinNetwork>;
  readonly services: Informer<Service>;
  readonly sets: Informer<StatefulSet>;
  readonly pods: Informer<Pod>;

  constructor(
    { client, clock = systemClock, random = Math.random }: NetworkControllerOptions,
    namespace?: string,
  ) {
    const base = { clock, random };
    const ours = { ...base, labelSelector: `${PART_OF_LABEL}=${PART_OF}` };
    const missing = new Announcer();
    this.networks = new Informer(client.resource(BITCOIN_NETWORKS, namespace), {
      ...base,
      onError: (error) => missing.announce(error),
    });
    this.services = new Informer(client.resource(SERVICES, namespace), ours);
    this.sets = new Informer(client.resource(STATEFUL_SETS, namespace), ours);
    this.pods = new Informer(client.resource(PODS, namespace), {
      ...ours,
      indexes: { controller: indexByController },
    });
  }

  all(): readonly (Pick<Informer<KubeObject>, "run" | "synced">)[] {
    return [this.networks, this.services, this.sets, this.pods];
  }
}

/** Says once that the CRD is missing, however often the list is tried. */
class Announcer {
  #said = false;

  announce(error: unknown): void {
    const isMissing = error instanceof ApiError && error.isNotFound;
    if (isMissing && !this.#said) {
      logger.warn(
        "The API server does not know BitcoinNetwork, waiting: apply the CustomResourceDefinition (manifests/crd.yaml)",
      );
    }
    this.#said = isMissing;
  }
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
    const { client, namespaces, clock = systemClock, random = Math.random } = options;
    this.#options = options;
    this.#watches = namespaces
      ? namespaces.map((namespace) => new Watches(options, namespace))
      : [new Watches(options)];
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
      enqueue: (key) => this.#controller.enqueue(key),
      peerAddresses: options.peerAddresses ?? "name",
      pollMs: options.pollMs ?? 10_000,
      clock,
      random,
      fetch: options.rpcFetch,
    });
    this.#controller = new Controller({
      name: this.name,
      reconcile: (key, signal) => this.#reconciler.reconcile(key, signal),
      workers: options.workers ?? 5,
      clock,
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
    const informers = this.#watches.flatMap((watches) => watches.all()).map((
      informer,
    ): Runnable => ({
      name: "informer",
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
