/** A change of nothing but a number of replicas, which takes the server less time than an apply of the whole object. */

import type { KubeObject, Stored } from "../kube/mod.ts";
import { firstDifference } from "./drift.ts";
import { APPLIED_ANNOTATION } from "./names.ts";

/** An object as it is applied, of a kind that may have replicas. */
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
 * `undefined`. Only for a wish that differs in nothing else from the one before: a field that is no longer wanted is no
 * difference to see, and only an apply takes it away.
 */
export function resizeOf(wanted: Sized, live: Readonly<Stored<KubeObject>>): Resize | undefined {
  const replicas = wanted.spec?.replicas;
  const hash = wanted.metadata?.annotations?.[APPLIED_ANNOTATION];
  if (replicas === undefined || hash === undefined) return undefined;
  const annotations = { [APPLIED_ANNOTATION]: hash };
  const { metadata, spec }: Readonly<Stored<Sized>> = live;
  const resized = {
    ...live,
    metadata: { ...metadata, annotations: { ...metadata.annotations, ...annotations } },
    spec: { ...spec, replicas },
  };
  if (firstDifference(wanted, resized) !== undefined) return undefined;
  return { metadata: { uid: metadata.uid, annotations }, spec: { replicas } };
}
