/** Keeps one owned object as it is wanted, with no write when nothing differs. */

import {
  ApiError,
  controllerOf,
  type KubeObject,
  type ResourceHandle,
  type Stored,
} from "../kube/mod.ts";
import type { Stall } from "./conditions.ts";
import { firstDifference } from "./drift.ts";
import { hashOf } from "./hash.ts";
import { APPLIED_ANNOTATION, FIELD_MANAGER, KIND } from "./names.ts";
import type { Owner } from "./objects/metadata.ts";
import { isResizedByOthers, replicasOf, resize, resizeOf, withoutReplicas } from "./resize.ts";

/** What was done about an object. */
export type Deed =
  | {
    /** `nothing` to do, `created` anew, or `changed` because something else is wanted now. */
    readonly did: "nothing" | "created" | "changed";
  }
  | {
    /** Somebody had changed it. */
    readonly did: "repaired";
    /** The first field that was not as wanted. */
    readonly field: string;
  };

/** An object as it is now, and what was done about it. */
export interface Kept<T extends KubeObject> {
  /** The object, as the server has it. */
  readonly object: Readonly<Stored<T>>;
  /** What was done about it. */
  readonly deed: Deed;
}

/** Something only a person can mend. */
export class StalledError extends Error {
  /** What and why. */
  readonly stall: Stall;

  /** Carries the stall to where the status is written. */
  constructor(stall: Stall, options?: ErrorOptions) {
    super(stall.message, options);
    this.name = "StalledError";
    this.stall = stall;
  }
}

/**
 * The stall that an error stands for: one of ours, a right that the controller lacks, or an object that the server
 * will never take, such as a StatefulSet of the network that another program made; `undefined` for any other error.
 */
export function stallOf(error: unknown): Stall | undefined {
  if (error instanceof StalledError) return error.stall;
  if (!(error instanceof ApiError)) return undefined;
  if (error.isForbidden) {
    return { reason: "Forbidden", message: `${error.message}${adviceFor(error.serverMessage)}` };
  }
  if (error.isInvalid && !isOtherObject(error)) {
    return {
      reason: "InvalidConfig",
      message: `${error.message}; if a field of it cannot be changed, delete the object: ` +
        "the controller makes it anew",
    };
  }
  return undefined;
}

/** What to do about a refusal: a quota or an admission webhook forbids as well, and speaks for itself. */
function adviceFor(refusal: string): string {
  // The words of the admission plugin OwnerReferencesPermissionEnforcement name no right.
  const right = refusal.includes("cannot set blockOwnerDeletion")
    ? "'update' on 'bitcoinnetworks/finalizers'"
    : / cannot \w+ resource /.test(refusal)
    ? "this"
    : undefined;
  if (right === undefined) return "";
  return `; grant ${right} to the controller's service account, as manifests/rbac.yaml does`;
}

/** Whether a write was refused because its UID is not that of the object that has the name now. */
export function isOtherObject(error: unknown): boolean {
  if (!(error instanceof ApiError)) return false;
  return error.isConflict ||
    (error.isInvalid &&
      (error.details?.causes ?? []).some(({ field }) => field === "metadata.uid"));
}

/** An object of an earlier network of the same name is still there: the garbage collector has not come yet. */
export class LeftoverError extends Error {
  /** Names the object. */
  constructor(kind: string, name: string) {
    super(`${kind} '${name}' is still that of a deleted network of the same name`);
    this.name = "LeftoverError";
  }
}

/**
 * Makes the object with the wanted name what is wanted of it: creates it, changes it, puts back what somebody changed,
 * or does nothing.
 *
 * @param live the object that has the name now, if one is known: to apply is to take over. Without one it is created, and
 *   looked for only if the name turns out to be taken
 * @throws {StalledError} if the name is taken by an object of somebody else, which is left alone
 * @throws {LeftoverError} if it is taken by an object that is about to go
 */
