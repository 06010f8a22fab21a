/** An API server in memory, as far as the controller of networks needs one. */

import assert from "node:assert/strict";
import type { StatefulSet } from "kubernetes-types/apps/v1.d.ts";
import type { Pod } from "kubernetes-types/core/v1.d.ts";
import type { ManagedFieldsEntry } from "kubernetes-types/meta/v1.d.ts";
import {
  type FetchLike,
  KubeClient,
  type KubeObject,
  PODS,
  type ResourceType,
  SECRETS,
  STATEFUL_SETS,
  type Stored,
} from "../../lib/kube/mod.ts";
import { hashOf } from "../../lib/network/hash.ts";
import { replicasOf } from "../../lib/network/resize.ts";
import type { FakeClock } from "../support/fake_clock.ts";
import { failure, json } from "../support/scripted_server.ts";
import type { NodeModel } from "./_node_model.ts";

/** What came in. */
export interface SeenWrite {
  /** In short: `PATCH secrets/net-conf`. */
  readonly what: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly contentType: string;
}

interface Watcher {
  readonly path: string;
  readonly send: (event: object) => void;
}

type Json = Record<string, unknown>;

/** Objects by path, such as `/api/v1/namespaces/test/services/net-svc`. */
export class FakeCluster {
  /** Writes that were accepted. */
  readonly writes: SeenWrite[] = [];
  /** Requests, as `GET services/net-svc`. */
  readonly requests: string[] = [];
  /** Answers instead of the cluster's, by what was asked. */
  readonly refusals = new Map<string, () => Response>();
  /** To how many replicas an admission webhook of somebody's cuts what a scale asks for. */
  mostReplicas = Number.POSITIVE_INFINITY;
  /** A client of it. */
  readonly client: KubeClient;
  readonly #objects = new Map<string, Stored<KubeObject>>();
  readonly #watchers = new Set<Watcher>();
  #version = 100;

  /** An empty cluster. */
  constructor(clock: FakeClock) {
    const connection = { server: "http://fake", namespace: "test", description: "a fake" };
    const fetch: FetchLike = (url, init) => this.#serve(new URL(url), init);
    this.client = new KubeClient(connection, { clock, fetch });
  }

  /** Puts an object there, as a person or another controller would; completes its metadata. */
  put<T extends KubeObject>(type: ResourceType<T>, object: T): Stored<T> {
    const { name = "", namespace = "test", ...metadata } = object.metadata ?? {};
    const path = pathOf(type, namespace, name);
    const before = this.#objects.get(path);
    const kind = { apiVersion: apiVersionOf(type), kind: type.kind };
    const uid = metadata.uid ?? before?.metadata.uid ?? `uid-${++this.#version}`;
    const resourceVersion = String(++this.#version);
    const isResized = before && replicasOf(before) !== replicasOf(object);
    const stored = {
      ...object,
      ...kind,
      metadata: {
        ...metadata,
        ...(isResized && { managedFields: [entryOf("somebody")] }),
        name,
        namespace,
        uid,
        resourceVersion,
      },
    };
    this.#store(path, stored, before);
    return stored;
  }

  /** An object as it is; fails if it is not there. */
  get<T extends KubeObject>(type: ResourceType<T>, name: string): Stored<T> {
    const found = this.find(type, name);
    assert.ok(found, `there is a ${type.kind} '${name}'`);
    return found;
  }

  /** An object as it is, if it is there. */
  find<T extends KubeObject>(type: ResourceType<T>, name: string): Stored<T> | undefined {
    // as: what is stored under a type's path is of that type.
    return this.#objects.get(pathOf(type, "test", name)) as Stored<T> | undefined;
  }

  /** All objects of a type. */
  list<T extends KubeObject>(type: ResourceType<T>): Stored<T>[] {
    // as: see above.
    return this.#below(pathOf(type, "test", "")) as Stored<T>[];
  }

  /** Takes an object away. */
  remove<T extends KubeObject>(type: ResourceType<T>, name: string): void {
    const path = pathOf(type, "test", name);
    const object = this.#objects.get(path);
    this.#objects.delete(path);
    if (object) this.#tell(path, "DELETED", { ...object, ...this.#nextVersion(object) });
  }

  /** What the StatefulSet controller and the kubelet do: pods as they are wanted, Ready at once, and a status. */
  runPods(network: string, model: NodeModel): void {
    const set = this.get(STATEFUL_SETS, `${network}-sts`);
    const replicas = set.spec?.replicas ?? 0;
    const revision = hashOf({ template: set.spec?.template });
    for (const pod of this.list(PODS).filter((one) => isPodOf(one, set))) {
      const ordinal = Number(pod.metadata.name.split("-").at(-1));
      const isCurrent = pod.metadata.labels?.["controller-revision-hash"] === revision;
      if (ordinal < replicas && isCurrent) continue;
      this.remove(PODS, pod.metadata.name);
      model.stop(ordinal);
    }
    for (let ordinal = 0; ordinal < replicas; ordinal++) {
      if (!this.find(PODS, `${network}-sts-${ordinal}`)) {
        this.#startPod(network, set, ordinal, revision, model);
      }
    }
    const { generation: observedGeneration = 0 } = set.metadata;
    this.put(STATEFUL_SETS, {
      ...set,
      status: {
        replicas,
        observedGeneration,
        currentRevision: revision,
        updateRevision: revision,
        updatedReplicas: replicas,
      },
    });
  }

  #startPod(
    network: string,
    set: Stored<StatefulSet>,
    ordinal: number,
    revision: string,
    model: NodeModel,
  ): void {
    const conf = atob(this.find(SECRETS, `${network}-conf`)?.data?.["bitcoin.conf"] ?? "");
    model.mark = /^uacomment=(.*)$/m.exec(conf)?.[1] ?? "";
    model.start(ordinal);
    const template = set.spec?.template;
    const pod: Pod = {
      metadata: {
        name: `${set.metadata.name}-${ordinal}`,
        labels: { ...template?.metadata?.labels, "controller-revision-hash": revision },
        ownerReferences: [{
          apiVersion: "apps/v1",
          kind: "StatefulSet",
          name: set.metadata.name,
          uid: set.metadata.uid,
          controller: true,
        }],
      },
      status: {
        podIP: model.nodes.get(ordinal)?.ip ?? "",
        conditions: [{ type: "Ready", status: "True" }],
      },
    };
    this.put(PODS, pod);
  }

