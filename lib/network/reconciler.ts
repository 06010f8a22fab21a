/**
 * Brings one network to what is wanted of it: look, write objects, poll, dial, write the status, tell.
 * Everything that decides is a pure function in a file of its own; this file has the effects, in their order.
 */

import { getLogger } from "@logtape/logtape";
import type { EventRecorder, KubeClient } from "../kube/mod.ts";
import type { Result } from "../reconcile/mod.ts";
import type { RpcFetch, RpcObserver } from "../rpc/mod.ts";
import { type Clock, rfc3339 } from "../time/mod.ts";
import { holdSameThings } from "./_is_same.ts";
import { messageOf } from "./_message_of.ts";
import { findCondition } from "./conditions.ts";
import { type Member, planConnections } from "./connections.ts";
import type { Credentials } from "./credentials.ts";
import { type Wiring, wiringOf } from "./dials.ts";
import { hostPort } from "./link.ts";
import { Memories } from "./memories.ts";
import type { Memory } from "./memory.ts";
import { dnsName, ordinalOf, P2P_PORT, podNames } from "./names.ts";
import { type NodeReport, reportWhileStarting } from "./node_report.ts";
import { keepNetworkObjects } from "./network_objects.ts";
import type { NetworkWorld } from "./network_world.ts";
import type { Callee } from "./node_rpc.ts";
import { messageUnlessOutage } from "./outage.ts";
import { nextRunMs, type RunEnd } from "./pace.ts";
import { calleeOf, isReady, wantedPods } from "./pods.ts";
import { type ReachObserver, reachOf } from "./reach.ts";
import type { StoredNetwork } from "./resource.ts";
import {
  foreignEntryEvents,
  knownPods,
  refusalEvents,
  replacementEvents,
  revisionBefore,
  rolloutEvents,
} from "./run_events.ts";
import { isSameStatus, statusOf } from "./status.ts";
import { planErrand } from "./stragglers.ts";
import { type NetworkEvent, transitionsOf } from "./transitions.ts";

const logger = getLogger(["bitcoin-controller", "network"]);

/** How soon a new StatefulSet is seen, in ms, at the latest: the informer tells of it, and sooner. */
const UNTIL_SEEN_MS = 1_000;

/** What a {@linkcode NetworkReconciler} is made of. */
export interface NetworkReconcilerOptions {
  /** Writes. */
  readonly client: KubeClient;
  /** Reads. */
  readonly world: NetworkWorld;
  /** Tells people. */
  readonly events: Pick<EventRecorder, "event">;
  /** Asks for another run. */
  readonly enqueue: (key: string) => void;
  /** How nodes name each other in their added lists. */
  readonly peerAddresses: "name" | "ip";
  /** Time between two polls of a settled network, in ms. */
  readonly pollMs: number;
  /** Time source. */
  readonly clock: Clock;
  /** Random number from 0 up to 1. */
  readonly random: () => number;
  /** How the nodes are called; `fetch` if absent. */
  readonly fetch: RpcFetch | undefined;
  /** Hears of every request to a bitcoind. */
  readonly rpcObserver?: RpcObserver | undefined;
  /** Hears whether nodes can be reached. */
  readonly reachObserver?: ReachObserver | undefined;
}

/** The nodes of a network in one run. */
interface Nodes {
  readonly members: readonly Member[];
  readonly callees: readonly Callee[];
  readonly wiring: Wiring;
}

/** Reconciles networks. It is level-based: stopped anywhere, the next run does what is left. */
export class NetworkReconciler {
  readonly #options: NetworkReconcilerOptions;
  readonly #memories: Memories;

  /** Keeps its parts. */
  constructor(options: NetworkReconcilerOptions) {
    this.#options = options;
    this.#memories = new Memories(options);
  }

