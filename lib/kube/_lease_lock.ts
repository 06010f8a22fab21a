/** One Lease as a lock: what is known of it, and the requests that read, take and give it up. */

import { getLogger } from "@logtape/logtape";
import type { Lease } from "kubernetes-types/coordination/v1.d.ts";

import { type Clock, deadline, isAbort } from "../time/mod.ts";
import {
  type Claim,
  claimed,
  freeAtMs,
  released,
  sighted,
  type Sighting,
} from "./_lease_record.ts";
import { ApiError } from "./errors.ts";
import type { ResourceHandle } from "./handle.ts";
import type { Stored } from "./object.ts";

const log = getLogger(["bitcoin-controller", "kube"]);

/** How long the lease may take to be given up, in ms: after that, the others wait until it expires. */
const RELEASE_MS = 2_000;

/** The calls of a handle that an election needs, within one namespace. */
export type LeaseSource = Pick<
  ResourceHandle<Lease>,
  "namespace" | "get" | "create" | "update" | "watch"
>;

/** What a {@linkcode LeaseLock} is made of. */
export interface LeaseLockOptions {
  /** Leases of the namespace. */
  readonly leases: LeaseSource;
  /** Name of the Lease. */
  readonly name: string;
  /** Who takes it, and for how long. */
  readonly claim: Claim;
  /** Time for one request, in ms. */
  readonly requestMs: number;
  /** Time source. */
  readonly clock: Clock;
}

/** What is known of the Lease, kept up to date by every request. Decides nothing. */
export class LeaseLock {
  readonly #options: LeaseLockOptions;
  #seen: Sighting | undefined;
  /** Whether the Lease may name us: a claim was sent, with whatever outcome. */
  #hasClaimed = false;

  /** Keeps its arguments. */
  constructor(options: LeaseLockOptions) {
    this.#options = options;
  }

  /** Namespace and name, for people. */
  get name(): string {
    return `${this.#options.leases.namespace}/${this.#options.name}`;
  }

  /** Who held it when it was seen last; empty for nobody. */
  get holder(): string {
    return this.#seen?.lease.spec?.holderIdentity ?? "";
  }

  /** In how many ms it may be taken, by what is known of it; zero or less for now. */
  get freeInMs(): number {
    if (!this.#seen) return 0;
    return freeAtMs(this.#seen, this.#options.claim) - this.#options.clock.monotonic();
  }

  /** Reads the Lease; there may be none. */
  async read(signal: AbortSignal): Promise<void> {
    const { leases, name, requestMs: timeoutMs } = this.#options;
    try {
      this.#note(await leases.get(name, { signal, timeoutMs }));
    } catch (error) {
      if (!(error instanceof ApiError && error.isNotFound)) throw error;
      this.#seen = undefined;
    }
  }

  /**
   * Writes our name into the Lease, if nobody has changed it since it was seen last.
   *
   * @returns when the write was sent, in monotonic ms; the server has written it then or later
   */
  async claim(signal: AbortSignal): Promise<number> {
    const { leases, name, claim, clock, requestMs: timeoutMs } = this.#options;
    const lease = this.#seen?.lease;
    const spec = claimed(lease?.spec, claim, clock.now());
    const sentAtMs = clock.monotonic();
    this.#hasClaimed = true;
    const written = lease
      ? await leases.update({ ...lease, spec }, { signal, timeoutMs })
      : await leases.create({ metadata: { name }, spec }, { signal, timeoutMs });
    this.#note(written);
    return sentAtMs;
  }

  /** Watches the Lease until nobody holds it any more, or until watching does not work, or the signal is aborted. */
  async followed(signal: AbortSignal): Promise<"given up" | "lost sight"> {
    const { leases, name } = this.#options;
    if (!this.#seen) return "lost sight";
    const { resourceVersion } = this.#seen.lease.metadata;
    const fieldSelector = `metadata.name=${name}`;
    try {
      for await (const event of leases.watch({ fieldSelector, resourceVersion, signal })) {
        if (event.type === "BOOKMARK") continue;
        this.#note(event.object);
        if (event.type === "DELETED" || this.holder === "") return "given up";
      }
    } catch (error) {
      if (isAbort(error, signal)) throw error;
      log.debug("Cannot watch the lease", { lease: this.name, error });
    }
    return "lost sight";
  }

  /** Gives the lease up if it may be ours. Never throws: what is not given up expires. */
  async release(): Promise<void> {
    if (!this.#hasClaimed) return;
    const fields = { lease: this.name };
    using limit = deadline(RELEASE_MS, undefined, this.#options.clock);
    try {
      // A claim that was cut off may have been written after the Lease was seen last, so only a fresh look is certain.
      for (let isCertain = false;; isCertain = true) {
        const isOurs = this.holder === this.#options.claim.identity;
        if (isOurs && await this.#writeReleased(limit.signal)) {
          return log.info("Released the lease", fields);
        }
        if (!isOurs && isCertain) return;
        await this.read(limit.signal);
      }
    } catch (error) {
      log.warn("Cannot release the lease, the others wait until it expires", { ...fields, error });
    }
  }

  /** Writes that nobody holds the lease; returns false if somebody has changed it since it was seen last. */
  async #writeReleased(signal: AbortSignal): Promise<boolean> {
    const { leases, clock } = this.#options;
    const lease = this.#seen?.lease;
    if (!lease) return false;
    try {
      this.#note(
        await leases.update({ ...lease, spec: released(lease.spec, clock.now()) }, { signal }),
      );
      return true;
    } catch (error) {
      if (error instanceof ApiError && error.isConflict) return false;
      throw error;
    }
  }

  #note(lease: Stored<Lease>): void {
    this.#seen = sighted(this.#seen, lease, this.#options.clock.monotonic());
  }
}