  async #serve(url: URL, init: RequestInit): Promise<Response> {
    const { method = "GET", signal } = init;
    signal?.throwIfAborted();
    const what = `${method} ${url.pathname.replace(/^.*\/namespaces\/[^/]+\//, "")}`;
    this.requests.push(what);
    const refusal = this.refusals.get(what);
    if (refusal) return refusal();
    if (url.searchParams.has("watch")) return this.#watch(url.pathname, signal);
    const body: Json = init.body ? JSON.parse(String(init.body)) : {};
    const contentType = new Headers(init.headers).get("content-type") ?? "";
    const write: SeenWrite = { what, body, contentType };
    await Promise.resolve();
    if (method === "PATCH") {
      return url.pathname.endsWith("/scale")
        ? this.#scale(url, body, write)
        : this.#patch(url.pathname, body, write);
    }
    if (method === "POST") return this.#create(url.pathname, body, write);
    const object = this.#objects.get(url.pathname);
    if (object) return json(object);
    if (!isCollection(url.pathname)) return failure(404, "NotFound");
    const resourceVersion = String(this.#version);
    return json({
      kind: "List",
      metadata: { resourceVersion },
      items: this.#below(`${url.pathname}/`),
    });
  }

  #create(collection: string, body: Json, write: SeenWrite): Response {
    if (!isCollection(collection)) {
      this.writes.push(write);
      return json(body, { status: 201 });
    }
    // as: the client sends whole objects.
    const { metadata } = body as KubeObject;
    const path = `${collection}/${metadata?.name}`;
    if (this.#objects.has(path)) return failure(409, "AlreadyExists");
    this.writes.push(write);
    const version = String(++this.#version);
    const stored = {
      ...body,
      metadata: { name: "", ...metadata, uid: `uid-${version}`, resourceVersion: version },
    };
    this.#store(path, stored, undefined);
    return json(stored, { status: 201 });
  }

  #patch(path: string, body: Json, write: SeenWrite): Response {
    const isStatus = path.endsWith("/status");
    const target = isStatus ? path.slice(0, -"/status".length) : path;
    const before = this.#objects.get(target);
    if (isStatus && !before) return failure(404, "NotFound");
    const { status, ...rest } = body;
    // as: the client sends whole objects.
    const { metadata: { resourceVersion: expected } = {} } = body as KubeObject;
    if (before && expected && expected !== before.metadata.resourceVersion) {
      return failure(409, "Conflict");
    }
    // as: the merge of an object and a patch of it is such an object.
    const merged = (isStatus ? { ...before, status } : merge(before ?? {}, rest)) as
      & Stored<KubeObject>
      & Json;
    const specBefore = before && "spec" in before ? before.spec : undefined;
    this.writes.push(write);
    if (before && hashOf(before) === hashOf(merged)) return json(before);
    const { generation = 0 } = merged.metadata;
    const isResized = !isStatus && replicasOf(merged) !== undefined;
    const metadata = {
      ...merged.metadata,
      ...(isResized && { managedFields: [entryOf("bitcoin-controller")] }),
      ...(!before && { uid: `uid-${++this.#version}` }),
      generation: hashOf({ spec: specBefore }) === hashOf({ spec: merged["spec"] })
        ? generation
        : generation + 1,
      resourceVersion: String(++this.#version),
    };
    const stored = { ...merged, metadata };
    this.#store(target, stored, before);
    return json(stored);
  }

  #scale({ pathname, searchParams }: URL, body: Json, write: SeenWrite): Response {
    const target = pathname.slice(0, -"/scale".length);
    const before = this.#objects.get(target);
    if (!before) return failure(404, "NotFound");
    // as: the client sends a patch of a scale.
    const { metadata: { uid } = {}, spec } = body as StatefulSet;
    if (uid !== undefined && uid !== before.metadata.uid) return failure(409, "Conflict");
    const manager = searchParams.get("fieldManager") ?? "unknown";
    this.writes.push(write);
    const replicas = Math.min(spec?.replicas ?? 0, this.mostReplicas);
    const after = replicas === replicasOf(before)
      ? before
      : this.#resized(target, before, replicas, manager);
    const { name, resourceVersion } = after.metadata;
    const scale = replicas === 0 ? {} : { replicas };
    return json({ kind: "Scale", metadata: { name, uid, resourceVersion }, spec: scale });
  }

