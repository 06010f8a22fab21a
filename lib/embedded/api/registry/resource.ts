/** What the server knows of a resource, as data: all verbs are written once, for any resource that is described like this. */

import type { JsonObject } from "../json.ts";
import type { ApiObject } from "../object.ts";
import type { KindSchema } from "../../schema/mod.ts";
import type { SelectableFields } from "../selectors/field_selector.ts";
import type { Subject } from "../status.ts";
import type { Storage } from "../storage/storage.ts";
import type { TableLayout } from "../tables/layout.ts";

/** Name of the collection that holds CRDs. */
export const DEFINITIONS = "apiextensions.k8s.io/customresourcedefinitions";

/** How objects end: at once, after a time of grace like pods, when emptied like namespaces, or with their objects like CRDs. */
export type DeletionStyle = "immediate" | "graceful" | "namespace" | "definition";

/** A kind with its group and version. */
export interface GroupVersionKind {
  /** API group; empty for the core group. */
  readonly group: string;
  /** API version. */
  readonly version: string;
  /** Kind. */
  readonly kind: string;
}

/** Something below an object's URL. */
export interface SubresourceType {
  /** Last part of the URL, such as `status`. */
  readonly name: string;
  /** Verbs, in the order in which discovery lists them. */
  readonly verbs: readonly string[];
  /** Kind that is read and written there, where it is not the resource's own. */
  readonly kind?: GroupVersionKind;
}

/** Where a scalable kind keeps what a `Scale` shows. */
export interface ScalePaths {
  /** Path of the wanted number. */
  readonly specReplicas: readonly string[];
  /** Path of the number that there is. */
  readonly statusReplicas: readonly string[];
  /** Reads the selector of what is counted, as a selector string; empty if there is none. */
  readonly selector: (object: ApiObject) => string;
}

/** How the stored form and the form of this version differ. */
export interface Conversion {
  /** From the form of this version. */
  readonly toStored: (object: ApiObject) => ApiObject;
  /** To the form of this version. */
  readonly fromStored: (object: ApiObject) => ApiObject;
}

/** A resource in one version. */
export interface Resource extends GroupVersionKind {
  /** Kind of its lists. */
  readonly listKind: string;
  /** Name in URLs. */
  readonly plural: string;
  /** Name of one object for people. */
  readonly singular: string;
  /** Abbreviations. */
  readonly shortNames: readonly string[];
  /** Groups of resources such as `all`. */
  readonly categories: readonly string[];
  /** Whether objects live in namespaces. */
  readonly namespaced: boolean;
  /** Verbs, in the order in which discovery lists them. */
  readonly verbs: readonly string[];
  /** What is below its objects. */
  readonly subresources: readonly SubresourceType[];
  /** Group that refusals of fields name, where that is another one: events are of the core group inside a real server. */
  readonly internalGroup?: string;
  /** Structure, defaults and rules of its objects. */
  readonly schema: KindSchema;
  /** Name of the collection in which its objects are stored. */
  readonly collection: string;
  /** Fields for selectors. */
  readonly fields: SelectableFields;
  /** How objects are shown as rows. */
  readonly table: TableLayout;
  /** Whether an update may come without a resource version. */
  readonly unconditionalUpdate: boolean;
  /** Whether a deletion answers with the object instead of a `Status`. */
  readonly returnsDeleted: boolean;
  /** How objects end. */
  readonly deletion: DeletionStyle;
  /** Set for scalable kinds. */
  readonly scale?: ScalePaths;
  /** Set where objects are stored in another form. */
  readonly conversion?: Conversion;
  /** Fills in what depends on more than the object itself: addresses, defaults of the cluster, what is kept of `current`. */
  readonly admit?: (object: ApiObject, storage: Storage, current?: ApiObject) => ApiObject;
}

/** A resource whose objects are answered at once and never stored, such as an access review. */
export interface ReviewType extends GroupVersionKind {
  /** Name in URLs. */
  readonly plural: string;
  /** Name of one for people. */
  readonly singular: string;
  /** Whether it is asked in a namespace. */
  readonly namespaced: boolean;
}

/** The group and version as objects carry them: `v1`, `apps/v1`. */
export function apiVersionOf({ group, version }: Omit<GroupVersionKind, "kind">): string {
  return group ? `${group}/${version}` : version;
}

/** The resource as most refusals name it: `statefulsets.apps`. */
export function resourceSubject({ group, plural }: Resource): Subject {
  return { group, kind: plural };
}

/** The kind as refusals of fields name it: `StatefulSet.apps`. */
export function kindSubject({ group, internalGroup = group, kind }: Resource): Subject {
  return { group: internalGroup, kind };
}

/** An object of a resource as this version shows it. */
export function fromStored(resource: Resource, object: ApiObject): ApiObject {
  return resource.conversion ? resource.conversion.fromStored(object) : object;
}

/** An object as it is stored. */
export function toStored(resource: Resource, object: ApiObject): ApiObject {
  return resource.conversion ? resource.conversion.toStored(object) : object;
}

/** Remembers the outcome for each frozen object, so that a thousand watches convert it once. */
export function memoized<T>(compute: (object: JsonObject) => T): (object: JsonObject) => T {
  const known = new WeakMap<JsonObject, T>();
  return (object) => {
    let result = known.get(object);
    if (result === undefined) known.set(object, result = compute(object));
    return result;
  };
}
