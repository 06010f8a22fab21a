/** Elects one leader among replicas by a Lease. Enter at {@linkcode LeaderElector}. */

import { getLogger } from "@logtape/logtape";

import { abortable, type Clock, deadline, isAbort, systemClock } from "../time/mod.ts";
import { LeaseLock, type LeaseSource } from "./_lease_lock.ts";
import { ApiError } from "./errors.ts";
import { LEASE_TIMES, type LeaseTimes, problemOfTimes } from "./lease_times.ts";

export type { LeaseSource };

const log = getLogger(["bitcoin-controller", "kube"]);

/** Candidates wait for up to this share of the retry period longer, so that they do not all ask at once (client-go, `JitterFactor`). */
const JITTER = 1.2;

/** The shortest time for one request, in ms (client-go, `resourcelock/interface.go`). */
const MIN_REQUEST_MS = 1_000;

/** How long after its lease has expired a leader that still takes itself for one is broken, in ms (controller-runtime, `leaderelection`). */
const HEALTH_TOLERANCE_MS = 20_000;

/** How often a missing right is told loudly while it lasts, in ms: logs are read from some minutes back. */
const LOUD_AGAIN_MS = 300_000;

/** What a {@linkcode LeaderElector} is made of. */
export interface LeaderElectorOptions extends Partial<LeaseTimes> {
  /** Leases of the namespace. */
  readonly leases: LeaseSource;
  /** Name of the Lease. All that have the same one compete. */
  readonly name: string;
  /** Name of this replica, which no other one and no earlier run of this one has had. */
  readonly identity: string;
  /**
   * Time source.
   *
   * @default {systemClock}
   */
  readonly clock?: Clock;
  /**
   * Random number from 0 up to 1, for jitter.
   *
   * @default {Math.random}
   */
  readonly random?: () => number;
}

/** The lease is not ours any more, or cannot be shown to be: whoever led must not write on. */
export class LeaseLostError extends Error {
  /** Name of the class, for logs. */
  override readonly name = "LeaseLostError";
}

/** How this replica stands. */
type Standing =
  | { readonly kind: "candidate" }
  /** `untilMs`: when that ends unless the lease is renewed, in monotonic ms. */
  | { readonly kind: "leader"; readonly untilMs: number }
  /** It was leader, or never will be. */
  | { readonly kind: "over" };

/**
 * Takes part in an election, holds the lease for as long as it can be renewed, and gives it up at the end.
 *
 * - Two replicas are never leader at once, whatever their wall clocks say, as long as monotonic time passes about as
 *   fast for both: a leader ends {@linkcode LeaseTimes.renewDeadlineMs} after it *sent* its last successful renewal,
 *   and others wait {@linkcode LeaseTimes.leaseDurationMs} from when they *saw* it. The difference of the two is what
 *   a request may be under way.
 * - This is no fencing: what is under way for longer may arrive when somebody else leads. So writes must stay
 *   idempotent, and `writesOnlyWhile` with {@linkcode LeaderElector.isLeading} keeps new ones from being sent.
 * - A lost lease is never won back: {@linkcode LeaderElector.run} rejects, and the process is to end.
 *
 * Needs the rights to `create` leases, and to `get` and `update` this one. With the right to `watch` it a candidate
 * knows at once when the lease is given up, and without it after the time to its next look. A right that is missing is
 * told, and asked for again with each try.
 */
export class LeaderElector {
  readonly #times: LeaseTimes;
  readonly #fields: { readonly lease: string; readonly identity: string };
  readonly #namespace: string | undefined;
  readonly #lock: LeaseLock;
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #elected = Promise.withResolvers<void>();
  #standing: Standing = { kind: "candidate" };
  /** The missing right that was told loudly last, and when; undefined once a try has got through. */
  #told: { readonly why: string; readonly atMs: number } | undefined;

