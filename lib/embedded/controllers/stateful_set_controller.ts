/**
 * The StatefulSet controller. One pass reads top to bottom in {@linkcode StatefulSetController}; what it decides is in
 * the pure functions of `stateful_set_*.ts`, after kube-controller-manager's.
 */

import type { ControllerRevision, StatefulSet } from "kubernetes-types/apps/v1.d.ts";
import type { Pod } from "kubernetes-types/core/v1.d.ts";

import {
  CONTROLLER_REVISIONS,
  EventRecorder,
  Informer,
  type InformerHandler,
  type KubeClient,
  type KubeObject,
  objectKey,
  PODS,
  STATEFUL_SETS,
  type Stored,
} from "../../kube/mod.ts";
import { Controller, Manager, type Result, type Runnable } from "../../reconcile/mod.ts";
import { type Clock, systemClock } from "../../time/mod.ts";
import { settleClaims } from "./_claim_writer.ts";
import { informerRunnable } from "./_informer_runnable.ts";
import { unlessOvertaken } from "./_overtaken.ts";
import { PodWriter } from "./_pod_writer.ts";
import { type ResolvedRevisions, RevisionKeeper } from "./_revision_keeper.ts";
import { untilAvailableMs } from "./pod_state.ts";
import { claim, obstaclesOf, setsOfPod, setsOfRevision } from "./stateful_set_claims.ts";
import {
  planStatefulSet,
  type StatefulSetAction,
  type StatefulSetView,
} from "./stateful_set_plan.ts";
import { countStatus, statusChange } from "./stateful_set_status.ts";

/** How soon to try again to use a name that somebody else's pod has, in ms. Its end is noticed at once. */
const TAKEN_MS = 30_000;

/** What a {@linkcode StatefulSetController} is made of. */
export interface StatefulSetControllerOptions {
  /** Reads and writes the API. */
  readonly client: KubeClient;
  /**
   * Time source.
   *
   * @default {systemClock}
   */
  readonly clock?: Clock;
}

/** Gives each StatefulSet its pods. Names are deterministic, so acting on an old view never makes a second pod of an ordinal. */
export class StatefulSetController implements Runnable {
  /** Name for logs. */
  readonly name = "statefulset-controller";
  readonly #client: KubeClient;
  readonly #clock: Clock;
  readonly #sets: Informer<StatefulSet>;
  readonly #pods: Informer<Pod>;
  readonly #revisions: Informer<ControllerRevision>;
  readonly #events: EventRecorder;
  readonly #keeper: RevisionKeeper;
  readonly #writer: PodWriter;
  readonly #controller: Controller<string>;

