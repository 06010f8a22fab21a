/**
 * What `run` shows of itself: metrics of all that it does, and health. Only for who listens: what this file imports
 * takes a tenth of a second to load.
 */

import type { RequestObserver } from "../../kube/mod.ts";
import {
  type NetworkController,
  type NetworkObservers,
  OWN_NAMESPACE_RIGHTS,
  RIGHTS,
} from "../../network/mod.ts";
import {
  BATCH,
  buildMetric,
  type Check,
  ControllerMetrics,
  ControllerServer,
  leaderMetric,
  type ListenAddress,
  MetricsRegistry,
  networksMetric,
  PING,
  processMetrics,
  requestMetrics,
  rpcMetrics,
  watchMetrics,
} from "../../server/mod.ts";
import { type Clock, systemClock } from "../../time/mod.ts";

/** The name of the controller, in labels. */
const CONTROLLER = "bitcoin-controller";

/** What the controller calls at a bitcoind all the time: polls, and what links nodes. Blocks are carried seldom. */
const RPC_METHODS = [BATCH, "addnode", "disconnectnode"] as const;

/** What is known before anything is made. */
export interface TelemetryOptions {
  /** Where to listen. */
  readonly address: ListenAddress;
  /** Version of the program. */
  readonly version: string;
  /** URL of the API server. */
  readonly server: string;
  /** How many networks are worked on at once. */
  readonly workers: number;
  /**
   * Time source.
   *
   * @default {systemClock}
   */
  readonly clock?: Clock;
}

/** An election that this replica takes part in; a `LeaderElector` in life. */
export interface Election {
  /** Whether this replica leads. */
  readonly isLeading: boolean;
  /** Whether it is sane to go on. */
  readonly isHealthy: boolean;
}

/** What the server is to tell about. */
export interface TelemetrySubject {
  /** The controller. */
  readonly controller: NetworkController;
  /** The election and the name of its lease; absent if there is none. */
  readonly election?: { readonly name: string; readonly elector: Election } | undefined;
  /** Aborted when the program is to stop: then it is not ready any more. */
  readonly signal: AbortSignal;
}

/** Observers for the parts of the program, and the server that tells what they heard. */
export class Telemetry {
  /** Hears of requests to the API server. */
  readonly requests: RequestObserver;
  /** Hears of all else. */
  readonly network: NetworkObservers;
  readonly #address: ListenAddress;
  readonly #registry = new MetricsRegistry();

  /** Starts to count. */
  constructor({ address, version, server, workers, clock = systemClock }: TelemetryOptions) {
    this.#address = address;
    const registry = this.#registry;
    const watched = RIGHTS.filter(({ verbs }) => verbs.includes("watch"));
    this.requests = requestMetrics(registry, {
      host: new URL(server).host,
      rights: [...RIGHTS, ...OWN_NAMESPACE_RIGHTS],
    });
    this.network = {
      controller: new ControllerMetrics(registry, clock).observe(CONTROLLER, workers),
      watches: watchMetrics(registry, watched.map(({ resource }) => resource)),
      rpc: rpcMetrics(registry, RPC_METHODS),
    };
    buildMetric(registry, version);
    processMetrics(registry);
  }

  /** The server; to be run with the other parts, before them. */
  server({ controller, election, signal }: TelemetrySubject): ControllerServer {
    networksMetric(this.#registry, () => controller.countByState());
    const live: Check[] = [PING];
    if (election) {
      const { name, elector } = election;
      leaderMetric(this.#registry, name, () => elector.isLeading);
      live.push({
        name: "lease",
        problem: () => elector.isHealthy ? undefined : "it leads without a lease for too long",
      });
    }
    const ready: Check[] = [
      PING,
      { name: "informers", problem: () => problemOfInformers(controller) },
      { name: "shutdown", problem: () => signal.aborted ? "the program stops" : undefined },
    ];
    return new ControllerServer({ address: this.#address, live, ready, metrics: this.#registry });
  }
}

function problemOfInformers(controller: NetworkController): string | undefined {
  const missing = controller.unsynced();
  return missing.length === 0 ? undefined : `not all objects are known of ${missing.join(", ")}`;
}
