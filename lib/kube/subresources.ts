/** The `status` and `scale` subresources of a kind. */

import type { Scale } from "kubernetes-types/autoscaling/v1.d.ts";

import { APPLY_PATCH, identified, JSON_PATCH, MERGE_PATCH, send, type Target } from "./_call.ts";
import type { KubeObject, Stored } from "./object.ts";
import type { ApplyOptions, CallOptions, JsonPatchOperation, WriteOptions } from "./options.ts";
import type { Requester } from "./request.ts";
import type { ResourceType } from "./resource.ts";

const STATUS = { subresource: "status" } as const;
const SCALE = { subresource: "scale" } as const;

/** Writes the status of objects and nothing else of them; errors as for `ResourceHandle`. */
export class StatusHandle<T extends KubeObject> {
  readonly #target: Target;
  readonly #type: ResourceType<T>;

  /** Use `ResourceHandle.status`. */
  constructor(api: Requester, type: ResourceType<T>, namespace?: string) {
    this.#target = { api, type, namespace };
    this.#type = type;
  }

  /** Reads one object, whole. */
  async get(name: string, options: CallOptions = {}): Promise<Stored<T>> {
    return await send(this.#target, "GET", { ...STATUS, name, options });
  }

  /** Replaces the status; with `resourceVersion` set, only if nobody else has changed the object. */
  async update(object: T, options: WriteOptions = {}): Promise<Stored<T>> {
    const body = identified(this.#type, object);
    const name = object.metadata?.name;
    return await send(this.#target, "PUT", { ...STATUS, name, object, options, body });
  }

  /** Server-side apply of the status; use a field manager of its own. */
  async apply(object: T, options: ApplyOptions): Promise<Stored<T>> {
    return await send(this.#target, "PATCH", {
      ...STATUS,
      name: object.metadata?.name,
      object,
      options,
      query: { force: options.force ?? true },
      body: identified(this.#type, object),
      contentType: APPLY_PATCH,
    });
  }

  /** Merges `patch`, which is `{status: …}`, into an object. */
  async mergePatch(name: string, patch: unknown, options: WriteOptions = {}): Promise<Stored<T>> {
    const call = { ...STATUS, name, options, body: patch, contentType: MERGE_PATCH };
    return await send(this.#target, "PATCH", call);
  }

  /** Applies the operations, whose paths begin with `/status`, in order, or none of them. */
  async jsonPatch(
    name: string,
    operations: readonly JsonPatchOperation[],
    options: WriteOptions = {},
  ): Promise<Stored<T>> {
    const call = { ...STATUS, name, options, body: operations, contentType: JSON_PATCH };
    return await send(this.#target, "PATCH", call);
  }
}

/** Reads and writes how many replicas an object wants; errors as for `ResourceHandle`. */
export class ScaleHandle {
  readonly #target: Target;

  /** Use `ResourceHandle.scale`. */
  constructor(api: Requester, type: ResourceType<KubeObject>, namespace?: string) {
    this.#target = { api, type, namespace };
  }

  /** Reads how many replicas are wanted and how many there are. */
  async get(name: string, options: CallOptions = {}): Promise<Stored<Scale>> {
    return await send(this.#target, "GET", { ...SCALE, name, options });
  }

  /** Sets how many replicas are wanted, whatever the number was before. */
  async update(name: string, replicas: number, options: WriteOptions = {}): Promise<Stored<Scale>> {
    const { namespace } = this.#target;
    const metadata = { name, ...(namespace && { namespace }) };
    const body = { apiVersion: "autoscaling/v1", kind: "Scale", metadata, spec: { replicas } };
    return await send(this.#target, "PUT", { ...SCALE, name, options, body });
  }

  /** Merges `patch`, which is `{spec: {replicas}}`, into the scale; with `metadata.uid`, only of that very object. */
  async mergePatch(
    name: string,
    patch: unknown,
    options: WriteOptions = {},
  ): Promise<Stored<Scale>> {
    const call = { ...SCALE, name, options, body: patch, contentType: MERGE_PATCH };
    return await send(this.#target, "PATCH", call);
  }
}
