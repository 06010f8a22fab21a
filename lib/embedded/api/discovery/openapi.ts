/** The OpenAPI v3 documents of what is served, made when they are asked for and kept until that changes. */

import {
  builtInKind,
  openApiDocument,
  openApiIndex,
  type OpenApiResource,
  type OpenApiSubresource,
} from "../../schema/mod.ts";
import type { JsonObject } from "../json.ts";
import type { GroupVersion, Registry } from "../registry/registry.ts";
import type { Resource, SubresourceType } from "../registry/resource.ts";

/** Makes the documents of a registry. */
export class OpenApiDocuments {
  readonly #registry: Registry;
  #generation = -1;
  #documents = new Map<string, JsonObject>();

  /** Keeps the registry. */
  constructor(registry: Registry) {
    this.#registry = registry;
  }

  /** `/openapi/v3`: which documents there are. */
  index(): JsonObject {
    const documents = new Map(
      this.#registry.groupVersions.filter(hasResources)
        .map((groupVersion) => [pathOf(groupVersion), this.#document(groupVersion)]),
    );
    return openApiIndex(documents);
  }

  /** `/openapi/v3/<path>`: the document of one group and version, such as `apis/apps/v1`; undefined if there is none. */
  document(path: string): JsonObject | undefined {
    const found = this.#registry.groupVersions.filter(hasResources)
      .find((groupVersion) => pathOf(groupVersion) === path);
    return found && this.#document(found);
  }

  #document(groupVersion: GroupVersion): JsonObject {
    if (this.#generation !== this.#registry.generation) {
      this.#generation = this.#registry.generation;
      this.#documents = new Map();
    }
    const path = pathOf(groupVersion);
    let document = this.#documents.get(path);
    if (!document) {
      const { group, version, resources } = groupVersion;
      document = openApiDocument(group, version, resources.map(openApiResource));
      this.#documents.set(path, document);
    }
    return document;
  }
}

function hasResources({ resources }: GroupVersion): boolean {
  return resources.length > 0;
}

function pathOf({ group, version }: GroupVersion): string {
  return group ? `apis/${group}/${version}` : `api/${version}`;
}

function openApiResource(resource: Resource): OpenApiResource {
  const { schema, plural, namespaced, verbs, subresources } = resource;
  return {
    kind: schema,
    plural,
    namespaced,
    verbs,
    subresources: subresources.map(openApiSubresource),
  };
}

function openApiSubresource({ name, verbs, kind }: SubresourceType): OpenApiSubresource {
  const schema = kind && builtInKind(kind.group, kind.version, kind.kind);
  return { name, verbs, ...(schema ? { kind: schema } : {}) };
}
