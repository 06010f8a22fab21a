/** Objects and lists in the form that the client asked for. */

import { asArray, type Json, type JsonObject, without } from "./json.ts";
import type { Form } from "./negotiation.ts";
import type { ApiObject } from "./object.ts";
import { apiVersionOf, type Resource } from "./registry/resource.ts";
import { badRequest } from "./status.ts";

/** How answers are presented. */
export interface Presentation {
  /** Form of the answer. */
  readonly form: Form;
  /** What each row of a Table carries of its object. */
  readonly includeObject: "None" | "Metadata" | "Object";
  /** Now, in ms since 1970, for ages. */
  readonly now: number;
}

/** What a list says about itself. */
export interface ListMetadata {
  /** Revision that the list shows. */
  readonly resourceVersion: string;
  /** Token of the next page; empty if this is the last one. */
  readonly continueToken: string;
  /** How many objects the following pages hold, where that is known. */
  readonly remainingItemCount?: number;
}

const INCLUDES = ["Metadata", "None", "Object"] as const;

/**
 * Reads how rows of Tables carry their objects.
 *
 * @throws {StatusError} 400 for a way that there is not
 */
export function parseIncludeObject(query: URLSearchParams): Presentation["includeObject"] {
  const given = query.get("includeObject") || "Metadata";
  const known = INCLUDES.find((include) => include === given);
  if (known) return known;
  throw badRequest(
    `Unable to convert to Table as requested: includeObject: Invalid value: ${
      JSON.stringify(given)
    }: must be 'Metadata', 'Object', 'None', or empty`,
  );
}

/** One object. */
export function presentObject(
  resource: Resource,
  object: ApiObject,
  presentation: Presentation,
): JsonObject {
  switch (presentation.form) {
    case "Table":
      return table(resource, [object], presentation, {
        resourceVersion: object.metadata.resourceVersion ?? "",
      });
    case "PartialObjectMetadata":
      return partial(object);
    default:
      return object;
  }
}

/** A list of objects. */
export function presentList(
  resource: Resource,
  objects: readonly ApiObject[],
  metadata: ListMetadata,
  presentation: Presentation,
): JsonObject {
  const { resourceVersion, continueToken, remainingItemCount } = metadata;
  const listMetadata = {
    // Lists of custom resources show the token even if there is none.
    ...(continueToken || (resource.schema.custom && presentation.form === "Object")
      ? { continue: continueToken }
      : {}),
    ...(remainingItemCount ? { remainingItemCount } : {}),
    resourceVersion,
  };
  switch (presentation.form) {
    case "Table":
      return table(resource, objects, presentation, listMetadata);
    case "PartialObjectMetadataList":
      return {
        kind: "PartialObjectMetadataList",
        apiVersion: "meta.k8s.io/v1",
        metadata: listMetadata,
        items: objects.map(partial),
      };
    default:
      return {
        kind: resource.listKind,
        apiVersion: apiVersionOf(resource),
        metadata: listMetadata,
        items: resource.schema.custom ? objects : objects.map(withoutType),
      };
  }
}

/** One event's object in a watch; only the first Table of a stream has the heads of its columns. */
export function presentWatched(
  resource: Resource,
  object: ApiObject,
  presentation: Presentation,
  first: boolean,
): JsonObject {
  const presented = presentObject(resource, object, presentation);
  return presentation.form === "Table" && !first
    ? { ...presented, columnDefinitions: null }
    : presented;
}

/** What marks a revision in a watch: an object with nothing but that. */
export function presentBookmark(
  resource: Resource,
  metadata: JsonObject,
  { form }: Presentation,
): JsonObject {
  const { kind } = resource;
  if (form === "Object") return { kind, apiVersion: apiVersionOf(resource), metadata };
  const object = { kind: "PartialObjectMetadata", apiVersion: "meta.k8s.io/v1", metadata };
  if (form !== "Table") return object;
  return {
    kind: "Table",
    apiVersion: "meta.k8s.io/v1",
    metadata: { resourceVersion: metadata.resourceVersion },
    columnDefinitions: null,
    rows: [{ cells: resource.table.columns.map(() => null), object }],
  };
}

function table(
  resource: Resource,
  objects: readonly ApiObject[],
  { includeObject, now }: Presentation,
  metadata: JsonObject,
): JsonObject {
  const { columns, cells } = resource.table;
  const included = { None: () => null, Metadata: partial, Object: (object: ApiObject) => object };
  return {
    kind: "Table",
    apiVersion: "meta.k8s.io/v1",
    metadata,
    columnDefinitions: columns.map((definition) => ({ ...definition })),
    rows: objects.map((object): Json => ({
      cells: asArray(cells(object, now)),
      object: included[includeObject](object),
    })),
  };
}

function partial({ metadata }: ApiObject): JsonObject {
  return { kind: "PartialObjectMetadata", apiVersion: "meta.k8s.io/v1", metadata };
}

/** Items of built-in lists do not repeat their kind. */
function withoutType(object: ApiObject): JsonObject {
  return without(without(object, "kind"), "apiVersion");
}
