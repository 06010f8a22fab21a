/** Makes a StatefulSet the controller of objects, or no longer: the effects of `stateful_set_claims.ts`. */

import type { StatefulSet } from "kubernetes-types/apps/v1.d.ts";

import {
  type KubeClient,
  type KubeObject,
  type ResourceHandle,
  type ResourceType,
  STATEFUL_SETS,
  type Stored,
} from "../../kube/mod.ts";
import { unlessOvertaken } from "./_overtaken.ts";
import type { Claims } from "./stateful_set_claims.ts";
import { controllerReference } from "./stateful_set_pod.ts";

/** Adopts and releases objects of one kind; whether there was anything to do, so that news of it will come. */
export async function settleClaims<T extends KubeObject>(
  client: KubeClient,
  { type, set, claims: { adopt, release } }: {
    readonly type: ResourceType<T>;
    readonly set: Stored<StatefulSet>;
    readonly claims: Claims<T>;
  },
  signal: AbortSignal,
): Promise<boolean> {
  const handle = client.resource(type, set.metadata.namespace);
  if (adopt.length + release.length === 0) return false;
  // Memory may show a set that was deleted and whose pods were orphaned on purpose: they must stay free.
  const mayAdopt = adopt.length > 0 && await stillThere(client, set, signal);
  const adopted = mayAdopt ? adopt : [];
  await Promise.all([
    ...adopted.map((object) => {
      const owners = [...object.metadata.ownerReferences ?? [], controllerReference(set)];
      return setOwners(handle, object, owners, signal);
    }),
    ...release.map((object) => {
      const owners = object.metadata.ownerReferences?.filter(({ uid }) => uid !== set.metadata.uid);
      return setOwners(handle, object, owners ?? [], signal);
    }),
  ]);
  return true;
}

async function stillThere(
  client: KubeClient,
  set: Stored<StatefulSet>,
  signal: AbortSignal,
): Promise<boolean> {
  const { name, namespace, uid } = set.metadata;
  const found = await client.resource(STATEFUL_SETS, namespace).find(name, { signal });
  return found?.metadata.uid === uid && !found.metadata.deletionTimestamp;
}

async function setOwners<T extends KubeObject>(
  handle: ResourceHandle<T>,
  { metadata: { name, uid, resourceVersion } }: Stored<T>,
  ownerReferences: readonly unknown[],
  signal: AbortSignal,
): Promise<void> {
  const patch = { metadata: { uid, resourceVersion, ownerReferences } };
  await unlessOvertaken(handle.mergePatch(name, patch, { signal }));
}
