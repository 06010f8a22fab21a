/** A change of nothing but a number of replicas, which takes the server less time than an apply of the whole object. */

import type { KubeObject, Stored } from "../kube/mod.ts";
import { firstDifference } from "./drift.ts";
import { hashOf } from "./hash.ts";
import { APPLIED_ANNOTATION } from "./names.ts";

/** An object of a kind that may have replicas. */
interface Sized extends KubeObject {
  readonly spec?: { readonly replicas?: number } | undefined;
}

/** A merge patch that changes the number of replicas, and what marks the object as being as wanted. */
export interface Resize {
  /** Names the very object. */
  readonly metadata: {
    readonly uid: string;
    readonly annotations: Readonly<Record<string, string>>;
  };
  /** The number. */
  readonly spec: { readonly replicas: number };
}

/**
 * The merge patch that makes `live` what is wanted, if no more than the number of replicas is to be changed; else
 * `undefined`: only an apply takes away a field that is no longer wanted, or puts back what somebody changed.
 *
 * @param mark what stands in {@linkcode APPLIED_ANNOTATION} for `wanted`
 */
export function resizeOf(
  wanted: Sized,
  mark: string,
  live: Readonly<Stored<KubeObject>>,
): Resize | undefined {
  const { metadata, spec }: Readonly<Stored<Sized>> = live;
  const replicas = wanted.spec?.replicas;
  if (replicas === undefined || spec?.replicas === undefined) return undefined;
  // The mark of what was applied last tells of the fields that are no longer wanted; the fields, of those that are.
  const before = { ...wanted, spec: { ...wanted.spec, replicas: spec.replicas } };
  if (metadata.annotations?.[APPLIED_ANNOTATION] !== hashOf(before)) return undefined;
  if (firstDifference(before, live) !== undefined) return undefined;
  const { uid } = metadata;
  return { metadata: { uid, annotations: { [APPLIED_ANNOTATION]: mark } }, spec: { replicas } };
}