export async function keepObject<T extends KubeObject>(
  handle: ResourceHandle<T>,
  wanted: T,
  owner: Owner,
  live: Readonly<Stored<T>> | undefined,
  signal: AbortSignal,
): Promise<Kept<T>> {
  const mark = hashOf(withoutReplicas(wanted));
  const marked = withAnnotation(wanted, APPLIED_ANNOTATION, mark);
  if (!live) {
    const { object, isNew } = await createOrFind(handle, marked, signal);
    if (isNew) return { object, deed: { did: "created" } };
    return await keepObject(handle, wanted, owner, object, signal);
  }
  checkOwner(live, handle.type.kind, owner);
  // On its way out: it is made anew when it is gone.
  const field = live.metadata.deletionTimestamp ? undefined : firstDifference(marked, live);
  if (field === undefined) return { object: live, deed: { did: "nothing" } };
  const isMarked = live.metadata.annotations?.[APPLIED_ANNOTATION] === mark;
  // The mark says nothing of the replicas: who set them tells an earlier wish from somebody's change.
  const hasOtherNumber = replicasOf(wanted) !== replicasOf(live);
  const isDrift = isMarked && (!hasOtherNumber || isResizedByOthers(live));
  const deed: Deed = isDrift ? { did: "repaired", field } : { did: "changed" };
  const resizing = resizeOf(marked, live);
  if (resizing) return { object: await resize(handle, live, resizing.replicas, signal), deed };
  // The UID keeps the write from an object that took the name since this one was seen.
  const same = { ...marked, metadata: { ...marked.metadata, uid: live.metadata.uid } };
  return { object: await (isMarked ? putBack : apply)(handle, same, signal), deed };
}

/**
 * Applies what is wanted over what somebody changed. An element of a list whose key was changed (a renumbered port) is
 * somebody else's new element to the server, which may not go together with ours: then the spec is replaced first.
 */
async function putBack<T extends KubeObject>(
  handle: ResourceHandle<T>,
  object: T,
  signal: AbortSignal,
): Promise<Stored<T>> {
  try {
    return await apply(handle, object, signal);
  } catch (error) {
    if (!(error instanceof ApiError && error.isInvalid && "spec" in object)) throw error;
    if (isOtherObject(error)) throw error;
    const { name = "", uid } = object.metadata ?? {};
    const patch = { metadata: { uid }, spec: object.spec };
    await handle.mergePatch(name, patch, { fieldManager: FIELD_MANAGER, signal });
    return await apply(handle, object, signal);
  }
}

async function apply<T extends KubeObject>(
  handle: ResourceHandle<T>,
  object: T,
  signal: AbortSignal,
): Promise<Stored<T>> {
  return await handle.apply(object, { fieldManager: FIELD_MANAGER, signal });
}

/** Applies an object if its name is free; else returns the one that has it. */
async function createOrFind<T extends KubeObject>(
  handle: ResourceHandle<T>,
  object: T,
  signal: AbortSignal,
): Promise<{ readonly object: Stored<T>; readonly isNew: boolean }> {
  try {
    const options = { fieldManager: FIELD_MANAGER, ifAbsent: true, signal };
    return { object: await handle.apply(object, options), isNew: true };
  } catch (error) {
    if (!(error instanceof ApiError && error.isConflict)) throw error;
    const found = await handle.find(object.metadata?.name ?? "", { signal });
    if (found) return { object: found, isNew: false };
    throw error;
  }
}

/**
 * Checks that an object is the network's own.
 *
 * @throws {StalledError} if it is somebody else's
 * @throws {LeftoverError} if it is about to go
 */
export function checkOwner(live: Readonly<Stored<KubeObject>>, kind: string, owner: Owner): void {
  const found = controllerOf(live);
  const { name } = live.metadata;
  if (found?.uid === owner.uid) return;
  if (found?.kind === KIND && found.name === owner.name) throw new LeftoverError(kind, name);
  const whose = found ? `it belongs to ${found.kind} '${found.name}'` : "nobody controls it";
  throw new StalledError({
    reason: "NameConflict",
    message: `${kind} '${name}' exists and is not of this network (${whose}); ` +
      "delete it, or give the network another name",
  });
}

function withAnnotation<T extends KubeObject>(object: T, name: string, value: string): T {
  const { metadata } = object;
  return {
    ...object,
    metadata: { ...metadata, annotations: { ...metadata?.annotations, [name]: value } },
  };
}
