import assert from "node:assert/strict";

import {
  ApiError,
  type ApiRequest,
  NODES,
  type Requester,
  ResourceHandle,
  TransportError,
} from "../../lib/kube/mod.ts";
import { failure, json, ScriptedServer } from "../support/scripted_server.ts";
import { answerOf, clientOf, exchange, rejection, type Thing, thing, THINGS } from "./_support.ts";

/** Keeps the requests and answers an object. */
class Recorder implements Requester {
  readonly requests: ApiRequest[] = [];
  request(request: ApiRequest): Promise<unknown> {
    this.requests.push(request);
    return Promise.resolve({ metadata: { name: "a" } });
  }
  stream(): Promise<never> {
    throw new TypeError("No test here streams");
  }
}

interface Sent {
  readonly method: string;
  readonly path: string;
  readonly query?: Record<string, unknown>;
  readonly body?: unknown;
  readonly contentType?: string;
}

async function sent(call: (things: ResourceHandle<Thing>) => Promise<unknown>): Promise<Sent> {
  const api = new Recorder();
  await call(new ResourceHandle(api, THINGS, "ns"));
  const [request] = api.requests;
  assert.ok(request);
  const { method = "GET", path, query = {}, body, contentType } = request;
  const set = Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined));
  return {
    method,
    path,
    ...(Object.keys(set).length > 0 && { query: set }),
    ...(body !== undefined && { body: JSON.parse(JSON.stringify(body)) }),
    ...(contentType && { contentType }),
  };
}

const ALL = "/apis/example.com/v1/namespaces/ns/things";
const ONE = `${ALL}/a`;
const KIND = { apiVersion: "example.com/v1", kind: "Thing" };
const NAMED = { metadata: { name: "a" } };
const MERGE = "application/merge-patch+json";
const JSON_PATCH = "application/json-patch+json";
const APPLY = "application/apply-patch+yaml";
const fieldManager = "me";

const CASES: [string, (things: ResourceHandle<Thing>) => Promise<unknown>, Sent][] = [
  ["get() reads one object", (things) => things.get("a"), { method: "GET", path: ONE }],
  ["get() encodes the name", (things) => things.get("a/b"), {
    method: "GET",
    path: `${ALL}/a%2Fb`,
  }],
  [
    "create() posts with kind and options",
    (things) => things.create(NAMED, { fieldManager, dryRun: true, fieldValidation: "Strict" }),
    {
      method: "POST",
      path: ALL,
      query: { fieldManager, dryRun: "All", fieldValidation: "Strict" },
      body: { ...KIND, ...NAMED },
    },
  ],
  [
    "create() lets the server choose a name",
    (things) => things.create({ metadata: { generateName: "a-" } }),
    {
      method: "POST",
      path: ALL,
      body: { ...KIND, metadata: { generateName: "a-" } },
    },
  ],
  ["update() puts the object", (things) => things.update(NAMED), {
    method: "PUT",
    path: ONE,
    body: { ...KIND, ...NAMED },
  }],
  ["apply() patches with force", (things) => things.apply(NAMED, { fieldManager }), {
    method: "PATCH",
    path: ONE,
    query: { fieldManager, force: true },
    body: { ...KIND, ...NAMED },
    contentType: APPLY,
  }],
  [
    "apply() can leave the fields of others alone",
    (things) => things.apply(NAMED, { fieldManager, force: false }),
    {
      method: "PATCH",
      path: ONE,
      query: { fieldManager, force: false },
      body: { ...KIND, ...NAMED },
      contentType: APPLY,
    },
  ],
  ["mergePatch() patches", (things) => things.mergePatch("a", { spec: null }), {
    method: "PATCH",
    path: ONE,
    body: { spec: null },
    contentType: MERGE,
  }],
  ["jsonPatch() patches", (things) => things.jsonPatch("a", [{ op: "remove", path: "/spec" }]), {
    method: "PATCH",
    path: ONE,
    body: [{ op: "remove", path: "/spec" }],
    contentType: JSON_PATCH,
  }],
  ["delete() without wishes sends no body", (things) => things.delete("a"), {
    method: "DELETE",
    path: ONE,
  }],
  [
    "delete() sends its wishes",
    (things) =>
      things.delete("a", { propagationPolicy: "Foreground", gracePeriodSeconds: 0, uid: "u" }),
    {
      method: "DELETE",
      path: ONE,
      body: {
        apiVersion: "v1",
        kind: "DeleteOptions",
        propagationPolicy: "Foreground",
        gracePeriodSeconds: 0,
        preconditions: { uid: "u" },
      },
    },
  ],
  ["status.get() reads the subresource", (things) => things.status.get("a"), {
    method: "GET",
    path: `${ONE}/status`,
  }],
  ["status.update() puts the subresource", (things) => things.status.update(NAMED), {
    method: "PUT",
    path: `${ONE}/status`,
    body: { ...KIND, ...NAMED },
  }],
  [
    "status.apply() patches the subresource",
    (things) => things.status.apply(NAMED, { fieldManager }),
    {
      method: "PATCH",
      path: `${ONE}/status`,
      query: { fieldManager, force: true },
      body: { ...KIND, ...NAMED },
      contentType: APPLY,
    },
  ],
  [
    "status.mergePatch() patches the subresource",
    (things) => things.status.mergePatch("a", { status: {} }),
    {
      method: "PATCH",
      path: `${ONE}/status`,
      body: { status: {} },
      contentType: MERGE,
    },
  ],
  [
    "status.jsonPatch() patches the subresource",
    (things) => things.status.jsonPatch("a", [{ op: "test", path: "/status", value: 1 }]),
    {
      method: "PATCH",
      path: `${ONE}/status`,
      body: [{ op: "test", path: "/status", value: 1 }],
      contentType: JSON_PATCH,
    },
  ],
  ["scale.get() reads the subresource", (things) => things.scale.get("a"), {
    method: "GET",
    path: `${ONE}/scale`,
  }],
  ["scale.update() puts the number", (things) => things.scale.update("a", 4), {
    method: "PUT",
    path: `${ONE}/scale`,
    body: {
      apiVersion: "autoscaling/v1",
      kind: "Scale",
      metadata: { name: "a", namespace: "ns" },
      spec: { replicas: 4 },
    },
  }],
  [
    "scale.mergePatch() patches the number",
    (things) => things.scale.mergePatch("a", { spec: { replicas: 4 } }),
    {
      method: "PATCH",
      path: `${ONE}/scale`,
      body: { spec: { replicas: 4 } },
      contentType: MERGE,
    },
  ],
];

