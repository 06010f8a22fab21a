/**
 * Another number of replicas and nothing else: the subresource `scale` takes the server less time than an apply of the
 * whole object, and somebody waits.
 */

import type { ManagedFieldsEntry } from "kubernetes-types/meta/v1.d.ts";
import type { KubeObject, ResourceHandle, Stored } from "../kube/mod.ts";
import { firstDifference } from "./drift.ts";
import { FIELD_MANAGER } from "./names.ts";

/** An object of a kind that may have replicas. */
interface Sized extends KubeObject {
  readonly spec?: { readonly replicas?: number } | undefined;
}

/** How many replicas an object wants, if it is of a kind that has any. */
export function replicasOf({ spec }: Sized): number | undefined {
  return spec?.replicas;
}

/** What is wanted, whatever the number of replicas. */
export function withoutReplicas(wanted: Sized): object {
  if (replicasOf(wanted) === undefined) return wanted;
  const { replicas: _number, ...spec } = { ...wanted.spec };
  return { ...wanted, spec };
}

/** The number of replicas to write, if `live` has everything else that is wanted. */
export function resizeOf(wanted: Sized, live: Sized): { readonly replicas: number } | undefined {
  const replicas = replicasOf(wanted);
  if (replicas === undefined || replicasOf(live) === undefined) return undefined;
  const resized = { ...live, spec: { ...live.spec, replicas } };
  return firstDifference(wanted, resized) === undefined ? { replicas } : undefined;
}

/** The number of replicas in a set of fields, as the server writes it. */
const REPLICAS = { "f:spec": { "f:replicas": {} } } as const;

/** An object as it is kept: of the history of its fields only who owns the number of replicas. */
export function withOwnersOfReplicas<T extends KubeObject>(object: Stored<T>): Stored<T> {
  const managedFields = ownersOfReplicas(object).map(entryOf);
  return { ...object, metadata: { ...object.metadata, managedFields } };
}

/** Whether the number of replicas is what somebody else made it. */
export function isResizedByOthers(object: Readonly<Stored<KubeObject>>): boolean {
  const owners = ownersOfReplicas(object);
  return owners.length > 0 && !owners.includes(FIELD_MANAGER);
}

/** Says that `manager` owns the number of replicas. */
function entryOf(manager: string): ManagedFieldsEntry {
  return { manager, fieldsV1: REPLICAS };
}

/** Who owns the number of replicas. */
function ownersOfReplicas({ metadata }: Readonly<Stored<KubeObject>>): readonly string[] {
  return (metadata.managedFields ?? [])
    .filter(({ fieldsV1 }) => firstDifference(REPLICAS, fieldsV1) === undefined)
    .map(({ manager = "" }) => manager);
}

/**
 * Gives `live` another number of replicas, if it is still the object that has its name.
 *
 * @returns the object as far as it is known then: the server answers with the number and the version. Its generation is
 *   the least that it can be, for somebody else may have changed the spec since `live` was seen
 */
export async function resize<T extends KubeObject>(
  handle: ResourceHandle<T>,
  live: Readonly<Stored<T>>,
  replicas: number,
  signal: AbortSignal,
): Promise<Stored<T>> {
  const { name, uid, generation = 0 } = live.metadata;
  const scale = await handle.scale.mergePatch(
    name,
    { metadata: { uid }, spec: { replicas } },
    { fieldManager: FIELD_MANAGER, signal },
  );
  // A scale leaves out a zero. What the server made of the number is the number.
  const { replicas: stored = 0 } = scale.spec ?? {};
  const { spec }: Readonly<Stored<Sized>> = live;
  return {
    ...live,
    metadata: {
      ...live.metadata,
      resourceVersion: scale.metadata.resourceVersion,
      generation: stored === spec?.replicas ? generation : generation + 1,
      managedFields: [entryOf(FIELD_MANAGER)],
    },
    spec: { ...spec, replicas: stored },
  };
}
