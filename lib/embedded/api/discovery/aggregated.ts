/** Discovery in its new form: everything in one document, `apidiscovery.k8s.io/v2`. */

import type { JsonObject } from "../json.ts";
import { type MediaType, parseMediaTypes } from "../negotiation.ts";
import type { GroupVersion } from "../registry/registry.ts";
import type { Resource, SubresourceType } from "../registry/resource.ts";

/** Media type of the document. */
export const AGGREGATED_TYPE =
  "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

/** Whether a client prefers the new form to the old one. */
export function wantsAggregated(accept: string | null): boolean {
  for (const { type, parameters } of parseMediaTypes(accept)) {
    if (type === "application/json" && parameters.as === undefined) return false;
    if (isAggregated({ type, parameters })) return true;
  }
  return false;
}

function isAggregated({ type, parameters: { as, g, v } }: MediaType): boolean {
  return type === "application/json" && as === "APIGroupDiscoveryList" &&
    g === "apidiscovery.k8s.io" && v === "v2";
}

/** The groups and versions in one document; those of the core group are a group without a name. */
export function aggregatedDiscovery(groupVersions: readonly GroupVersion[]): JsonObject {
  const names = [...new Set(groupVersions.map(({ group }) => group))];
  return {
    kind: "APIGroupDiscoveryList",
    apiVersion: "apidiscovery.k8s.io/v2",
    metadata: {},
    items: names.map((name) => ({
      metadata: name ? { name } : {},
      versions: groupVersions.filter(({ group }) => group === name).map(versionEntry),
    })),
  };
}

function versionEntry({ version, resources, reviews }: GroupVersion): JsonObject {
  return {
    version,
    resources: [
      ...resources.map(resourceEntry),
      ...reviews.map(({ plural, singular, namespaced, kind }) => ({
        resource: plural,
        responseKind: { group: "", version: "", kind },
        scope: scopeOf(namespaced),
        singularResource: singular,
        verbs: ["create"],
      })),
    ],
    freshness: "Current",
  };
}

function resourceEntry(resource: Resource): JsonObject {
  const { plural, singular, namespaced, verbs, shortNames, categories, subresources } = resource;
  return {
    resource: plural,
    responseKind: responseKind(resource),
    scope: scopeOf(namespaced),
    singularResource: singular,
    verbs,
    ...(shortNames.length > 0 ? { shortNames } : {}),
    ...(categories.length > 0 ? { categories } : {}),
    ...(subresources.length > 0
      ? { subresources: subresources.map((subresource) => subresourceEntry(resource, subresource)) }
      : {}),
  };
}

function subresourceEntry(resource: Resource, { name, verbs, kind }: SubresourceType): JsonObject {
  const isOwn = kind === undefined || kind.group === resource.group;
  return {
    subresource: name,
    responseKind: isOwn
      ? responseKind({ ...resource, kind: kind?.kind ?? resource.kind })
      : { ...kind },
    verbs,
  };
}

/** Built-in resources leave out the group and version that they share with the entry around them. */
function responseKind({ group, version, kind, schema }: Resource): JsonObject {
  return schema.custom ? { group, version, kind } : { group: "", version: "", kind };
}

function scopeOf(namespaced: boolean): string {
  return namespaced ? "Namespaced" : "Cluster";
}