for (const [name, call, expected] of CASES) {
  Deno.test(name, async () => assert.deepEqual(await sent(call), expected));
}

Deno.test("a handle without a namespace writes into the object's own", async () => {
  const api = new Recorder();
  const things = new ResourceHandle(api, THINGS);
  await things.apply(thing("a", "1"), { fieldManager });
  await things.status.update(thing("a", "1"));
  assert.deepEqual(api.requests.map((request) => request.path), [ONE, `${ONE}/status`]);
});

Deno.test("a handle without a namespace cannot read one object of a namespaced kind", async () => {
  const things = new ResourceHandle(new Recorder(), THINGS);
  await assert.rejects(() => things.get("a"), {
    name: "TypeError",
    message: "Cannot GET 'a' of things: no namespace is given",
  });
});

Deno.test("a call without a name is refused before it becomes a call for all objects", async () => {
  const things = new ResourceHandle(new Recorder(), THINGS, "ns");
  await assert.rejects(() => things.delete(""), TypeError);
  await assert.rejects(() => things.update({}), TypeError);
});

Deno.test("in() narrows a handle to one namespace", async () => {
  const api = new Recorder();
  await new ResourceHandle(api, THINGS).in("other").get("a");
  assert.equal(api.requests[0]?.path, "/apis/example.com/v1/namespaces/other/things/a");
});

Deno.test("a cluster-scoped kind has no namespace in its path", async () => {
  const api = new Recorder();
  await new ResourceHandle(api, NODES).get("n");
  assert.equal(api.requests[0]?.path, "/api/v1/nodes/n");
});

Deno.test("find() is the object, or undefined if there is none, and throws what else fails", async () => {
  await using server = new ScriptedServer()
    .answer(json(thing("a", "1")), failure(404, "NotFound"), failure(403, "Forbidden"));
  const things = clientOf(server).resource(THINGS, "ns");
  assert.equal((await things.find("a"))?.metadata.name, "a");
  assert.equal(await things.find("a"), undefined);
  assert.equal((await rejection(things.find("a"), ApiError)).status, 403);
});

Deno.test("apply() can be kept from changing what is there already", async () => {
  await using server = new ScriptedServer().answer(json(thing("a", "1")));
  await clientOf(server).resource(THINGS, "ns").apply(thing("a", "9"), {
    fieldManager,
    ifAbsent: true,
  });
  // A real server creates an object with this version, and answers 409 if there is one (the suite of tests/cluster).
  const [request] = server.requests;
  const { metadata } = thing("a", "1");
  assert.deepEqual(request?.body, { ...thing("a", "1"), metadata });
});

Deno.test("apply() sends what a real server accepted, and returns its answer", async () => {
  await using server = new ScriptedServer().answer(answerOf("server-side apply: forced"));
  const { request } = exchange("server-side apply: forced");
  const object = request.body;
  assert.ok(typeof object === "object" && object !== null);
  const things = clientOf(server).resource(THINGS, "fixtures");
  const applied = await things.apply(object, { fieldManager: "two" });
  assert.equal(applied.metadata.name, "b");
  const [seen] = server.requests;
  assert.equal(seen?.headers.get("content-type"), APPLY);
  assert.deepEqual(seen?.body, object);
  assert.deepEqual(seen?.query, { fieldManager: "two", force: "true" });
});

for (const body of ["<html>", null, [1], {}, { metadata: {} }, { metadata: null }]) {
  Deno.test(`get() throws a TransportError for the answer ${JSON.stringify(body)}`, async () => {
    await using server = new ScriptedServer().answer(
      typeof body === "string" ? new Response(body) : json(body),
    );
    const error = await rejection(clientOf(server).resource(THINGS, "ns").get("a"), TransportError);
    const why = typeof body === "string" ? "the answer is text: <html>" : "the answer is no object";
    assert.equal(error.message, `Cannot GET '${ONE}': ${why}`);
  });
}

Deno.test("delete() takes any good answer", async () => {
  await using server = new ScriptedServer().answer(json({ kind: "Status", status: "Success" }));
  await clientOf(server).resource(THINGS, "ns").delete("a");
});
