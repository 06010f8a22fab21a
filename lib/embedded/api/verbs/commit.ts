/** The last step of every write: the collection changes, and what depends on it follows. */

import { type Call, collectionOf } from "../call.ts";
import { type ApiObject, storageKey } from "../object.ts";
import { fromStored, toStored } from "../registry/resource.ts";

/** Stores an object of the call's version, and returns it as it is then; a dry run returns it as it would be. */
export function store(call: Call, object: ApiObject, dryRun: boolean): ApiObject {
  if (dryRun) return object;
  const { namespace, name = "" } = object.metadata;
  const stored = collectionOf(call).put(
    storageKey(namespace, name),
    toStored(call.resource, object),
  );
  call.state.definitions.written(call.resource, stored);
  return fromStored(call.resource, stored);
}

/** Removes an object, and returns it with the revision of its removal; a dry run returns it as it is. */
export function remove(call: Call, object: ApiObject, dryRun: boolean): ApiObject {
  const { namespace, name = "" } = object.metadata;
  if (dryRun) return object;
  const removed = collectionOf(call).remove(storageKey(namespace, name)) ?? object;
  call.state.definitions.removed(call.resource);
  return fromStored(call.resource, removed);
}
