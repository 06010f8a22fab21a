/** OpenAPI v3 documents of what a server serves, as `kubectl explain` and `kubectl apply` read them. */

import { createHash } from "node:crypto";
import type { JsonObject } from "./json.ts";
import type { KindSchema } from "./kind.ts";
import { openApiPaths } from "./openapi_paths.ts";
import { openApiSchemas } from "./openapi_schemas.ts";

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

const hashes = new WeakMap<JsonObject, string>();

/** The document of one group and version: its paths, and the schemas of its kinds with all that they refer to. */
export function openApiDocument(
  group: string,
  version: string,
  resources: readonly OpenApiResource[],
): JsonObject {
  return {
    openapi: "3.0.0",
    info: { title: "Kubernetes", version: "unversioned" },
    paths: openApiPaths(group, version, resources),
    components: { schemas: openApiSchemas(resources) },
  };
}

/**
 * The index of all documents, which have keys like `api/v1` and `apis/apps/v1`. Clients keep a document for good by its
 * address, so that contains a hash of the content.
 */
export function openApiIndex(documents: ReadonlyMap<string, JsonObject>): JsonObject {
  const paths = [...documents].map(([path, document]) => {
    const serverRelativeURL = `/openapi/v3/${path}?hash=${hashOf(document)}`;
    return [path, { serverRelativeURL }] as const;
  });
  return { paths: Object.fromEntries(paths) };
}

function hashOf(document: JsonObject): string {
  let hash = hashes.get(document);
  if (hash === undefined) {
    hash = createHash("sha512").update(JSON.stringify(document)).digest("hex").toUpperCase();
    hashes.set(document, hash);
  }
  return hash;
}
