/** As much of an API server as a kubelet needs, in memory and without sockets, so that it works in virtual time. */

import type { FetchLike, KubeObject, Stored } from "../../../lib/kube/mod.ts";

type JsonObject = Record<string, unknown>;
type Entity = Stored<KubeObject> & { spec?: { nodeName?: string } };

/** One request that changes something. */
export interface WriteRecord {
  readonly method: string;
  readonly path: string;
  readonly body: JsonObject;
}

interface Change {
  readonly type: string;
  readonly path: string;
  readonly object: Entity;
}

interface Watcher {
  readonly collection: string;
  readonly node: string | undefined;
  readonly stream: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>>;
}

/** Objects by path, such as `/api/v1/namespaces/ns/pods/p`. */
export class FakeApi {
  /** All requests that changed something, in order. */
  readonly writes: WriteRecord[] = [];
  /** Answers a request instead of the server; undefined lets it through. */
  intercept: (method: string, path: string) => Response | undefined = () => undefined;
  readonly #objects = new Map<string, Entity>();
  readonly #watchers = new Set<Watcher>();
  /** What watches from an earlier version catch up on. */
  readonly #history: Change[] = [];
  #version = 100;

  /** Sends a request; give this to a client as its `fetch`. */
  readonly fetch: FetchLike = async (url, init) => {
    await Promise.resolve();
    init.signal?.throwIfAborted();
    const { pathname, searchParams } = new URL(url);
    const method = init.method ?? "GET";
    const intercepted = this.intercept(method, pathname);
    if (intercepted) return intercepted;
    if (method === "GET" && searchParams.get("watch")) {
      return this.#watch(pathname, searchParams, init.signal ?? undefined);
    }
    if (method === "GET") return this.#read(pathname, searchParams);
    const body: JsonObject = JSON.parse(String(init.body ?? "{}"));
    this.writes.push({ method, path: pathname, body });
    return this.#write(method, pathname, body);
  };

  /** The object of a path, read as `T` by the test that put it there. */
  get<T extends KubeObject>(path: string): Stored<T> | undefined {
    return this.#objects.get(path) as Stored<T> | undefined;
  }

  /** Stores an object as if somebody else had written it. */
  put<T extends KubeObject>(path: string, object: T): void {
    const known = this.#objects.get(path);
    const parts = path.split("/");
    const namespace = parts.includes("namespaces") ? parts.at(-3) : undefined;
    const metadata = {
      uid: crypto.randomUUID(),
      ...known?.metadata,
      ...object.metadata,
      name: parts.at(-1) ?? "",
      ...(namespace && { namespace }),
      resourceVersion: `${++this.#version}`,
    };
    const stored: Entity = { ...object, metadata };
    this.#objects.set(path, stored);
    this.#notify(known ? "MODIFIED" : "ADDED", path, stored);
  }

  /** Removes an object as if somebody else had done it. */
  remove(path: string): void {
    const known = this.#objects.get(path);
    if (!known) return;
    this.#objects.delete(path);
    const metadata = { ...known.metadata, resourceVersion: `${++this.#version}` };
    this.#notify("DELETED", path, { ...known, metadata });
  }

  #read(path: string, query: URLSearchParams): Response {
    const object = this.#objects.get(path);
    if (object) return Response.json(object);
    if (!/\/(pods|nodes|leases)$/.test(path)) return failure(404, "NotFound");
    const items = [...this.#objects].filter(([key]) => isIn(key, path))
      .map(([, item]) => item).filter((item) => isOn(item, nodeOf(query)));
    return Response.json({ metadata: { resourceVersion: `${this.#version}` }, items });
  }

  #write(method: string, path: string, body: JsonObject): Response {
    if (method === "POST") {
      // What a client creates has metadata; it is not checked here.
      const { name = "generated" } = (body.metadata ?? {}) as { name?: string };
      if (this.#objects.has(`${path}/${name}`)) return failure(409, "AlreadyExists");
      this.put(`${path}/${name}`, body);
      return Response.json(this.#objects.get(`${path}/${name}`), { status: 201 });
    }
    const key = path.replace(/\/status$/, "");
    const object = this.#objects.get(key);
    if (!object) return failure(404, "NotFound");
    const { preconditions, metadata } = body as {
      preconditions?: { uid?: string };
      metadata?: { uid?: string };
    };
    const uid = preconditions?.uid ?? metadata?.uid;
    if (uid && uid !== object.metadata.uid) return failure(409, "Conflict");
    if (method === "DELETE") this.remove(key);
    else this.put(key, merge(object, body) as KubeObject);
    return Response.json(this.#objects.get(key) ?? {});
  }

  #watch(path: string, query: URLSearchParams, signal: AbortSignal | undefined): Response {
    const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
      start: (stream) => {
        const watcher = { collection: path, node: nodeOf(query), stream };
        this.#watchers.add(watcher);
        const since = Number(query.get("resourceVersion"));
        for (const change of this.#history) {
          if (Number(change.object.metadata.resourceVersion) > since) send(watcher, change);
        }
        signal?.addEventListener("abort", () => {
          if (this.#watchers.delete(watcher)) stream.error(signal.reason);
        });
      },
    });
    return new Response(body, { headers: { "content-type": "application/json" } });
  }

  #notify(type: string, path: string, object: Entity): void {
    const change = { type, path, object };
    this.#history.push(change);
    for (const watcher of this.#watchers) send(watcher, change);
  }
}

function send({ collection, node, stream }: Watcher, { type, path, object }: Change): void {
  if (!isIn(path, collection) || !isOn(object, node)) return;
  stream.enqueue(new TextEncoder().encode(`${JSON.stringify({ type, object })}\n`));
}

function nodeOf(query: URLSearchParams): string | undefined {
  return query.get("fieldSelector")?.replace("spec.nodeName=", "");
}

function isOn(object: Entity, node: string | undefined): boolean {
  return node === undefined || object.spec?.nodeName === node;
}

/** Whether an object's path is in a collection; `/api/v1/pods` has those of all namespaces. */
function isIn(path: string, collection: string): boolean {
  return path.replace(/\/namespaces\/[^/]+\//, "/").startsWith(`${collection}/`);
}

function failure(code: number, reason: string): Response {
  return Response.json({ kind: "Status", code, reason, message: reason }, { status: code });
}

function merge(target: unknown, patch: unknown): unknown {
  if (typeof patch !== "object" || patch === null || Array.isArray(patch)) return patch;
  const merged: JsonObject = { ...(typeof target === "object" ? target : {}) };
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key];
    else merged[key] = merge(merged[key], value);
  }
  return merged;
}
