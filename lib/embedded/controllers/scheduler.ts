/** Gives each new pod a node, as kube-scheduler does, without ever looking at resources. */

import type { Node, Pod } from "kubernetes-types/core/v1.d.ts";

import {
  EventRecorder,
  Informer,
  type KubeClient,
  NODES,
  objectKey,
  PODS,
  resourcePath,
  type Stored,
} from "../../kube/mod.ts";
import { Controller, Manager, type Result, type Runnable } from "../../reconcile/mod.ts";
import { type Clock, rfc3339, systemClock } from "../../time/mod.ts";
import { informerRunnable } from "./_informer_runnable.ts";
import { unlessOvertaken } from "./_overtaken.ts";
import { needsNode, placePod } from "./scheduler_plan.ts";

/** What a {@linkcode Scheduler} is made of. */
export interface SchedulerOptions {
  /** Reads and writes the API. */
  readonly client: KubeClient;
  /**
   * Time source.
   *
   * @default {systemClock}
   */
  readonly clock?: Clock;
}

/** Binds pods to nodes that are ready and that their node selector allows; says on the pod why there is none. */
export class Scheduler implements Runnable {
  /** Name for logs. */
  readonly name = "scheduler";
  readonly #client: KubeClient;
  readonly #clock: Clock;
  readonly #pods: Informer<Pod>;
  readonly #nodes: Informer<Node>;
  readonly #events: EventRecorder;
  readonly #controller: Controller<string>;

  /** Keeps its parts; {@linkcode Scheduler.run} starts it. */
  constructor({ client, clock = systemClock }: SchedulerOptions) {
    this.#client = client;
    this.#clock = clock;
    this.#pods = new Informer(client.resource(PODS), { clock });
    this.#nodes = new Informer(client.resource(NODES), { clock });
    this.#events = new EventRecorder({
      client,
      component: "default-scheduler",
      instance: "embedded",
      clock,
    });
    this.#controller = new Controller({
      name: this.name,
      reconcile: (key, signal) => this.#reconcile(key, signal),
      clock,
    });
  }

  /** Works until the signal is aborted. */
  async run(signal: AbortSignal): Promise<void> {
    const enqueue = (pod: Readonly<Stored<Pod>>): void => {
      if (needsNode(pod)) this.#controller.enqueue(objectKey(pod));
    };
    const enqueueAll = (): void => this.#pods.store.list().forEach(enqueue);
    this.#pods.subscribe({ added: enqueue, updated: enqueue });
    this.#nodes.subscribe({ added: enqueueAll, updated: enqueueAll, deleted: enqueueAll });
    const informers = [informerRunnable(this.#pods), informerRunnable(this.#nodes)];
    const recorder = { name: "events", run: (s: AbortSignal) => this.#events.run(s) };
    const groups = [[recorder, ...informers], [this.#controller]];
    await new Manager(groups, { clock: this.#clock }).run(signal);
  }

  async #reconcile(key: string, signal: AbortSignal): Promise<Result> {
    const pod = this.#pods.store.get(key);
    if (!pod || !needsNode(pod)) return {};
    const placement = placePod(pod, this.#nodes.store.list());
    await unlessOvertaken(
      "nodeName" in placement
        ? this.#bind(pod, placement.nodeName, signal)
        : this.#refuse(pod, placement.unschedulable, signal),
    );
    return {};
  }

  async #bind(pod: Stored<Pod>, nodeName: string, signal: AbortSignal): Promise<void> {
    const { name, namespace, uid } = pod.metadata;
    const path = `${resourcePath(PODS, namespace)}/${encodeURIComponent(name)}/binding`;
    const body = {
      apiVersion: "v1",
      kind: "Binding",
      metadata: { name, namespace, uid },
      target: { apiVersion: "v1", kind: "Node", name: nodeName },
    };
    await this.#client.request({ method: "POST", path, body, signal });
    this.#events.event(pod, {
      type: "Normal",
      reason: "Scheduled",
      action: "Binding",
      note: `Successfully assigned ${namespace}/${name} to ${nodeName}`,
    });
  }

  /** Says on the pod why it has no node, once for each reason. */
  async #refuse(pod: Stored<Pod>, message: string, signal: AbortSignal): Promise<void> {
    const conditions = pod.status?.conditions ?? [];
    const stored = conditions.find((condition) => condition.type === "PodScheduled");
    if (stored?.status === "False" && stored.message === message) return;
    const { name, namespace, resourceVersion } = pod.metadata;
    const scheduled = {
      type: "PodScheduled",
      status: "False",
      reason: "Unschedulable",
      message,
      lastTransitionTime: rfc3339(this.#clock.now()),
    };
    const others = conditions.filter((condition) => condition !== stored);
    await this.#client.resource(PODS, namespace).status.mergePatch(name, {
      metadata: { resourceVersion },
      status: { conditions: [...others, scheduled] },
    }, { signal });
    this.#events.event(pod, {
      type: "Warning",
      reason: "FailedScheduling",
      action: "Scheduling",
      note: message,
    });
  }
}
