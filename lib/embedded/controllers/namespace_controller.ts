/** Empties and releases namespaces that are being deleted, as kube-controller-manager's namespace controller does. */

import type { Namespace } from "kubernetes-types/core/v1.d.ts";

import {
  Informer,
  type KubeClient,
  type KubeObject,
  NAMESPACES,
  resourcePath,
  type ResourceType,
  type Stored,
} from "../../kube/mod.ts";
import { Controller, Manager, type Result, type Runnable } from "../../reconcile/mod.ts";
import { type Clock, systemClock } from "../../time/mod.ts";
import { informerRunnable } from "./_informer_runnable.ts";
import { unlessOvertaken } from "./_overtaken.ts";
import { discoverKinds } from "./discovery.ts";

/** What holds a namespace until it is empty (`core/v1` `FinalizerKubernetes`). */
const FINALIZER = "kubernetes";

/** How soon to look again for what still has to end, such as pods in their grace period, in ms. */
const RECHECK_MS = 100;
/** The same for a namespace that something holds for a long time, in ms. */
const MAX_RECHECK_MS = 10_000;

/** What a {@linkcode NamespaceController} is made of. */
export interface NamespaceControllerOptions {
  /** Reads and writes the API. */
  readonly client: KubeClient;
  /**
   * Time source.
   *
   * @default {systemClock}
   */
  readonly clock?: Clock;
}

/** Deletes what is in a terminating namespace, and lets the namespace go once nothing is left. */
export class NamespaceController implements Runnable {
  /** Name for logs. */
  readonly name = "namespace-controller";
  readonly #client: KubeClient;
  readonly #clock: Clock;
  readonly #namespaces: Informer<Namespace>;
  readonly #controller: Controller<string>;

  /** Keeps its parts; {@linkcode NamespaceController.run} starts it. */
  constructor({ client, clock = systemClock }: NamespaceControllerOptions) {
    this.#client = client;
    this.#clock = clock;
    this.#namespaces = new Informer(client.resource(NAMESPACES), { clock });
    this.#controller = new Controller({
      name: this.name,
      reconcile: (name, signal) => this.#reconcile(name, signal),
      clock,
    });
  }

  /** Works until the signal is aborted. */
  async run(signal: AbortSignal): Promise<void> {
    const enqueue = ({ metadata }: Readonly<Stored<Namespace>>): void => {
      if (metadata.deletionTimestamp) this.#controller.enqueue(metadata.name);
    };
    this.#namespaces.subscribe({ added: enqueue, updated: enqueue });
    const groups = [[informerRunnable(this.#namespaces)], [this.#controller]];
    await new Manager(groups, { clock: this.#clock }).run(signal);
  }

  async #reconcile(name: string, signal: AbortSignal): Promise<Result> {
    const namespace = this.#namespaces.store.get(name);
    if (!namespace?.metadata.deletionTimestamp) return {};
    if (!namespace.spec?.finalizers?.includes(FINALIZER)) return {};
    if (!await this.#empty(name, signal)) {
      const sinceMs = this.#clock.now() - Date.parse(namespace.metadata.deletionTimestamp);
      // The longer it has taken, the less does a little more matter.
      return { requeueAfterMs: Math.min(Math.max(RECHECK_MS, sinceMs / 4), MAX_RECHECK_MS) };
    }
    await this.#release(namespace, signal);
    return {};
  }

  /** Asks for the deletion of everything in a namespace; whether there was nothing. */
  async #empty(namespace: string, signal: AbortSignal): Promise<boolean> {
    const kinds = await discoverKinds(this.#client, signal);
    const counts = await Promise.all(
      kinds.filter(({ type, verbs }) =>
        type.namespaced && verbs.has("list") && verbs.has("deletecollection")
      ).map(({ type }) => this.#deleteAll(type, namespace, signal)),
    );
    return counts.every((count) => count === 0);
  }

  async #deleteAll(
    type: ResourceType<KubeObject>,
    namespace: string,
    signal: AbortSignal,
  ): Promise<number> {
    const { items } = await this.#client.resource(type, namespace).list({ signal });
    if (items.some((item) => !item.metadata.deletionTimestamp)) {
      const path = resourcePath(type, namespace);
      await this.#client.request({ method: "DELETE", path, signal });
    }
    return items.length;
  }

  async #release(namespace: Stored<Namespace>, signal: AbortSignal): Promise<void> {
    const finalizers = namespace.spec?.finalizers?.filter((finalizer) => finalizer !== FINALIZER);
    const path = `${resourcePath(NAMESPACES)}/${
      encodeURIComponent(namespace.metadata.name)
    }/finalize`;
    const body = { ...namespace, spec: { finalizers } };
    await unlessOvertaken(this.#client.request({ method: "PUT", path, body, signal }));
  }
}
