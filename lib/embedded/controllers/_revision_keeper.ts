/** Keeps the ControllerRevisions of StatefulSets: the effects of what `stateful_set_revision.ts` decides. */

import type { ControllerRevision, StatefulSet } from "kubernetes-types/apps/v1.d.ts";
import type { Pod } from "kubernetes-types/core/v1.d.ts";

import {
  ApiError,
  CONTROLLER_REVISIONS,
  type KubeClient,
  type ResourceHandle,
  type Stored,
} from "../../kube/mod.ts";
import { unlessOvertaken } from "./_overtaken.ts";
import { chooseRevision, sameTemplate, surplusRevisions } from "./stateful_set_revision.ts";

/** The revisions that the pods of a set are made from. */
export interface ResolvedRevisions {
  /** What the set is moving away from; the same as `update` when nothing rolls. */
  readonly current: Stored<ControllerRevision>;
  /** The set's template. */
  readonly update: Stored<ControllerRevision>;
  /** How many names were taken by other templates so far. */
  readonly collisionCount: number;
}

/** A set and the revisions that it controls, as far as memory knows. */
export interface SetHistory {
  readonly set: Stored<StatefulSet>;
  readonly stored: readonly Stored<ControllerRevision>[];
}

/** Makes and deletes revisions. */
export class RevisionKeeper {
  readonly #handle: ResourceHandle<ControllerRevision>;

  /** Keeps the client. */
  constructor(client: KubeClient) {
    this.#handle = client.resource(CONTROLLER_REVISIONS);
  }

  /** Finds or makes the revisions of a set. */
  async resolve(history: SetHistory, signal: AbortSignal): Promise<ResolvedRevisions> {
    const { set, stored } = history;
    for (let collisionCount = set.status?.collisionCount ?? 0;; collisionCount++) {
      const update = await this.#update(history, collisionCount, signal);
      if (!update) continue;
      const current = stored.find(({ metadata }) => metadata.name === set.status?.currentRevision);
      return { current: current ?? update, update, collisionCount };
    }
  }

  /** Deletes the revisions beyond the set's history limit. */
  async trim(
    { set, stored }: SetHistory,
    pods: readonly Stored<Pod>[],
    { current, update }: ResolvedRevisions,
    signal: AbortSignal,
  ): Promise<void> {
    const handle = this.#handle.in(set.metadata.namespace ?? "");
    const needed = [current.metadata.name, update.metadata.name];
    for (const { metadata: { name, uid } } of surplusRevisions(set, stored, pods, needed)) {
      await unlessOvertaken(handle.delete(name, { uid, signal }));
    }
  }

  /** The revision of the set's template, or undefined if another template has its name. */
  async #update(
    { set, stored }: SetHistory,
    collisionCount: number,
    signal: AbortSignal,
  ): Promise<Stored<ControllerRevision> | undefined> {
    const handle = this.#handle.in(set.metadata.namespace ?? "");
    const choice = chooseRevision(set, stored, collisionCount);
    if (choice.type === "keep") return choice.revision;
    if (choice.type === "renumber") {
      const { name, resourceVersion } = choice.revision.metadata;
      const patch = { metadata: { resourceVersion }, revision: choice.number };
      return await handle.mergePatch(name, patch, { signal });
    }
    try {
      return await handle.create(choice.revision, { signal });
    } catch (error) {
      if (!(error instanceof ApiError && error.isAlreadyExists)) throw error;
      // Ours, not in memory yet, or left by a set of the same name whose garbage is not collected yet.
      const existing = await handle.get(choice.revision.metadata?.name ?? "", { signal });
      return sameTemplate(existing, choice.revision) ? existing : undefined;
    }
  }
}
