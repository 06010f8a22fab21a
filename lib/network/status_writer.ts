/** Writes the status of one network, no more often than it says something new. */

import { getLogger } from "@logtape/logtape";
import { ApiError, type KubeClient } from "../kube/mod.ts";
import { type Clock, rfc3339 } from "../time/mod.ts";
import type { Stall } from "./conditions.ts";
import { API_VERSION, FIELD_MANAGER, KIND } from "./names.ts";
import { isOtherObject, stallOf } from "./owned_object.ts";
import { BITCOIN_NETWORKS, type BitcoinNetwork, type StoredNetwork } from "./resource.ts";
import type { BitcoinNetworkStatus } from "./schema.ts";
import { changeBetween, isSameStatus, rolloutStatus } from "./status.ts";

const logger = getLogger(["bitcoin-controller", "network"]);

/**
 * Details, such as the address of a node that starts, are written at most this often, in ms: a network that comes up would
 * else write for each step of each of its pods.
 */
const DETAILS_MS = 1_000;

/** Heights are written at most this often, in ms: a network that mines would otherwise write all the time. */
const HEIGHTS_MS = 5_000;

/** How long the watch may take to show a write, in ms; it may also leave versions out, after a new list. */
const WATCH_LAG_MS = 5_000;

/** How a write ended. */
export interface StatusWrite {
  /** Time until the status may be written if that must wait, in ms; infinite if there is nothing to wait for. */
  readonly waitMs: number;
  /** Why it may not be written at all, when that is news: no status can tell it. */
  readonly refusal?: Stall;
}

const DONE: StatusWrite = { waitMs: Number.POSITIVE_INFINITY };

/** The status of one network as it was written last. */
export class StatusWriter {
  readonly #client: KubeClient;
  readonly #clock: Clock;
  /** The last status that was written and the version that it made, until the watch has shown that. */
  #written: { readonly version: string; readonly status: BitcoinNetworkStatus } | undefined;
  #writtenAt = Number.NEGATIVE_INFINITY;
  /** The last status that the controller had no right to write, and why. */
  #refused: { readonly status: BitcoinNetworkStatus; readonly message: string } | undefined;

  /** Nothing is written yet. */
  constructor(client: KubeClient, clock: Clock) {
    this.#client = client;
    this.#clock = clock;
  }

  /** The status as it is stored, even if the watch has not shown the last write yet. */
  stored({ metadata, status }: StoredNetwork): BitcoinNetworkStatus | undefined {
    const isLate = this.#clock.monotonic() - this.#writtenAt > WATCH_LAG_MS;
    if (isLate || this.#written?.version === metadata.resourceVersion) this.#written = undefined;
    return this.#written?.status ?? status;
  }

  /** The status that people were told of: what is stored, or what would be if it could be written. */
  told(network: StoredNetwork): BitcoinNetworkStatus | undefined {
    return this.#refused?.status ?? this.stored(network);
  }

  /** Writes `status` if it says something new. Without the right to it, all else goes on. */
  async write(
    network: StoredNetwork,
    status: BitcoinNetworkStatus,
    signal: AbortSignal,
  ): Promise<StatusWrite> {
    const stored = this.stored(network);
    if (isSameStatus(stored, status)) {
      this.#refused = undefined;
      return DONE;
    }
    const now = this.#clock.monotonic();
    const waitMs = this.#writtenAt + (stored ? patienceMs(stored, status) : 0) - now;
    if (waitMs > 0) return { waitMs };

    const { name, namespace = "", uid } = network.metadata;
    // The UID keeps the status from another network that took the name in the meantime.
    const metadata = { name, namespace, uid };
    const applied = { apiVersion: API_VERSION, kind: KIND, metadata, status };
    const networks = this.#client.resource(BITCOIN_NETWORKS, namespace);
    try {
      const { metadata: { resourceVersion } } = await networks.status.apply(
        // as: to apply is to send only the fields that one means, and the spec is the person's.
        applied as BitcoinNetwork,
        { fieldManager: FIELD_MANAGER, signal },
      );
      this.#written = { version: resourceVersion, status };
      if (this.#refused) {
        logger.info("The status can be written again", { network: name, namespace });
      }
      this.#refused = undefined;
    } catch (error) {
      const stall = stallOf(error);
      if (stall?.reason === "Forbidden") return this.#refuse(network, status, stall);
      // Deleted in the meantime: nobody is left to be told.
      const isGone = error instanceof ApiError && error.isNotFound;
      if (!isGone && !isOtherObject(error)) throw error;
    }
    this.#writtenAt = now;
    return DONE;
  }

  /** Says that the network is not Ready any more, before its pods are replaced. */
  async announceRollout(network: StoredNetwork, nodes: number, signal: AbortSignal): Promise<void> {
    const { generation = 0 } = network.metadata;
    const now = rfc3339(this.#clock.now());
    const status = rolloutStatus(this.stored(network), { nodes, generation, now });
    if (status) await this.write(network, status, signal);
  }

  #refuse({ metadata }: StoredNetwork, status: BitcoinNetworkStatus, stall: Stall): StatusWrite {
    const isNews = this.#refused?.message !== stall.message;
    this.#refused = { status, message: stall.message };
    logger[isNews ? "warn" : "debug"]("Cannot write the status of a network", {
      network: metadata.name,
      namespace: metadata.namespace,
      error: stall.message,
    });
    return isNews ? { ...DONE, refusal: stall } : DONE;
  }
}

/** How long what is new in `status` may wait after the last write, in ms. */
function patienceMs(stored: BitcoinNetworkStatus, status: BitcoinNetworkStatus): number {
  switch (changeBetween(stored, status)) {
    case "heights":
      return HEIGHTS_MS;
    case "details":
      return DETAILS_MS;
    case "news":
      return 0;
  }
}
