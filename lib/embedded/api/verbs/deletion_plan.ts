/** What a request for deletion does to an object: a pure function, after `rest.BeforeDelete` and the generic registry store. */

import { rfc3339 } from "../../../time/mod.ts";
import { asString, valueAt } from "../json.ts";
import { type ApiObject, withMetadata } from "../object.ts";
import type { DeleteOptions } from "../options.ts";
import type { DeletionStyle } from "../registry/resource.ts";

/** Holds an object until its dependents are gone; the garbage collector takes it away. */
const FOREGROUND = "foregroundDeletion";
/** Holds an object until its dependents are free; the garbage collector takes it away. */
const ORPHAN = "orphan";

/** Time that a pod gets if neither it nor the request says, in s. */
const DEFAULT_GRACE_SECONDS = 30;

/** What is to be done. */
export interface DeletionPlan {
  /** What the object becomes; absent if it stays as it is. */
  readonly mark?: ApiObject;
  /** Whether it goes at once. */
  readonly remove: boolean;
}

/** Decides what becomes of an object that is to be deleted at `now`, in ms since 1970. */
export function planDeletion(
  object: ApiObject,
  style: DeletionStyle,
  options: DeleteOptions,
  now: number,
): DeletionPlan {
  const finalizers = plannedFinalizers(object, options);
  const grace = style === "graceful" ? plannedGrace(object, options) : undefined;
  const held = finalizers.length > 0;
  if (grace === undefined && !held) return { remove: true };
  const marked = withFinalizers(markDeleted(object, grace, options, now), finalizers);
  const over = (marked.metadata.deletionGracePeriodSeconds ?? 0) === 0;
  const changed = marked !== object;
  return { ...(changed ? { mark: marked } : {}), remove: over && !held };
}

/** Decides what becomes of a namespace, which goes when the namespace controller has emptied it. */
export function planNamespaceDeletion(namespace: ApiObject, now: number): DeletionPlan {
  const finalizers = valueAt(namespace, "spec", "finalizers");
  const held = Array.isArray(finalizers) && finalizers.length > 0;
  const pending = (namespace.metadata.finalizers ?? []).length > 0;
  if (!held && !pending) return { remove: true };
  if (namespace.metadata.deletionTimestamp) return { remove: false };
  const marked = withMetadata(namespace, { deletionTimestamp: rfc3339(now) });
  return { mark: { ...marked, status: { phase: "Terminating" } }, remove: false };
}

function plannedFinalizers(
  { metadata }: ApiObject,
  { propagationPolicy }: DeleteOptions,
): readonly string[] {
  const { finalizers = [] } = metadata;
  if (propagationPolicy === undefined) return finalizers;
  const others = finalizers.filter((name) => name !== FOREGROUND && name !== ORPHAN);
  if (propagationPolicy === "Foreground") return [...others, FOREGROUND];
  return propagationPolicy === "Orphan" ? [...others, ORPHAN] : others;
}

/** The time that a pod gets, in s. */
function plannedGrace(pod: ApiObject, { gracePeriodSeconds }: DeleteOptions): number {
  const phase = asString(valueAt(pod, "status", "phase"));
  if (!valueAt(pod, "spec", "nodeName") || phase === "Succeeded" || phase === "Failed") return 0;
  const wanted = gracePeriodSeconds ?? valueAt(pod, "spec", "terminationGracePeriodSeconds");
  const seconds = typeof wanted === "number" ? wanted : DEFAULT_GRACE_SECONDS;
  return seconds < 0 ? 1 : seconds;
}

function markDeleted(
  object: ApiObject,
  grace: number | undefined,
  { gracePeriodSeconds }: DeleteOptions,
  now: number,
): ApiObject {
  const { deletionTimestamp, deletionGracePeriodSeconds, generation } = object.metadata;
  if (deletionTimestamp === undefined) {
    const seconds = grace ?? 0;
    return withMetadata(object, {
      deletionTimestamp: rfc3339(now + seconds * 1000),
      deletionGracePeriodSeconds: seconds,
      ...(generation ? { generation: generation + 1 } : {}),
    });
  }
  const granted = deletionGracePeriodSeconds ?? 0;
  // Time that was granted can be made shorter, and never longer.
  if (grace === undefined || gracePeriodSeconds === undefined || grace >= granted) return object;
  const start = Date.parse(deletionTimestamp) - granted * 1000;
  return withMetadata(object, {
    deletionTimestamp: rfc3339(start + grace * 1000),
    deletionGracePeriodSeconds: grace,
  });
}

function withFinalizers(object: ApiObject, finalizers: readonly string[]): ApiObject {
  const { finalizers: before = [] } = object.metadata;
  const same = before.length === finalizers.length &&
    before.every((name, i) => name === finalizers[i]);
  if (same) return object;
  return withMetadata(object, { finalizers: finalizers.length > 0 ? finalizers : undefined });
}