  /**
   * Keeps its arguments; {@linkcode LeaderElector.run} takes part.
   *
   * @throws {RangeError} if the times do not fit together
   */
  constructor(options: LeaderElectorOptions) {
    const { leases, name, identity, clock = systemClock, random = Math.random, ...times } = options;
    this.#times = { ...LEASE_TIMES, ...times };
    const problem = problemOfTimes(this.#times);
    if (problem) throw new RangeError(`Cannot elect a leader: ${problem}`);
    const { leaseDurationMs, renewDeadlineMs } = this.#times;
    this.#lock = new LeaseLock({
      leases,
      name,
      claim: { identity, leaseDurationMs },
      // Half of what there is, so that one request that hangs does not lose the lease.
      requestMs: Math.max(MIN_REQUEST_MS, renewDeadlineMs / 2),
      clock,
    });
    this.#fields = { lease: this.#lock.name, identity };
    this.#namespace = leases.namespace;
    this.#clock = clock;
    this.#random = random;
  }

  /** Whether this replica may write now. It turns false by the passing of time alone. */
  get isLeading(): boolean {
    return this.#leftMs > 0;
  }

  /**
   * Whether all is as it should be: false if this replica takes itself for the leader long after its lease has
   * expired, which means that it is wedged and should be killed.
   */
  get isHealthy(): boolean {
    const { leaseDurationMs, renewDeadlineMs } = this.#times;
    const expiredMs = renewDeadlineMs - leaseDurationMs - this.#leftMs;
    return this.#standing.kind !== "leader" || expiredMs < HEALTH_TOLERANCE_MS;
  }

  /** Resolves once this replica has been elected; rejects with the signal's reason. */
  async elected(signal?: AbortSignal): Promise<void> {
    await abortable(this.#elected.promise, signal);
  }

  /**
   * Waits for the lease, then holds it until the signal is aborted, and gives it up. Runs once. Abort the signal only
   * when all work that only a leader may do is over.
   *
   * @throws {LeaseLostError} if the lease cannot be renewed in time, or somebody else has it
   */
  async run(signal: AbortSignal): Promise<void> {
    try {
      await this.#acquire(signal);
      log.info("Became the leader", this.#fields);
      this.#elected.resolve();
      for (;;) await this.#renew(signal);
    } catch (error) {
      if (!isAbort(error, signal)) {
        log.error("Lost the lease", { ...this.#fields, error });
        throw error;
      }
    } finally {
      // From here on nothing is written any more, so that the lease may be somebody else's.
      this.#standing = { kind: "over" };
    }
    await this.#lock.release();
  }

  async #acquire(signal: AbortSignal): Promise<void> {
    let told: string | undefined;
    while (!await this.#attempt(signal)) {
      const { holder } = this.#lock;
      // Nobody is waited for when the Lease could not be read, or when somebody else was quicker to take it.
      if (holder !== "" && holder !== told) {
        log.info("Waiting to become the leader", { ...this.#fields, holder });
      }
      told = holder;
      await this.#untilNextLook(signal);
    }
  }

  /** Renews the lease once, in as many tries as there is time for. */
  async #renew(signal: AbortSignal): Promise<void> {
    using limit = deadline(this.#leftMs, signal, this.#clock);
    try {
      do {
        await this.#clock.sleep(this.#times.retryPeriodMs, limit.signal);
        // When the whole process has been asleep, this timer may fire before that of the deadline.
        if (!this.isLeading) throw this.#late();
      } while (!await this.#attempt(limit.signal));
    } catch (error) {
      const isOurDeadline = isAbort(error, limit.signal) && !isAbort(error, signal);
      throw isOurDeadline ? this.#late(error) : error;
    }
  }

  /** One try to take or renew the lease; returns whether we have it. Throws only the signal's reason, or that it is lost. */
  async #attempt(signal: AbortSignal): Promise<boolean> {
    try {
      await this.#takeOrRenew(signal);
      this.#told = undefined;
    } catch (error) {
      if (isAbort(error, signal) || error instanceof LeaseLostError) throw error;
      this.#report(error);
    }
    return this.isLeading;
  }

  #report(error: unknown): void {
    if (error instanceof ApiError && error.isForbidden && !error.isNamespaceTerminating) {
      return this.#reportForbidden(error.message);
    }
    const isRace = error instanceof ApiError && (error.isConflict || error.isAlreadyExists);
    const level = isRace ? "debug" : "warn";
    log[level]("Cannot take or renew the lease, trying again", { ...this.#fields, error });
  }

  /** A missing right needs a person: it is told loudly when it is new, and every few minutes while it lasts. */
  #reportForbidden(why: string): void {
    const now = this.#clock.monotonic();
    const isLoud = why !== this.#told?.why || now - this.#told.atMs >= LOUD_AGAIN_MS;
    if (isLoud) this.#told = { why, atMs: now };
    log[isLoud ? "warn" : "debug"](
      "Cannot take or renew the lease: grant 'create', 'get', 'update' and 'watch' on leases.coordination.k8s.io in its namespace to the account",
      { ...this.#fields, namespace: this.#namespace, error: why },
    );
  }

  async #takeOrRenew(signal: AbortSignal): Promise<void> {
    const isLeader = this.#standing.kind === "leader";
    if (isLeader) {
      try {
        // Nobody else writes a lease that is held: what we wrote last is what is there, and need not be read.
        return await this.#claim(signal);
      } catch (error) {
        if (isAbort(error, signal)) throw error;
        log.debug("Cannot renew the lease at once, reading it", { ...this.#fields, error });
      }
    }
    await this.#lock.read(signal);
    if (this.#lock.freeInMs <= 0) return await this.#claim(signal);
    if (isLeader) throw this.#lost(`'${this.#lock.holder}' holds it`);
  }

  async #claim(signal: AbortSignal): Promise<void> {
    const sentAtMs = await this.#lock.claim(signal);
    // It holds from when it was sent, for the server may have written it then. One whose answer came late is none.
    const untilMs = sentAtMs + this.#times.renewDeadlineMs;
    if (untilMs > this.#clock.monotonic()) this.#standing = { kind: "leader", untilMs };
  }

  /** Waits until it is worth trying again: a while, or until the lease is free if that is sooner or happens meanwhile. */
  async #untilNextLook(signal: AbortSignal): Promise<void> {
    const whileMs = this.#times.retryPeriodMs * (1 + JITTER * this.#random());
    const { freeInMs } = this.#lock;
    const pauseMs = freeInMs > 0 ? Math.min(whileMs, freeInMs) : whileMs;
    using pause = deadline(pauseMs, signal, this.#clock);
    try {
      if (await this.#lock.followed(pause.signal) === "given up") return;
      await this.#clock.sleep(pauseMs, pause.signal);
    } catch (error) {
      if (isAbort(error, signal) || !isAbort(error, pause.signal)) throw error;
    }
  }

  /** How long this replica is leader unless it renews the lease, in ms; zero or less if it is not. */
  get #leftMs(): number {
    if (this.#standing.kind !== "leader") return 0;
    return this.#standing.untilMs - this.#clock.monotonic();
  }

  #late(cause?: unknown): LeaseLostError {
    return this.#lost(`it was not renewed within ${this.#times.renewDeadlineMs / 1000} s`, cause);
  }

  #lost(why: string, cause?: unknown): LeaseLostError {
    return new LeaseLostError(`Cannot keep the lease '${this.#lock.name}': ${why}`, { cause });
  }
}
