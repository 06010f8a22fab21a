/** Kubernetes objects as the server stores them. */

import { asObject, type Json, type JsonObject } from "./json.ts";

/** The part of an object that every kind has. */
export interface Metadata extends JsonObject {
  /** Name within its namespace or the cluster. */
  readonly name?: string;
  /** Prefix of a name that the server completes. */
  readonly generateName?: string;
  /** Namespace; absent for cluster-scoped objects. */
  readonly namespace?: string;
  /** Identity for all time. */
  readonly uid?: string;
  /** Revision of the last change. */
  readonly resourceVersion?: string;
  /** Counts the changes of what is wanted. */
  readonly generation?: number;
  /** RFC 3339, whole seconds. */
  readonly creationTimestamp?: string;
  /** RFC 3339, whole seconds; set once deletion was asked for. */
  readonly deletionTimestamp?: string;
  /** Seconds that are granted for a clean end. */
  readonly deletionGracePeriodSeconds?: number;
  /** Labels. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Annotations. */
  readonly annotations?: Readonly<Record<string, string>>;
  /** What must happen before a deleted object goes. */
  readonly finalizers?: readonly string[];
  /** Who set which field. */
  readonly managedFields?: readonly JsonObject[];
}

/** An object of any kind. */
export interface ApiObject extends JsonObject {
  /** Group and version. */
  readonly apiVersion?: string;
  /** Kind. */
  readonly kind?: string;
  /** Name and the like. */
  readonly metadata: Metadata;
}

/** Views a JSON object as one of the API; it has metadata, if need be an empty one. */
export function asApiObject(value: JsonObject): ApiObject {
  // The shape of the members is the business of the schema, which has seen the object before it is stored.
  return { ...value, metadata: asObject(value.metadata) as Metadata } as ApiObject;
}

/** A copy with other metadata. */
export function withMetadata(
  object: ApiObject,
  changes: Readonly<Record<string, Json | undefined>>,
): ApiObject {
  const metadata: Record<string, Json | undefined> = { ...object.metadata };
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined) delete metadata[name];
    else metadata[name] = value;
  }
  // Only members that Metadata declares are passed by the callers in this room.
  return { ...object, metadata: metadata as Metadata };
}

/** The key under which an object is stored: `namespace/name`, or `name` for cluster-scoped kinds. */
export function storageKey(namespace: string | undefined, name: string): string {
  return namespace ? `${namespace}/${name}` : name;
}
