/**
 * Another number of replicas and nothing else: the subresource `scale` takes the server less time than an apply of the
 * whole object, and somebody waits.
 */

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
  const { replicas: _number, ...spec } = wanted.spec ?? {};
  return { ...wanted, spec };
}

/** Whether `live` has everything that is wanted but the number of replicas. */
export function isResize(wanted: Sized, live: Sized): boolean {
  const replicas = replicasOf(live);
  return replicas !== undefined && replicasOf(wanted) !== undefined &&
    firstDifference({ ...wanted, spec: { ...wanted.spec, replicas } }, live) === undefined;
}

/** The number of replicas in a set of fields, as the server writes it. */
const REPLICAS = { "f:spec": { "f:replicas": {} } } as const;

/** What is kept of an object of a kind that has replicas: of the history of its fields, who set that number last. */
export function withOwnersOfReplicas<T extends KubeObject>(object: Stored<T>): Stored<T> {
  const managedFields = ownersOfReplicas(object)
    .map((manager) => ({ manager, fieldsV1: REPLICAS }));
  return { ...object, metadata: { ...object.metadata, managedFields } };
}

/** Whether the number of replicas is what somebody else made it. */
export function isResizedByOthers(object: Readonly<Stored<KubeObject>>): boolean {
  const owners = ownersOfReplicas(object);
  return owners.length > 0 && !owners.includes(FIELD_MANAGER);
}

function ownersOfReplicas({ metadata }: Readonly<Stored<KubeObject>>): readonly string[] {
  return (metadata.managedFields ?? [])
    .filter(({ fieldsV1 }) => firstDifference(REPLICAS, fieldsV1) === undefined)
    .map(({ manager = "" }) => manager);
}

/**
 * Gives `live` another number of replicas, if it is still the object that has its name.
 *
 * @returns the object as it is now, as far as it is known: the server answers with the number and the version
 */
export async function resize<T extends KubeObject>(
  handle: ResourceHandle<T>,
  live: Readonly<Stored<T>>,
  replicas: number,
  signal: AbortSignal,
): Promise<Stored<T>> {
  const { name, uid, generation = 0 } = live.metadata;
  const { metadata: { resourceVersion } } = await handle.scale.mergePatch(
    name,
    { metadata: { uid }, spec: { replicas } },
    { fieldManager: FIELD_MANAGER, signal },
  );
  const { spec }: Readonly<Stored<Sized>> = live;
  return {
    ...live,
    // At least one more: another number is another spec.
    metadata: { ...live.metadata, resourceVersion, generation: generation + 1 },
    spec: { ...spec, replicas },
  };
}
