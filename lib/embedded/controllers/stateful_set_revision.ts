/**
 * The revisions of a StatefulSet's pod template, each kept in a ControllerRevision. Pure functions after
 * Kubernetes' `controller_history.go`; `kubectl rollout history` and `undo` read what they make.
 */

import type { ControllerRevision, StatefulSet } from "kubernetes-types/apps/v1.d.ts";
import type { Pod, PodTemplateSpec } from "kubernetes-types/core/v1.d.ts";

import type { Stored } from "../../kube/mod.ts";
import { stableJson } from "./_stable_json.ts";
import { controllerReference, REVISION_LABEL } from "./stateful_set_pod.ts";

/** Label with the hash that a revision's name ends in (`ControllerRevisionHashLabel`). */
const HASH_LABEL = "controller.kubernetes.io/hash";

/** How many old revisions are kept when the set does not say (the default of `apps/v1`). */
const DEFAULT_HISTORY_LIMIT = 10;

/** Letters and digits of which no word can be made by accident (apimachinery's `rand.SafeEncodeString`). */
const SAFE_ALPHABET = "bcdfghjklmnpqrstvwxz2456789";

/** The revision to create for a set's template. The same template and collision count give the same name. */
export function newRevision(
  set: Stored<StatefulSet>,
  revision: number,
  collisionCount: number,
): ControllerRevision {
  const data = { spec: { template: { ...set.spec?.template, $patch: "replace" } } };
  const hash = safeEncode(fnv32(stableJson(data) + collisionCount));
  return {
    apiVersion: "apps/v1",
    kind: "ControllerRevision",
    metadata: {
      name: `${set.metadata.name}-${hash}`,
      labels: { ...set.spec?.template.metadata?.labels, [HASH_LABEL]: hash },
      ownerReferences: [controllerReference(set)],
    },
    data,
    revision,
  };
}

/** Whether two revisions hold the same template. */
export function sameTemplate(a: ControllerRevision, b: ControllerRevision): boolean {
  return stableJson(a.data) === stableJson(b.data);
}

/**
 * The pod template that a revision holds.
 *
 * @throws {TypeError} if it holds none
 */
export function templateOf(revision: Stored<ControllerRevision>): PodTemplateSpec {
  // The type of `data` is an empty interface: its content is the business of each controller.
  const data = revision.data as { spec?: { template?: PodTemplateSpec & { $patch?: string } } };
  if (!data?.spec?.template) {
    throw new TypeError(
      `Cannot read revision '${revision.metadata.name}': it holds no pod template`,
    );
  }
  const { $patch: _, ...template } = data.spec.template;
  return template;
}

/** How the revision of a set's template comes about. */
export type RevisionChoice =
  /** The newest revision is the one. */
  | { readonly type: "keep"; readonly revision: Stored<ControllerRevision> }
  /** An old revision is the one again; it gets the next number. */
  | {
    readonly type: "renumber";
    readonly revision: Stored<ControllerRevision>;
    readonly number: number;
  }
  /** No stored revision has this template. */
  | { readonly type: "create"; readonly revision: ControllerRevision };

/** Finds the revision of the set's template among the stored ones. */
export function chooseRevision(
  set: Stored<StatefulSet>,
  stored: readonly Stored<ControllerRevision>[],
  collisionCount: number,
): RevisionChoice {
  const sorted = sortRevisions(stored);
  const newest = sorted.at(-1);
  const number = (newest?.revision ?? 0) + 1;
  const created = newRevision(set, number, collisionCount);
  const equal = sorted.findLast((revision) => sameTemplate(revision, created));
  if (!equal) return { type: "create", revision: created };
  return equal === newest
    ? { type: "keep", revision: equal }
    : { type: "renumber", revision: equal, number };
}

/** The revisions to delete: the oldest of those that neither a pod nor the set needs, beyond the history limit. */
export function surplusRevisions(
  set: StatefulSet,
  stored: readonly Stored<ControllerRevision>[],
  pods: readonly Pod[],
  needed: readonly string[],
): readonly Stored<ControllerRevision>[] {
  const live = new Set([
    ...needed,
    ...pods.map((pod) => pod.metadata?.labels?.[REVISION_LABEL]),
  ]);
  const history = sortRevisions(stored).filter((revision) => !live.has(revision.metadata.name));
  const limit = set.spec?.revisionHistoryLimit ?? DEFAULT_HISTORY_LIMIT;
  return history.slice(0, Math.max(0, history.length - limit));
}

function sortRevisions(
  revisions: readonly Stored<ControllerRevision>[],
): readonly Stored<ControllerRevision>[] {
  return revisions.toSorted((a, b) =>
    a.revision - b.revision || (a.metadata.name < b.metadata.name ? -1 : 1)
  );
}

/** The 32-bit FNV-1 hash of a text's UTF-8 bytes, as Go's `fnv.New32`. */
function fnv32(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) {
    hash = (Math.imul(hash, 0x01000193) ^ byte) >>> 0;
  }
  return hash;
}

function safeEncode(hash: number): string {
  return [...String(hash)]
    .map((digit) => SAFE_ALPHABET.charAt(digit.charCodeAt(0) % SAFE_ALPHABET.length))
    .join("");
}
