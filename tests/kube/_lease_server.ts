/** Leases in memory, the network to them, and the replicas that compete: for tests in virtual time. */

import type { Lease } from "kubernetes-types/coordination/v1.d.ts";

import {
  ApiError,
  type CallOptions,
  LeaderElector,
  type LeaseSource,
  type LeaseTimes,
  type Stored,
  TransportError,
  type WatchEvent,
  type WatchOptions,
} from "../../lib/kube/mod.ts";
import { type Clock, deadline } from "../../lib/time/mod.ts";
import type { FakeClock } from "../support/fake_clock.ts";

/** What the network does to a request on its way there, or to an answer on its way back: takes its time, or throws. */
export type Leg = (direction: "there" | "back") => Promise<void>;

/** What may be done with a Lease. */
export type Verb = "create" | "get" | "update" | "watch";

/** One Lease with optimistic concurrency. A request that has reached it is carried out, whatever became of its sender. */
export class LeaseServer {
  /** The Lease as it is. */
  lease: Stored<Lease> | undefined;
  /** The verbs that the clients have no right to. */
  readonly denied = new Set<Verb>();
  /** Called after each write, with who did it. */
  onWrite: (writer: string) => void = () => {};
  /** Requests that were carried out, such as `b get`. */
  readonly requests: string[] = [];
  readonly #watchers = new Set<(event: WatchEvent<Lease>) => void>();
  #version = 0;

  /** What a client named `writer` sees, whose time is `clock` and whose requests go through `leg`. */
  connect(writer: string, clock: Clock, leg: Leg): LeaseSource {
    const call = async <R>(
      verb: Verb,
      apply: () => R,
      { signal, timeoutMs = 30_000 }: CallOptions = {},
    ): Promise<R> => {
      signal?.throwIfAborted();
      const exchange = async (): Promise<R> => {
        await leg("there");
        this.requests.push(`${writer} ${verb}`);
        this.#authorize(verb);
        const answer = apply();
        if (verb !== "get") this.onWrite(writer);
        await leg("back");
        return structuredClone(answer);
      };
      using limit = deadline(timeoutMs, signal, clock);
      const { promise: over, reject } = Promise.withResolvers<never>();
      limit.signal.addEventListener("abort", () => {
        reject(
          signal?.aborted ? signal.reason : new TransportError("too late", { timedOut: true }),
        );
      }, { once: true });
      return await Promise.race([exchange(), over]);
    };
    return {
      namespace: "ns",
      get: (name, options) => call("get", () => this.#get(name), options),
      create: (object, options) => call("create", () => this.#create(object), options),
      update: (object, options) => call("update", () => this.#update(object), options),
      watch: (options) => this.#watch(options, leg),
    };
  }

  /** Deletes the Lease, as a person would. */
  remove(): void {
    const { lease } = this;
    this.lease = undefined;
    if (lease) { for (const tell of this.#watchers) tell({ type: "DELETED", object: lease }); }
  }

  /** Changes the record, as a person would. */
  edit(spec: Lease["spec"]): void {
    this.#store({ ...this.#get("lease"), spec: { ...this.lease?.spec, ...spec } });
  }

  #authorize(verb: Verb): void {
    if (!this.denied.has(verb)) return;
    throw refusal(403, "Forbidden", `User "a" cannot ${verb} resource "leases"`);
  }

  #get(name: string): Stored<Lease> {
    if (!this.lease) throw refusal(404, "NotFound", `leases '${name}' not found`);
    return this.lease;
  }

  #create(object: Lease): Stored<Lease> {
    if (this.lease) throw refusal(409, "AlreadyExists", "it exists");
    return this.#store(object);
  }

  #update(object: Lease): Stored<Lease> {
    const known = this.#get(object.metadata?.name ?? "").metadata.resourceVersion;
    if (object.metadata?.resourceVersion !== known) throw refusal(409, "Conflict", "it changed");
    return this.#store(object);
  }

  #store({ metadata, spec }: Lease): Stored<Lease> {
    const name = metadata?.name ?? "";
    const resourceVersion = `${++this.#version}`;
    // Sorted, as a server writes fields in an order of its own.
    const sorted = Object.fromEntries(Object.entries(spec ?? {}).sort());
    const object = { metadata: { name, namespace: "ns", uid: "u", resourceVersion }, spec: sorted };
    this.lease = object;
    for (const tell of this.#watchers) tell({ type: "MODIFIED", object });
    return object;
  }

  /** Brings what happens from now on: a Lease is watched right after it was read. */
  async *#watch(
    { signal }: WatchOptions,
    leg: Leg,
  ): AsyncGenerator<WatchEvent<Lease>, void, undefined> {
    this.#authorize("watch");
    const events: WatchEvent<Lease>[] = [];
    let wake = Promise.withResolvers<void>();
    const tell = (event: WatchEvent<Lease>): void => {
      events.push(structuredClone(event));
      wake.resolve();
    };
    const onAbort = (): void => wake.resolve();
    signal?.addEventListener("abort", onAbort, { once: true });
    this.#watchers.add(tell);
    try {
      for (;;) {
        signal?.throwIfAborted();
        const event = events.shift();
        if (event) {
          await leg("back");
          yield event;
        } else {
          await wake.promise;
          wake = Promise.withResolvers();
        }
      }
    } finally {
      this.#watchers.delete(tell);
      signal?.removeEventListener("abort", onAbort);
    }
  }
}

