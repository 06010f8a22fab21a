/** What every Kubernetes object has in common, and how objects are named in stores and queues. */

import type { ObjectMeta, OwnerReference } from "kubernetes-types/meta/v1.d.ts";

/** Resource versions that can be compared. */
const VERSION = /^[1-9]\d*$/;

/** Any Kubernetes object; every field may be absent before the server has seen it. */
export interface KubeObject {
  /** Group and version, such as `apps/v1`; core objects have just `v1`. */
  apiVersion?: string | undefined;
  /** Kind, such as `StatefulSet`. */
  kind?: string | undefined;
  /** Name, namespace, labels, owners. */
  metadata?: ObjectMeta | undefined;
}

/** An object as the server returns it: named, with a UID and a resource version. */
export type Stored<T extends KubeObject> = T & {
  metadata: ObjectMeta & { name: string; uid: string; resourceVersion: string };
};

/** Names one object of a kind: `namespace/name`, or `name` for cluster-scoped kinds. The UID is no part of it. */
export type ObjectKey = string;

/** The two parts of an {@linkcode ObjectKey}. */
export interface KeyParts {
  /** Absent for cluster-scoped objects. */
  readonly namespace?: string;
  /** Name within the namespace or the cluster. */
  readonly name: string;
}

/**
 * The key of an object.
 *
 * @throws {TypeError} if the object has no name
 *
 * @example Usage
 * ```ts
 * import { objectKey } from "./object.ts";
 *
 * objectKey({ metadata: { namespace: "default", name: "a" } }); // "default/a"
 * ```
 */
export function objectKey(object: KubeObject): ObjectKey {
  const { namespace, name } = object.metadata ?? {};
  if (!name) {
    throw new TypeError(`Cannot make a key of a ${object.kind ?? "object"}: it has no name`);
  }
  return namespace ? `${namespace}/${name}` : name;
}

/** Splits what {@linkcode objectKey} made. */
export function splitKey(key: ObjectKey): KeyParts {
  const slash = key.indexOf("/");
  if (slash < 0) return { name: key };
  return { namespace: key.slice(0, slash), name: key.slice(slash + 1) };
}

/**
 * Whether the resource version `a` is older than `b`. They are decimal numbers that grow, and may be compared (Kubernetes
 * 1.35, apimachinery's `util/resourceversion`); false for versions of any other form.
 */
export function isOlderVersion(a: string, b: string): boolean {
  if (!VERSION.test(a) || !VERSION.test(b)) return false;
  return a.length === b.length ? a < b : a.length < b.length;
}

/** The owner that controls an object, if there is one; an object has at most one. */
export function controllerOf(object: KubeObject): OwnerReference | undefined {
  return object.metadata?.ownerReferences?.find((owner) => owner.controller === true);
}
