/** Discovery in its old form: one document for each group and version. */

import { createHash } from "node:crypto";

import type { Json, JsonObject } from "../json.ts";
import type { GroupVersion } from "../registry/registry.ts";
import { apiVersionOf, type Resource, type SubresourceType } from "../registry/resource.ts";

/** `/api`: the versions of the core group. */
export function apiVersions(serverAddress: string): JsonObject {
  return {
    kind: "APIVersions",
    versions: ["v1"],
    serverAddressByClientCIDRs: [{ clientCIDR: "0.0.0.0/0", serverAddress }],
  };
}

/** `/apis`: all groups but the core group. */
export function groupList(groupVersions: readonly GroupVersion[]): JsonObject {
  const names = [...new Set(groupVersions.map(({ group }) => group))].filter(Boolean);
  return {
    kind: "APIGroupList",
    apiVersion: "v1",
    groups: names.map((name) => groupBody(name, groupVersions)),
  };
}

/** `/apis/<group>`: the versions of one group; undefined if there is no such group. */
export function groupDocument(
  name: string,
  groupVersions: readonly GroupVersion[],
): JsonObject | undefined {
  if (!groupVersions.some(({ group }) => group === name)) return undefined;
  return { kind: "APIGroup", apiVersion: "v1", ...groupBody(name, groupVersions) };
}

function groupBody(name: string, groupVersions: readonly GroupVersion[]): JsonObject {
  const versions = groupVersions.filter(({ group }) => group === name)
    .map(({ version }) => ({ groupVersion: `${name}/${version}`, version }));
  return { name, versions, preferredVersion: versions[0] };
}

/** `/api/v1` and `/apis/<group>/<version>`: the resources of one version. */
export function resourceList(groupVersion: GroupVersion): JsonObject {
  const { resources, reviews } = groupVersion;
  return {
    kind: "APIResourceList",
    ...(groupVersion.group ? { apiVersion: "v1" } : {}),
    groupVersion: apiVersionOf(groupVersion),
    resources: [
      ...resources.flatMap(resourceEntries),
      ...reviews.map(({ plural, singular, namespaced, kind }) => ({
        name: plural,
        singularName: singular,
        namespaced,
        kind,
        verbs: ["create"],
      })),
    ],
  };
}

function resourceEntries(resource: Resource): readonly JsonObject[] {
  const { plural, singular, namespaced, kind, verbs, shortNames, categories } = resource;
  return [
    {
      name: plural,
      singularName: singular,
      namespaced,
      kind,
      verbs,
      ...(shortNames.length > 0 ? { shortNames } : {}),
      ...(categories.length > 0 ? { categories } : {}),
      storageVersionHash: storageVersionHash(resource),
    },
    ...resource.subresources.map((subresource) => subresourceEntry(resource, subresource)),
  ];
}

function subresourceEntry(resource: Resource, subresource: SubresourceType): JsonObject {
  const { kind = resource.kind, ...other } = subresource.kind ?? {};
  const isForeign = subresource.kind !== undefined && subresource.kind.group !== resource.group;
  const type: Readonly<Record<string, Json>> = isForeign ? other : {};
  return {
    name: `${resource.plural}/${subresource.name}`,
    singularName: "",
    namespaced: resource.namespaced,
    ...type,
    kind,
    verbs: subresource.verbs,
  };
}

/** `StorageVersionHash` of `k8s.io/apiserver/pkg/endpoints/discovery`. */
function storageVersionHash({ group, version, kind }: Resource): string {
  const hash = createHash("sha256").update(`${group}/${version}/${kind}`).digest();
  return hash.subarray(0, 8).toString("base64");
}