function refusal(status: number, reason: string, serverMessage: string): ApiError {
  return new ApiError({ request: "ask", status, reason, serverMessage });
}

/** Time as one process sees it: its wall clock may be wrong, and it may be stopped, and then feels nothing until it goes on. */
export class ProcessClock implements Clock {
  /** What its wall clock is off by, in ms. */
  wallOffsetMs = 0;
  readonly #inner: FakeClock;
  /** Resolves when the process goes on; undefined while it runs. */
  #stopped: PromiseWithResolvers<void> | undefined;

  /** Takes its time from `inner`, and runs. */
  constructor(inner: FakeClock) {
    this.#inner = inner;
  }

  now(): number {
    return this.#inner.now() + this.wallOffsetMs;
  }

  monotonic(): number {
    return this.#inner.monotonic();
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    await this.#inner.sleep(ms, signal);
    await this.awake();
  }

  /** Resolves when the process is not stopped. */
  async awake(): Promise<void> {
    while (this.#stopped) await this.#stopped.promise;
  }

  /** As SIGSTOP. */
  stop(): void {
    this.#stopped ??= Promise.withResolvers();
  }

  /** As SIGCONT. */
  go(): void {
    this.#stopped?.resolve();
    this.#stopped = undefined;
  }
}

/** What is special about a replica. */
export interface ReplicaOptions extends Partial<LeaseTimes> {
  /** What its wall clock is off by, in ms. @default {0} */
  readonly wallOffsetMs?: number;
  /** Its dice. @default {always 0.5} */
  readonly random?: () => number;
}

/** A replica that competes: an elector, its clock and its network. */
export class Replica {
  /** Its name, which is also its identity. */
  readonly name: string;
  /** Its time. */
  readonly clock: ProcessClock;
  /** Its part in the election. */
  readonly elector: LeaderElector;
  /** What the network does to it; nothing at first. */
  leg: Leg = () => Promise.resolve();
  /** Why it ended: the error that it lost the lease with, or undefined. */
  error: unknown;
  /** Whether it has ended. */
  hasEnded = false;
  readonly #stop = new AbortController();
  readonly #running: Promise<void>;

  /** Starts to compete. */
  constructor(
    server: LeaseServer,
    clock: FakeClock,
    name: string,
    { wallOffsetMs = 0, random = () => 0.5, ...times }: ReplicaOptions = {},
  ) {
    this.name = name;
    this.clock = new ProcessClock(clock);
    this.clock.wallOffsetMs = wallOffsetMs;
    const leg: Leg = async (direction) => {
      await this.clock.awake();
      await this.leg(direction);
      await this.clock.awake();
    };
    this.elector = new LeaderElector({
      leases: server.connect(name, this.clock, leg),
      name: "lease",
      identity: name,
      clock: this.clock,
      random,
      ...times,
    });
    this.#running = this.#run();
  }

  /** Asks it to stop; resolves once it has. */
  async stop(): Promise<void> {
    this.#stop.abort(new Error("the test stops it"));
    await this.#running;
  }

  /** Ends it without a word, as SIGKILL does: no request of it arrives, and nothing reaches it, any more. */
  kill(): void {
    this.leg = () => new Promise(() => {});
    this.clock.stop();
  }

  async #run(): Promise<void> {
    try {
      await this.elector.run(this.#stop.signal);
    } catch (error) {
      this.error = error;
    }
    this.hasEnded = true;
  }
}