  /** One run for the network of `key`. */
  async reconcile(key: string, signal: AbortSignal): Promise<Result> {
    const network = this.#options.world.network(key);
    if (!network || network.metadata.deletionTimestamp) {
      // The garbage collector does the rest.
      await this.#memories.forget(key);
      return {};
    }
    const memory = await this.#memories.of(key, network);
    const { settings } = memory.spec.read(network);
    const kept = await keepNetworkObjects(network, memory, {
      client: this.#options.client,
      world: this.#options.world,
      tell: (event) => this.#tell(network, [event]),
      signal,
    });
    const { credentials, set, stall } = kept;
    // Nothing is to be seen of it yet: the networks that wait for their objects come first.
    if (kept.isSetNew) return { requeueAfterMs: UNTIL_SEEN_MS };
    const nodes = settings?.nodes ?? 0;
    const name = network.metadata.name;
    const pods = wantedPods(name, nodes, set ? this.#options.world.pods(set.metadata.uid) : []);
    const callees = pods.flatMap(calleeOf);
    const reports = credentials
      ? await memory.rpc.poll(callees, credentials, signal)
      : new Map<string, NodeReport>();
    // What was found to be right is so as long as nothing else is seen, and most networks are at rest.
    const seen = [
      network,
      set,
      credentials,
      kept.unkept,
      ...pods,
      ...pods.map(({ metadata: { uid } }) => reports.get(uid)),
    ];
    if (memory.restful && holdSameThings(memory.restful, seen)) {
      return this.#nextRun({ isSettled: true, busyRuns: 0 });
    }
    memory.restful = undefined;

    const reach = reachOf(
      pods.map((pod) => ({ isReady: isReady(pod), report: reports.get(pod.metadata.uid) })),
    );
    if (reach) this.#options.reachObserver?.polled(key, reach);
    const members = callees.map((callee): Member => ({
      ordinal: ordinalOf(name, callee.name) ?? 0,
      name: callee.name,
      ip: callee.ip,
      address: this.#addressOf(name, callee),
      report: callee.isStarting
        ? reportWhileStarting(reports.get(callee.uid))
        : reports.get(callee.uid),
    }));
    for (const { address } of members) memory.entries.add(address);

    const wiring = wiringOf(nodes, settings?.topology ?? { type: "Full" });
    const { entries, mark } = memory;
    const plan = planConnections({ network: name, mark, nodes, wiring, members, entries });
    for (const entry of plan.misleading) {
      logger.warn("An added node leads to somebody else", { network: name, entry });
      entries.noteMisleading(entry);
    }
    if (credentials) {
      const begun = await memory.rpc.act(callees, plan.actions, credentials, signal);
      this.#tell(network, foreignEntryEvents(begun));
      await this.#helpStraggler(memory, { members, wiring, callees }, credentials, signal);
    }
    const previous = memory.status.told(network);
    // Another spec is another task: nothing was tried for it yet.
    const isNew = previous?.observedGeneration !== network.metadata.generation;
    const runsBefore = isNew ? 0 : memory.busyRuns;
    memory.busyRuns = plan.actions.size > 0 || plan.isPending ? runsBefore + 1 : 0;

    const status = statusOf({
      name,
      generation: network.metadata.generation ?? 0,
      settings,
      previous,
      pods,
      members,
      edges: wiring.edges.length,
      plan,
      set,
      stall,
      failure: messageUnlessOutage(kept.failure),
      unkept: kept.unkept === undefined ? undefined : messageOf(kept.unkept),
      now: rfc3339(this.#options.clock.now()),
    });
    const { waitMs, refusal } = await memory.status.write(network, status, signal);
    const known = knownPods(memory.pods, podNames(name, nodes), pods);
    this.#tell(network, [
      ...replacementEvents(memory.pods, known),
      ...rolloutEvents(memory.revision, set),
      ...transitionsOf(previous, status),
      ...refusalEvents(refusal),
    ]);
    memory.pods = known;
    memory.revision = revisionBefore(memory.revision, set);

    // Nothing is polled, and only a status that must wait is left to do.
    if (!settings) return Number.isFinite(waitMs) ? { requeueAfterMs: waitMs } : {};
    const ready = findCondition(status.conditions, "Ready");
    const isSettled = kept.failure === undefined &&
      (ready?.status === "True" || ready?.reason === "Suspended" || stall !== undefined);
    // What is stored, and not only what was written: somebody may have written over it, or nobody could write.
    const isAtRest = ready?.status === "True" && kept.unkept === undefined &&
      memory.busyRuns === 0 && memory.stragglers.size === 0 && !entries.hasMisleading &&
      isSameStatus(network.status, status);
    if (isAtRest) memory.restful = seen;
    return this.#nextRun({ isSettled, busyRuns: memory.busyRuns }, waitMs);
  }

  #nextRun(end: Pick<RunEnd, "isSettled" | "busyRuns">, waitMs = Number.POSITIVE_INFINITY): Result {
    const { pollMs, random } = this.#options;
    return { requeueAfterMs: Math.min(nextRunMs({ ...end, pollMs }, random()), waitMs) };
  }

  /** Blocks that the nodes do not hand on by themselves are carried. */
  async #helpStraggler(
    memory: Memory,
    { members, wiring, callees }: Nodes,
    credentials: Credentials,
    signal: AbortSignal,
  ): Promise<void> {
    const now = this.#options.clock.monotonic();
    const { stragglers, errand } = planErrand(members, wiring.edges, memory.stragglers, now);
    memory.stragglers = stragglers;
    const from = callees.find(({ name }) => name === errand?.from);
    const to = callees.find(({ name }) => name === errand?.to);
    if (from && to) await memory.rpc.carry({ from, to }, credentials, signal);
  }

  /** Ends all conversations with nodes. */
  async close(): Promise<void> {
    await this.#memories.close();
  }

  #addressOf(network: string, { name, ip }: Callee): string {
    return this.#options.peerAddresses === "ip"
      ? hostPort(ip, P2P_PORT)
      : dnsName(network, ordinalOf(network, name) ?? 0);
  }

  #tell(network: StoredNetwork, events: readonly NetworkEvent[]): void {
    for (const event of events) {
      this.#options.events.event(network, { action: "Reconcile", ...event });
    }
  }
}
