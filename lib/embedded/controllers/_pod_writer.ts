/** Creates, deletes and relabels the pods of StatefulSets, and reports each as kube-controller-manager does. */

import type { ControllerRevision, StatefulSet } from "kubernetes-types/apps/v1.d.ts";
import type { Pod } from "kubernetes-types/core/v1.d.ts";

import {
  ApiError,
  type EventRecorder,
  type KubeClient,
  PODS,
  type Stored,
} from "../../kube/mod.ts";
import type { StatefulSetAction } from "./stateful_set_plan.ts";
import { identityLabels, newPod, podName } from "./stateful_set_pod.ts";
import { templateOf } from "./stateful_set_revision.ts";

/** What is done to pods, as part of the reasons of events. */
type Verb = "Create" | "Delete" | "Update";

/** Carries out what was planned for the pods of a set. */
export class PodWriter {
  readonly #client: KubeClient;
  readonly #events: EventRecorder;

  /** Keeps its parts. */
  constructor(client: KubeClient, events: EventRecorder) {
    this.#client = client;
    this.#events = events;
  }

  /**
   * Carries out one action. `revisions` are those that pods may be created from.
   *
   * @throws {ApiError} if the API server refuses, unless the pod is what it should be already
   */
  async carryOut(
    set: Stored<StatefulSet>,
    action: StatefulSetAction,
    revisions: readonly Stored<ControllerRevision>[],
    signal: AbortSignal,
  ): Promise<void> {
    const pods = this.#client.resource(PODS, set.metadata.namespace);
    switch (action.type) {
      case "create": {
        const revision = revisions.find(({ metadata }) => metadata.name === action.revision);
        if (!revision) return;
        const template = templateOf(revision);
        const pod = newPod(set, action.ordinal, { name: action.revision, template });
        return await this.#report(set, "Create", pod, () => pods.create(pod, { signal }), signal);
      }
      case "delete": {
        const { name, uid } = action.pod.metadata;
        const write = (): Promise<unknown> => pods.delete(name, { uid, signal });
        return await this.#report(set, "Delete", action.pod, write, signal);
      }
      case "relabel": {
        const { name, uid, resourceVersion } = action.pod.metadata;
        const labels = identityLabels(set.metadata.name, action.ordinal);
        const patch = { metadata: { uid, resourceVersion, labels } };
        const write = (): Promise<unknown> => pods.mergePatch(name, patch, { signal });
        return await this.#report(set, "Update", action.pod, write, signal);
      }
      case "report-taken": {
        const name = podName(set.metadata.name, action.ordinal);
        const why = `pods "${name}" already exists and belongs to somebody else`;
        return this.#tell("Failed", set, "Create", { metadata: { name } }, `failed error: ${why}`);
      }
    }
  }

  async #report(
    set: Stored<StatefulSet>,
    verb: Verb,
    pod: Pod,
    write: () => Promise<unknown>,
    signal: AbortSignal,
  ): Promise<void> {
    try {
      await write();
    } catch (error) {
      if (isOvertaken(error)) return;
      const why = error instanceof ApiError ? error.serverMessage : String(error);
      if (!signal.aborted) this.#tell("Failed", set, verb, pod, `failed error: ${why}`);
      throw error;
    }
    this.#tell("Successful", set, verb, pod, "successful");
  }

  #tell(
    result: "Successful" | "Failed",
    set: Stored<StatefulSet>,
    verb: Verb,
    pod: Pod,
    outcome: string,
  ): void {
    const { name } = set.metadata;
    this.#events.event(set, {
      type: result === "Failed" ? "Warning" : "Normal",
      reason: `${result}${verb}`,
      action: verb,
      note: `${verb.toLowerCase()} Pod ${pod.metadata?.name} in StatefulSet ${name} ${outcome}`,
      related: reference(set, pod),
    });
  }
}

/** Names the pod of an event, so that what happens to different pods is not counted together. */
function reference(set: Stored<StatefulSet>, pod: Pod): Pod {
  const { namespace = "" } = set.metadata;
  const { name = "" } = pod.metadata ?? {};
  return { apiVersion: "v1", kind: "Pod", metadata: { namespace, name } };
}

/**
 * Whether the world was ahead of memory: the pod exists already, is gone or is another one by now, or its whole
 * namespace is going. News of it is on its way and leads to a new plan.
 */
function isOvertaken(error: unknown): boolean {
  return error instanceof ApiError &&
    (error.isAlreadyExists || error.isNotFound || error.isConflict || error.isNamespaceTerminating);
}
