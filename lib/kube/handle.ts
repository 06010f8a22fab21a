/** The calls for one kind of object, within one namespace or across all of them. */

import { APPLY_PATCH, identified, JSON_PATCH, MERGE_PATCH, send, type Target } from "./_call.ts";
import { listAllPages } from "./_list.ts";
import { readWatch } from "./_watch.ts";
import { ifFound } from "./found.ts";
import type { KubeObject, Stored } from "./object.ts";
import type {
  ApplyOptions,
  CallOptions,
  DeleteOptions,
  JsonPatchOperation,
  ListOptions,
  ObjectList,
  WatchEvent,
  WatchOptions,
  WriteOptions,
} from "./options.ts";
import type { Requester } from "./request.ts";
import type { ResourceType } from "./resource.ts";
import { ScaleHandle, StatusHandle } from "./subresources.ts";

/**
 * A version that no object has: etcd's first write makes version 2. kube-apiserver compares it with that of the object
 * that is there, and takes no notice of it when there is none (`registry/generic/registry/store.go`).
 */
const NO_VERSION = "1";

/**
 * Reads and writes the objects of one kind.
 *
 * Every call throws an `ApiError` when the server refuses, a `TransportError` when there is no answer, the signal's
 * reason when it is aborted, and a `TypeError` when a namespaced object's namespace is known neither from the handle
 * nor from the object that is written.
 */
export class ResourceHandle<T extends KubeObject> {
  /** The kind. */
  readonly type: ResourceType<T>;
  /** The namespace; undefined for all of them and for cluster-scoped kinds. */
  readonly namespace: string | undefined;
  readonly #target: Target;

  /** Use `KubeClient.resource`. */
  constructor(api: Requester, type: ResourceType<T>, namespace?: string) {
    this.type = type;
    this.namespace = namespace;
    this.#target = { api, type, namespace };
  }

  /** The same kind within one namespace. */
  in(namespace: string): ResourceHandle<T> {
    return new ResourceHandle(this.#target.api, this.type, namespace);
  }

  /** The `status` subresource. */
  get status(): StatusHandle<T> {
    return new StatusHandle(this.#target.api, this.type, this.namespace);
  }

  /** The `scale` subresource. */
  get scale(): ScaleHandle {
    return new ScaleHandle(this.#target.api, this.type, this.namespace);
  }

  /** Reads one object. */
  async get(name: string, options: CallOptions = {}): Promise<Stored<T>> {
    return await send(this.#target, "GET", { name, options });
  }

  /** Reads one object; `undefined` if there is none of this name. */
  async find(name: string, options: CallOptions = {}): Promise<Stored<T> | undefined> {
    return await ifFound(this.get(name, options));
  }

  /** Lists all objects that match, page by page. */
  async list(options: ListOptions<T> = {}): Promise<ObjectList<T>> {
    return await listAllPages(this.#target.api, this.type, this.namespace, options);
  }

  /**
   * Follows changes after a resource version, once: it ends when the server ends it, and whoever iterates starts the
   * next one. Bookmarks are asked for. An ERROR event is thrown as an `ApiError`.
   */
  watch(options: WatchOptions): AsyncGenerator<WatchEvent<T>, void, undefined> {
    return readWatch(this.#target.api, this.type, this.namespace, options);
  }

  /** Creates an object. */
  async create(object: T, options: WriteOptions = {}): Promise<Stored<T>> {
    const body = identified(this.type, object);
    return await send(this.#target, "POST", { object, options, body });
  }

  /** Replaces an object; with its `resourceVersion` set, only if nobody else has changed it. */
  async update(object: T, options: WriteOptions = {}): Promise<Stored<T>> {
    const body = identified(this.type, object);
    const name = object.metadata?.name;
    return await send(this.#target, "PUT", { name, object, options, body });
  }

  /** Server-side apply: `object` holds the fields we mean and no others, and becomes ours in them. */
  async apply(object: T, options: ApplyOptions): Promise<Stored<T>> {
    const { force = true, ifAbsent = false } = options;
    const resourceVersion = NO_VERSION;
    const metadata = ifAbsent ? { ...object.metadata, resourceVersion } : object.metadata;
    return await send(this.#target, "PATCH", {
      name: object.metadata?.name,
      object,
      options,
      query: { force },
      body: { ...identified(this.type, object), metadata },
      contentType: APPLY_PATCH,
    });
  }

  /** Merges `patch` into an object; null removes a field, a list replaces the list. */
  async mergePatch(name: string, patch: unknown, options: WriteOptions = {}): Promise<Stored<T>> {
    const call = { name, options, body: patch, contentType: MERGE_PATCH };
    return await send(this.#target, "PATCH", call);
  }

  /** Applies the operations in order, or none of them. */
  async jsonPatch(
    name: string,
    operations: readonly JsonPatchOperation[],
    options: WriteOptions = {},
  ): Promise<Stored<T>> {
    const call = { name, options, body: operations, contentType: JSON_PATCH };
    return await send(this.#target, "PATCH", call);
  }

  /** Deletes an object, or starts its deletion when finalizers or a grace period hold it. */
  async delete(name: string, options: DeleteOptions = {}): Promise<void> {
    const { propagationPolicy, gracePeriodSeconds, uid, resourceVersion } = options;
    const preconditions = uid || resourceVersion ? { uid, resourceVersion } : undefined;
    const wishes = { propagationPolicy, gracePeriodSeconds, preconditions };
    const body = Object.values(wishes).some((wish) => wish !== undefined)
      ? { apiVersion: "v1", kind: "DeleteOptions", ...wishes }
      : undefined;
    await send(this.#target, "DELETE", { name, options, body });
  }
}
