/** stub */
import type { JsonObject } from "./json.ts";
import type { KindSchema } from "./kind.ts";
/** A subresource that is served. */
export interface OpenApiSubresource {
  /** Name, such as `status`. */
  readonly name: string;
  /** Verbs that are served. */
  readonly verbs: readonly string[];
  /** Its kind, where that is not the one of the resource. */
  readonly kind?: KindSchema;
}
/** A resource that is served. */
export interface OpenApiResource {
  /** Kind of its objects. */
  readonly kind: KindSchema;
  /** Name in paths, such as `pods`. */
  readonly plural: string;
  /** Whether its objects have a namespace. */
  readonly namespaced: boolean;
  /** Verbs that are served, as discovery lists them. */
  readonly verbs: readonly string[];
  /** Its subresources. */
  readonly subresources: readonly OpenApiSubresource[];
}
/** stub */
export function openApiDocument(
  _group: string,
  _version: string,
  _resources: readonly OpenApiResource[],
): JsonObject {
  return {};
}
/** stub */
export function openApiIndex(_documents: ReadonlyMap<string, JsonObject>): JsonObject {
  return {};
}
