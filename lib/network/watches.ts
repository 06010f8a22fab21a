/** The informers of what the controller looks at. */

import { getLogger } from "@logtape/logtape";
import type { StatefulSet } from "kubernetes-types/apps/v1.d.ts";
import type { Pod, Service } from "kubernetes-types/core/v1.d.ts";
import {
  ApiError,
  indexByController,
  Informer,
  type KubeClient,
  type KubeObject,
  objectKey,
  PODS,
  SERVICES,
  STATEFUL_SETS,
  type WatchObserver,
} from "../kube/mod.ts";
import type { Clock } from "../time/mod.ts";
import { PART_OF, PART_OF_LABEL } from "./names.ts";
import { inBrief } from "./pods.ts";
import { withOwnersOfReplicas } from "./resize.ts";
import { BITCOIN_NETWORKS, type BitcoinNetwork } from "./resource.ts";

const logger = getLogger(["bitcoin-controller", "network"]);

/** What {@linkcode Watches} need. */
export interface WatchesOptions {
  /** The cluster. */
  readonly client: KubeClient;
  /** Time source. */
  readonly clock: Clock;
  /** Random number from 0 up to 1. */
  readonly random: () => number;
  /** Asks for a run for the network of a key. */
  readonly enqueue: (key: string) => void;
  /** Hears why lists and watches are begun anew. */
  readonly observer: WatchObserver | undefined;
}

/** A kind that is watched. */
export interface Watched {
  /** The kind, in the plural. */
  readonly resource: string;
  /** What keeps its objects. */
  readonly informer: Pick<Informer<KubeObject>, "run" | "synced" | "hasSynced">;
}

/** Informers of one namespace, or of all. */
export class Watches {
  /** The networks. */
  readonly networks: Informer<BitcoinNetwork>;
  /** Services of networks. */
  readonly services: Informer<Service>;
  /** StatefulSets of networks. */
  readonly sets: Informer<StatefulSet>;
  /** Pods of networks, by their StatefulSet. */
  readonly pods: Informer<Pod>;

  /** Nothing is watched yet. */
  constructor({ client, enqueue, ...base }: WatchesOptions, namespace?: string) {
    const ours = { ...base, labelSelector: `${PART_OF_LABEL}=${PART_OF}` };
    const missing = new Announcer();
    this.networks = new Informer(client.resource(BITCOIN_NETWORKS, namespace), {
      ...base,
      onError: (error) => missing.announce(error),
      // What failed while the server was away would otherwise wait for as long as it was away.
      onRecovered: () => {
        missing.withdraw();
        this.networks.store.list().map(objectKey).forEach((key) => enqueue(key));
      },
    });
    this.services = new Informer(client.resource(SERVICES, namespace), ours);
    this.sets = new Informer(client.resource(STATEFUL_SETS, namespace), {
      ...ours,
      keep: withOwnersOfReplicas,
    });
    this.pods = new Informer(client.resource(PODS, namespace), {
      ...ours,
      indexes: { controller: indexByController },
      keep: inBrief,
    });
  }

  /** All of them. */
  all(): readonly Watched[] {
    return [
      { resource: BITCOIN_NETWORKS.plural, informer: this.networks },
      { resource: SERVICES.plural, informer: this.services },
      { resource: STATEFUL_SETS.plural, informer: this.sets },
      { resource: PODS.plural, informer: this.pods },
    ];
  }
}

/** Says once that the CRD is missing, however often the list is tried, and once that it is there. */
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

  /** Says that it is there, if somebody was told that it is not. */
  withdraw(): void {
    if (this.#said) logger.info("The API server knows BitcoinNetwork now, going on");
    this.#said = false;
  }
}