  #resized(
    path: string,
    before: Stored<KubeObject>,
    replicas: number,
    manager: string,
  ): Stored<KubeObject> {
    // as: the merge of an object and a patch of it is such an object.
    const merged = merge(before, { spec: { replicas } }) as Stored<KubeObject>;
    const { generation = 0, ...metadata } = before.metadata;
    const after = {
      ...merged,
      metadata: {
        ...metadata,
        generation: generation + 1,
        resourceVersion: String(++this.#version),
        managedFields: [entryOf(manager)],
      },
    };
    this.#store(path, after, before);
    return after;
  }

  #store(path: string, object: Stored<KubeObject>, before: KubeObject | undefined): void {
    this.#objects.set(path, object);
    this.#tell(path, before ? "MODIFIED" : "ADDED", object);
  }

  #watch(path: string, signal: AbortSignal | null | undefined): Response {
    const encoder = new TextEncoder();
    const watchers = this.#watchers;
    const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
      start(controller) {
        const send = (event: object): void =>
          controller.enqueue(encoder.encode(`${JSON.stringify(event)}\n`));
        const watcher: Watcher = { path, send };
        watchers.add(watcher);
        signal?.addEventListener("abort", () => watchers.delete(watcher), { once: true });
      },
      cancel() {
        for (const watcher of watchers) if (watcher.path === path) watchers.delete(watcher);
      },
    });
    return new Response(body, { headers: { "content-type": "application/json" } });
  }

  #tell(path: string, type: string, object: object): void {
    for (const watcher of this.#watchers) {
      if (isBelow(path, watcher.path)) watcher.send({ type, object });
    }
  }

  #below(path: string): Stored<KubeObject>[] {
    const folder = path.slice(0, -1);
    return [...this.#objects].filter(([key]) => isBelow(key, folder)).map(([, object]) => object);
  }

  #nextVersion({ metadata }: Stored<KubeObject>): Pick<Stored<KubeObject>, "metadata"> {
    return { metadata: { ...metadata, resourceVersion: String(++this.#version) } };
  }
}

function apiVersionOf({ group, version }: ResourceType<KubeObject>): string {
  return group ? `${group}/${version}` : version;
}

function pathOf(type: ResourceType<KubeObject>, namespace: string, name: string): string {
  const root = type.group ? `/apis/${apiVersionOf(type)}` : `/api/${type.version}`;
  return `${root}/namespaces/${namespace}/${type.plural}/${name}`;
}

/** Whether a path is that of an object in a collection, within one namespace or across all of them. */
function isBelow(path: string, collection: string): boolean {
  return path.startsWith(`${collection}/`) ||
    path.replace(/\/namespaces\/[^/]+\//, "/").startsWith(`${collection}/`);
}

function isCollection(path: string): boolean {
  return /\/(bitcoinnetworks|services|statefulsets|pods|secrets|events)$/.test(path);
}

/** Field management, of the one field by which the controller tells its own changes from those of others. */
function entryOf(manager: string): ManagedFieldsEntry {
  return { manager, fieldsV1: { "f:spec": { "f:replicas": {} } } };
}

function isPodOf(pod: Pod, set: Stored<StatefulSet>): boolean {
  return pod.metadata?.ownerReferences?.[0]?.uid === set.metadata.uid;
}

/** The fields of `patch` over those of `base`; lists and selectors as a whole. */
function merge(base: unknown, patch: unknown): unknown {
  if (!isObject(patch) || !isObject(base)) return patch;
  const merged: Json = { ...base };
  for (const [key, value] of Object.entries(patch)) {
    merged[key] = key === "selector" ? value : merge(base[key], value);
  }
  return merged;
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
