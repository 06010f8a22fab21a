/** What becomes of CustomResourceDefinitions: their names are accepted, their resources served, and removed with them. */

import { type Clock, rfc3339 } from "../../time/mod.ts";
import { updateManagedFields } from "../schema/mod.ts";
import { asArray, asObject, type Json, type JsonObject, sameJson, valueAt } from "./json.ts";
import { type ApiObject, asApiObject, storageKey, withMetadata } from "./object.ts";
import { customCollection } from "./registry/custom.ts";
import type { Registry } from "./registry/registry.ts";
import { DEFINITIONS, type Resource } from "./registry/resource.ts";
import type { Collection } from "./storage/collection.ts";
import type { Storage } from "./storage/storage.ts";

/** Holds a CRD until its objects are gone (`CustomResourceCleanupFinalizer`). */
const CLEANUP_FINALIZER = "customresourcecleanup.apiextensions.k8s.io";

/** Who writes the status of CRDs. */
const MANAGER = "kube-apiserver";

/** What a {@linkcode CustomDefinitions} works on. */
export interface CustomDefinitionsOptions {
  /** All objects. */
  readonly storage: Storage;
  /** What is served. */
  readonly registry: Registry;
  /** Time source. */
  readonly clock: Clock;
  /** Ends the watches of a collection that is served in another way from now on, or not at all. */
  readonly endWatches: (collection: string) => void;
}

/** Does at once, within the request, what the controllers of a real API server do a moment later. */
export class CustomDefinitions {
  readonly #options: CustomDefinitionsOptions;
  readonly #served = new Map<string, Json>();

  /** Keeps its parts. */
  constructor(options: CustomDefinitionsOptions) {
    this.#options = options;
  }

  /** To be called after each write of an object: a new or changed CRD takes effect. */
  written(resource: Resource, object: ApiObject): void {
    if (resource.collection !== DEFINITIONS || object.metadata.deletionTimestamp) return;
    const { registry, endWatches } = this.#options;
    const { name = "" } = object.metadata;
    const spec = object.spec ?? {};
    if (sameJson(this.#served.get(name), spec)) return;
    const accepted = this.#acceptNames(object);
    this.#served.set(name, spec);
    registry.serve(accepted);
    endWatches(customCollection(accepted));
  }

  /** To be called after each removal of an object: a CRD that waited for its last object goes. */
  removed(resource: Resource): void {
    if (!resource.schema.custom) return;
    const name = `${resource.plural}.${resource.group}`;
    const crd = this.#definitions.get(name);
    if (crd?.metadata.deletionTimestamp) this.#finish(crd);
  }

  /** Begins the deletion of a CRD and returns it as it is then; its objects are deleted, and it goes with the last of them. */
  terminate(crd: ApiObject): ApiObject {
    const { clock } = this.#options;
    if (crd.metadata.deletionTimestamp) return crd;
    const time = rfc3339(clock.now());
    const { finalizers = [] } = crd.metadata;
    const marked = this.#definitions.put(crd.metadata.name ?? "", {
      ...withMetadata(crd, {
        deletionTimestamp: time,
        finalizers: [...finalizers, CLEANUP_FINALIZER],
      }),
      status: withCondition(asObject(crd.status), {
        type: "Terminating",
        status: "True",
        lastTransitionTime: time,
        reason: "InstanceDeletionPending",
        message:
          "CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon",
      }),
    });
    this.#deleteObjects(marked, time);
    this.#finish(marked);
    return marked;
  }

  get #definitions(): Collection {
    return this.#options.storage.collection(DEFINITIONS);
  }

  #deleteObjects(crd: ApiObject, time: string): void {
    const collection = this.#options.storage.collection(customCollection(crd));
    for (const object of collection.list()) {
      const { namespace, name = "", finalizers = [], deletionTimestamp } = object.metadata;
      const key = storageKey(namespace, name);
      if (finalizers.length === 0) collection.remove(key);
      else if (!deletionTimestamp) {
        collection.put(
          key,
          withMetadata(object, { deletionTimestamp: time, deletionGracePeriodSeconds: 0 }),
        );
      }
    }
  }

  /** Removes a CRD, unless it or one of its objects is held by a finalizer. */
  #finish(crd: ApiObject): void {
    const { storage, registry, endWatches } = this.#options;
    const collection = customCollection(crd);
    if (storage.collection(collection).size > 0) return;
    const { name = "", finalizers = [] } = crd.metadata;
    this.#served.delete(name);
    registry.withdraw(name);
    endWatches(collection);
    storage.drop(collection);
    const others = finalizers.filter((finalizer) => finalizer !== CLEANUP_FINALIZER);
    if (others.length === 0) this.#definitions.remove(name);
    else this.#definitions.put(name, withMetadata(crd, { finalizers: others }));
  }

  #acceptNames(crd: ApiObject): ApiObject {
    const { clock } = this.#options;
    const names = asObject(valueAt(crd, "spec", "names"));
    const before = asObject(crd.status);
    if (sameJson(before.acceptedNames, names)) return crd;
    const time = rfc3339(clock.now());
    const accepted = withCondition(
      withCondition({ ...before, acceptedNames: names }, {
        type: "NamesAccepted",
        status: "True",
        lastTransitionTime: time,
        reason: "NoConflicts",
        message: "no conflicts found",
      }),
      {
        type: "Established",
        status: "True",
        lastTransitionTime: time,
        reason: "InitialNamesAccepted",
        message: "the initial names have been accepted",
      },
    );
    const next = { ...crd, status: accepted };
    const by = { manager: MANAGER, subresource: "status", time };
    const owned = updateManagedFields(this.#options.registry.definitions.schema, next, crd, by);
    return this.#definitions.put(crd.metadata.name ?? "", asApiObject(owned));
  }
}

/** Sets a condition; one that says the same already keeps its time. */
function withCondition(status: JsonObject, condition: JsonObject): JsonObject {
  const conditions = asArray(status.conditions).map(asObject);
  const old = conditions.find(({ type }) => type === condition.type);
  if (old?.status === condition.status) return status;
  const next: readonly Json[] = old
    ? conditions.map((known) => known === old ? condition : known)
    : [...conditions, condition];
  return { ...status, conditions: next };
}
