/** Which kinds an API server has, asked of the server itself. */

import type { APIGroupList, APIResourceList } from "kubernetes-types/meta/v1.d.ts";

import { ifFound, type KubeClient, type KubeObject, type ResourceType } from "../../kube/mod.ts";

/** A kind and what can be done with its objects. */
export interface DiscoveredKind {
  /** Where its objects are, in the version that the server prefers. */
  readonly type: ResourceType<KubeObject>;
  /** Verbs such as `list` and `deletecollection`. */
  readonly verbs: ReadonlySet<string>;
}

/**
 * All kinds in their preferred versions, without subresources.
 *
 * @throws {ApiError} if the server refuses to tell
 * @throws {TransportError} if it does not answer
 */
export async function discoverKinds(
  client: KubeClient,
  signal: AbortSignal,
): Promise<readonly DiscoveredKind[]> {
  // `request` returns what the path answers with, and these three paths answer with these documents.
  const groups = await client.request({ path: "/apis", signal }) as APIGroupList;
  const paths = groups.groups.flatMap(({ preferredVersion, versions }) => {
    const preferred = preferredVersion ?? versions[0];
    return preferred ? [`/apis/${preferred.groupVersion}`] : [];
  });
  const lists = await Promise.all(["/api/v1", ...paths].map(async (path) =>
    // The last kind of a group may be removed in between.
    await ifFound(client.request({ path, signal })) as APIResourceList | undefined
  ));
  return lists.flatMap((list) => list ? parseResourceList(list) : []);
}

/** The kinds of one group and version. */
export function parseResourceList(list: APIResourceList): readonly DiscoveredKind[] {
  const [version = "", group = ""] = list.groupVersion.split("/").reverse();
  return list.resources.filter(({ name }) => !name.includes("/"))
    .map(({ kind, name, namespaced, verbs }) => ({
      type: { group, version, kind, plural: name, namespaced },
      verbs: new Set(verbs),
    }));
}
