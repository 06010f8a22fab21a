/**
 * Deletes objects whose owners are gone, and holds back or frees dependents where a deletion asks for it, as
 * kube-controller-manager's garbage collector does. What to do is decided in `collector_plan.ts`.
 */

import type { OwnerReference } from "kubernetes-types/meta/v1.d.ts";

import {
  ApiError,
  type KubeClient,
  type KubeObject,
  type ResourceHandle,
  type ResourceType,
} from "../../kube/mod.ts";
import { Controller, Manager, type Result, type Runnable } from "../../reconcile/mod.ts";
import { type Clock, systemClock } from "../../time/mod.ts";
import {
  type CollectorAction,
  type OwnerState,
  planDeleting,
  planOwned,
} from "./collector_plan.ts";
import { KindWatcher } from "./kind_watcher.ts";
import { deletesDependents, nodeOf, OwnerGraph, type OwnerNode } from "./owner_graph.ts";

/** How many UIDs of absent owners are remembered, so that the dependents of one owner cost one GET (as upstream). */
const ABSENT_OWNERS = 500;

/** How soon to look again for an owner of an unknown kind, whose definition may yet come, in ms. */
const UNKNOWN_KIND_MS = 30_000;

/** How soon to decide again about an object that changed under a decision, in ms. */
const CHANGED_MS = 20;

/** What a {@linkcode GarbageCollector} is made of. */
export interface GarbageCollectorOptions {
  /** Reads and writes the API. */
  readonly client: KubeClient;
  /**
   * Time source.
   *
   * @default {systemClock}
   */
  readonly clock?: Clock;
}

/** Follows all kinds of objects and collects those that nobody owns any more. */
export class GarbageCollector implements Runnable {
  /** Name for logs. */
  readonly name = "garbage-collector";
  readonly #client: KubeClient;
  readonly #clock: Clock;
  readonly #graph = new OwnerGraph();
  readonly #absent = new Set<string>();
  readonly #kinds: KindWatcher;
  readonly #controller: Controller<string>;

  /** Keeps its parts; {@linkcode GarbageCollector.run} starts it. */
  constructor({ client, clock = systemClock }: GarbageCollectorOptions) {
    this.#client = client;
    this.#clock = clock;
    this.#kinds = new KindWatcher({
      client,
      clock,
      handler: {
        changed: (type, object) => this.#enqueue(this.#graph.put(nodeOf(type, object))),
        removed: (object) => this.#enqueue(this.#graph.remove(object.metadata.uid)),
      },
    });
    this.#controller = new Controller({
      name: this.name,
      reconcile: (uid, signal) => this.#reconcile(uid, signal),
      clock,
    });
  }

  /** Works until the signal is aborted. */
  async run(signal: AbortSignal): Promise<void> {
    await new Manager([[this.#kinds], [this.#controller]], { clock: this.#clock }).run(signal);
  }

  /** Resolves once every kind has been listed. */
  async ready(signal: AbortSignal): Promise<void> {
    await this.#kinds.ready(signal);
  }

  #enqueue(uids: readonly string[]): void {
    for (const uid of uids) this.#controller.enqueue(uid);
  }

  async #reconcile(uid: string, signal: AbortSignal): Promise<Result> {
    const node = this.#graph.get(uid);
    if (!node) return {};
    const dependents = this.#graph.dependentsOf(uid);
    if (node.deleting) {
      const done = await this.#carryOut(node, planDeleting(node, dependents), signal);
      return done ? {} : { requeueAfterMs: CHANGED_MS };
    }
    const states = new Map<string, OwnerState>();
    let unknownKind = false;
    for (const owner of node.owners) {
      const state = await this.#stateOf(owner, node, signal);
      if (state) states.set(owner.uid, state);
      else unknownKind = true;
    }
    const done = await this.#carryOut(node, planOwned(node, dependents, states), signal);
    if (!done) return { requeueAfterMs: CHANGED_MS };
    return unknownKind ? { requeueAfterMs: UNKNOWN_KIND_MS } : {};
  }

  /** Asks memory for an owner and then the API server, since memory may lag behind; undefined if its kind is unknown. */
  async #stateOf(
    owner: OwnerReference,
    node: OwnerNode,
    signal: AbortSignal,
  ): Promise<OwnerState | undefined> {
    const known = this.#graph.get(owner.uid);
    if (known) return deletesDependents(known) ? "waiting" : "present";
    if (this.#absent.has(owner.uid)) return "absent";
    const [group = ""] = owner.apiVersion.includes("/") ? owner.apiVersion.split("/") : [];
    const type = this.#kinds.typeOf(group, owner.kind);
    if (!type) return undefined;
    // A cluster-scoped object cannot have an owner in a namespace; such a reference proves nothing.
    if (type.namespaced && node.namespace === undefined) return "present";
    if (await this.#exists(type, owner, node.namespace, signal)) return "present";
    this.#absent.add(owner.uid);
    for (const oldest of this.#absent) {
      if (this.#absent.size <= ABSENT_OWNERS) break;
      this.#absent.delete(oldest);
    }
    return "absent";
  }

  async #exists(
    type: ResourceType<KubeObject>,
    owner: OwnerReference,
    namespace: string | undefined,
    signal: AbortSignal,
  ): Promise<boolean> {
    const handle = this.#client.resource(type, type.namespaced ? namespace : undefined);
    const found = await handle.find(owner.name, { signal });
    return found?.metadata.uid === owner.uid;
  }

  /** Whether it could be done: an object that has changed in between needs a new decision. */
  async #carryOut(
    node: OwnerNode,
    action: CollectorAction | undefined,
    signal: AbortSignal,
  ): Promise<boolean> {
    switch (action?.type) {
      case undefined:
        return true;
      case "delete": {
        const { uid, resourceVersion } = node;
        const { propagationPolicy } = action;
        const options = { uid, resourceVersion, propagationPolicy, signal };
        return await isDone(this.#handle(node).delete(node.name, options));
      }
      case "drop-owners":
        return await this.#dropOwners(node, action.uids, signal);
      case "drop-finalizer": {
        const finalizers = node.finalizers.filter((finalizer) => finalizer !== action.finalizer);
        return await this.#patch(node, { finalizers }, signal);
      }
      case "orphan": {
        const drops = action.dependents.map((dependent) =>
          this.#dropOwners(dependent, [node.uid], signal)
        );
        return (await Promise.all(drops)).every(Boolean);
      }
      case "visit":
        this.#enqueue(action.dependents.map((dependent) => dependent.uid));
        return true;
    }
  }

  #dropOwners(node: OwnerNode, uids: readonly string[], signal: AbortSignal): Promise<boolean> {
    const ownerReferences = node.owners.filter((owner) => !uids.includes(owner.uid));
    return this.#patch(node, { ownerReferences }, signal);
  }

  /** Replaces lists of an object's metadata, if it is still as it was when the decision was made. */
  #patch(
    node: OwnerNode,
    lists: Readonly<Record<string, readonly unknown[]>>,
    signal: AbortSignal,
  ): Promise<boolean> {
    const { uid, resourceVersion } = node;
    const metadata = { uid, resourceVersion, ...lists };
    return isDone(this.#handle(node).mergePatch(node.name, { metadata }, { signal }));
  }

  #handle({ type, namespace }: OwnerNode): ResourceHandle<KubeObject> {
    return this.#client.resource(type, namespace);
  }
}

/** Whether a write succeeded, or its object is gone, rather than that the object has changed. */
async function isDone(write: Promise<unknown>): Promise<boolean> {
  try {
    await write;
    return true;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.isNotFound) return true;
    if (error.isConflict) return false;
    throw error;
  }
}