  /** Keeps its parts; {@linkcode StatefulSetController.run} starts it. */
  constructor({ client, clock = systemClock }: StatefulSetControllerOptions) {
    this.#client = client;
    this.#clock = clock;
    this.#sets = new Informer(client.resource(STATEFUL_SETS), { clock });
    const pods = client.resource(PODS);
    this.#pods = new Informer(pods, { clock, indexes: { set: setsOfPod } });
    const revisions = client.resource(CONTROLLER_REVISIONS);
    this.#revisions = new Informer(revisions, { clock, indexes: { set: setsOfRevision } });
    this.#events = new EventRecorder({
      client,
      component: this.name,
      instance: "embedded",
      clock,
    });
    this.#keeper = new RevisionKeeper(client);
    this.#writer = new PodWriter(client, this.#events);
    this.#controller = new Controller({
      name: this.name,
      reconcile: (key, signal) => this.#reconcile(key, signal),
      clock,
    });
  }

  /** Works until the signal is aborted. */
  async run(signal: AbortSignal): Promise<void> {
    const enqueue = (set: Readonly<Stored<StatefulSet>>): void =>
      this.#controller.enqueue(objectKey(set));
    this.#sets.subscribe({ added: enqueue, updated: enqueue });
    this.#pods.subscribe(this.#enqueuer(setsOfPod));
    this.#revisions.subscribe(this.#enqueuer(setsOfRevision));
    const informers = [
      informerRunnable(this.#sets),
      informerRunnable(this.#pods),
      informerRunnable(this.#revisions),
    ];
    const clock = this.#clock;
    const events = { name: "events", run: (s: AbortSignal) => this.#events.run(s) };
    await new Manager([[events, ...informers], [this.#controller]], { clock }).run(signal);
  }

  /** Turns news of an object into the keys of the sets that it may belong to. */
  #enqueuer<T extends KubeObject>(
    setsOf: (object: Readonly<Stored<T>>) => readonly string[],
  ): InformerHandler<T> {
    const enqueue = (object: Readonly<Stored<T>>): void => {
      for (const key of setsOf(object)) {
        if (this.#sets.store.get(key)) this.#controller.enqueue(key);
      }
    };
    return {
      added: enqueue,
      updated(object, old) {
        enqueue(old);
        enqueue(object);
      },
      deleted: enqueue,
    };
  }

  async #reconcile(key: string, signal: AbortSignal): Promise<Result> {
    const set = this.#sets.store.get(key);
    // A set that waits for its pods' deletion leaves them to the garbage collector.
    if (!set || set.metadata.deletionTimestamp) return {};
    if (set.spec?.volumeClaimTemplates?.length) return this.#refuseVolumeClaims(set);

    const named = this.#pods.store.byIndex("set", key);
    const pods = claim(set, named);
    const revisions = claim(set, this.#revisions.store.byIndex("set", key));
    const settled = await Promise.all([
      settleClaims(this.#client, { type: PODS, set, claims: pods }, signal),
      settleClaims(this.#client, { type: CONTROLLER_REVISIONS, set, claims: revisions }, signal),
    ]);
    if (settled.includes(true)) return {};

    const history = { set, stored: revisions.owned };
    const resolved = await this.#keeper.resolve(history, signal);
    const view = {
      set,
      pods: pods.owned,
      obstacles: obstaclesOf(set, named),
      currentRevision: resolved.current.metadata.name,
      updateRevision: resolved.update.metadata.name,
      nowMs: this.#clock.now(),
    };
    const actions = planStatefulSet(view);
    try {
      await this.#carryOut(set, actions, resolved, signal);
    } finally {
      await this.#writeStatus(view, resolved.collisionCount, signal);
    }
    await this.#keeper.trim(history, pods.owned, resolved, signal);
    return nextLook(view, actions);
  }

  #refuseVolumeClaims(set: Stored<StatefulSet>): Result {
    const note =
      `create Pod ${set.metadata.name}-* in StatefulSet ${set.metadata.name} failed error: ` +
      "volumeClaimTemplates are not supported by the embedded cluster";
    this.#events.event(set, { type: "Warning", reason: "FailedCreate", action: "Create", note });
    return {};
  }

  /** Creates before it deletes, and deletes only if all could be created, as upstream does. */
  async #carryOut(
    set: Stored<StatefulSet>,
    actions: readonly StatefulSetAction[],
    { current, update }: ResolvedRevisions,
    signal: AbortSignal,
  ): Promise<void> {
    const deletions = actions.filter((action) => action.type === "delete");
    const others = actions.filter((action) => action.type !== "delete");
    for (const group of [others, deletions]) {
      const results = await Promise.allSettled(
        group.map((action) => this.#writer.carryOut(set, action, [current, update], signal)),
      );
      const failure = results.find((result) => result.status === "rejected");
      if (failure) throw failure.reason;
    }
  }

  async #writeStatus(
    { set, pods, currentRevision, updateRevision, nowMs }: StatefulSetView,
    collisionCount: number,
    signal: AbortSignal,
  ): Promise<void> {
    const revisions = { current: currentRevision, update: updateRevision, collisionCount };
    const status = statusChange(set.status, countStatus(set, pods, revisions, nowMs));
    if (!status) return;
    const { name, namespace, uid, resourceVersion } = set.metadata;
    const handle = this.#client.resource(STATEFUL_SETS, namespace).status;
    const patch = { metadata: { uid, resourceVersion }, status };
    await unlessOvertaken(handle.mergePatch(name, patch, { signal }));
  }
}

/** When to look again though nothing happens: a ready pod becomes available, or a name may be free. */
function nextLook(
  { set, pods, nowMs }: StatefulSetView,
  actions: readonly StatefulSetAction[],
): Result {
  const minReadySeconds = set.spec?.minReadySeconds ?? 0;
  const waits = pods.map((pod) => untilAvailableMs(pod, minReadySeconds, nowMs))
    .filter((ms) => ms > 0 && ms < Infinity);
  if (actions.some((action) => action.type === "report-taken")) waits.push(TAKEN_MS);
  return waits.length > 0 ? { requeueAfterMs: Math.min(...waits) } : {};
}
