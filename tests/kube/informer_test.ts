import assert from "node:assert/strict";

import {
  ApiError,
  ConfigError,
  Informer,
  type InformerOptions,
  type KubeObject,
  objectKey,
  type ObjectList,
  type Stored,
  TransportError,
  type WatchEvent,
} from "../../lib/kube/mod.ts";
import { FakeClock, settle } from "../support/fake_clock.ts";
import { captureLogs } from "../support/logs.ts";
import { failure, json, LiveBody, ScriptedServer, watchOf } from "../support/scripted_server.ts";
import { FakeSource } from "./_fake_source.ts";
import { clientOf, eventually, type Thing, thing, thingList, THINGS } from "./_support.ts";

function listed(resourceVersion: string, ...items: ObjectList<Thing>["items"]): ObjectList<Thing> {
  return { items, resourceVersion };
}

function event(
  type: "ADDED" | "MODIFIED" | "DELETED",
  object: Stored<Thing>,
): WatchEvent<Thing> {
  return { type, object };
}

/** An informer in virtual time and a handler that writes down what it hears, and what the store holds then. */
class Scene implements AsyncDisposable {
  readonly clock = new FakeClock();
  readonly informer: Informer<Thing>;
  readonly heard: string[] = [];
  readonly stored: string[] = [];
  readonly #stop = new AbortController();
  readonly #done: Promise<void>;

  constructor(source: FakeSource, options: InformerOptions<Thing> = {}) {
    const { clock } = this;
    this.informer = new Informer(source, { clock, random: () => 0, freeze: true, ...options });
    const note = (word: string, object: KubeObject): void => {
      this.heard.push(`${word} ${objectKey(object)} ${object.metadata?.resourceVersion}`);
      this.stored.push(this.informer.store.list().map(objectKey).sort().join(" "));
    };
    this.informer.subscribe({
      added: (object) => note("added", object),
      updated: (object) => note("updated", object),
      deleted: (object) => note("deleted", object),
    });
    this.#done = this.informer.run(this.#stop.signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#done;
  }
}

async function scene(source: FakeSource, options?: InformerOptions<Thing>): Promise<Scene> {
  const started = new Scene(source, options);
  await settle();
  return started;
}

// What handlers hear

Deno.test("an informer tells of the list, then of each change, after the store has it", async () => {
  const events = [
    event("ADDED", thing("c", "6")),
    event("MODIFIED", thing("a", "7")),
    event("DELETED", thing("b", "8")),
  ];
  const source = new FakeSource([listed("5", thing("a", "1"), thing("b", "2"))], [{ events }]);
  await using s = await scene(source);
  assert.deepEqual(s.heard, [
    "added ns/a 1",
    "added ns/b 2",
    "added ns/c 6",
    "updated ns/a 7",
    "deleted ns/b 8",
  ]);
  assert.deepEqual(s.stored, [
    "ns/a ns/b",
    "ns/a ns/b",
    "ns/a ns/b ns/c",
    "ns/a ns/b ns/c",
    "ns/a ns/c",
  ]);
});

Deno.test("an informer tells of a deletion that it missed, before the additions of the new list", async () => {
  const expired = new ApiError({
    request: "WATCH '/x'",
    status: 410,
    reason: "Expired",
    serverMessage: "m",
  });
  const source = new FakeSource(
    [listed("5", thing("a", "1"), thing("b", "2")), listed("9", thing("b", "2"), thing("c", "8"))],
    [{ end: expired }],
  );
  await using s = await scene(source);
  s.heard.length = 0;
  s.stored.length = 0;
  await s.clock.advance(800);
  assert.deepEqual(s.heard, ["deleted ns/a 1", "added ns/c 8"]);
  assert.deepEqual(s.stored, ["ns/b ns/c", "ns/b ns/c"], "the store is swapped before");
});

Deno.test("an informer tells of an object that was made again, although the watch says MODIFIED", async () => {
  const events = [event("MODIFIED", thing("a", "6", { uid: "second" }))];
  const source = new FakeSource([listed("5", thing("a", "1", { uid: "first" }))], [{ events }]);
  await using s = await scene(source);
  assert.deepEqual(s.heard, ["added ns/a 1", "deleted ns/a 1", "added ns/a 6"]);
});

Deno.test("an informer tells nothing of a bookmark or of a version it knows", async () => {
  const events: WatchEvent<Thing>[] = [
    { type: "BOOKMARK", resourceVersion: "6" },
    event("MODIFIED", thing("a", "6")),
    event("MODIFIED", thing("a", "6")),
  ];
  await using s = await scene(new FakeSource([listed("5", thing("a", "1"))], [{ events }]));
  assert.deepEqual(s.heard, ["added ns/a 1", "updated ns/a 6"]);
});

Deno.test("subscribe() replays the store for a late handler", async () => {
  await using s = await scene(new FakeSource([listed("5", thing("a", "1"), thing("b", "2"))]));
  const heard: string[] = [];
  s.informer.subscribe({ added: (object) => heard.push(objectKey(object)) });
  assert.deepEqual(heard, ["ns/a", "ns/b"]);
});

Deno.test("a handler that throws keeps neither the others nor the watch from going on", async () => {
  const events = [event("ADDED", thing("b", "6"))];
  const informer = new Informer(new FakeSource([listed("5", thing("a", "1"))], [{ events }]), {
    clock: new FakeClock(),
  });
  const heard: string[] = [];
  informer.subscribe({
    added: () => {
      throw new Error("a mistake");
    },
  });
  informer.subscribe({ added: (object) => heard.push(objectKey(object)) });
  const stop = new AbortController();
  const done = informer.run(stop.signal);
  await settle();
  assert.deepEqual(heard, ["ns/a", "ns/b"]);
  stop.abort();
  await done;
});

// What the store holds

Deno.test("an informer drops managed fields, and freezes objects when it is told to", async () => {
  const object = thing("a", "1");
  object.metadata.managedFields = [{ manager: "x" }];
  await using s = await scene(new FakeSource([listed("5", object)]));
  const stored = s.informer.store.get("ns/a");
  assert.ok(stored);
  assert.deepEqual(stored, thing("a", "1"));
  assert.throws(() => {
    stored.metadata.name = "b";
  }, TypeError);
});

Deno.test("an informer keeps of each object what it is told to, of lists and of watches", async () => {
  const events = [event("ADDED", thing("b", "6", { size: 2 }))];
  const source = new FakeSource([listed("5", thing("a", "1", { size: 1 }))], [{ events }]);
  await using s = await scene(source, {
    keep: ({ apiVersion, kind, metadata }) => ({ apiVersion, kind, metadata }),
  });
  assert.deepEqual(s.informer.store.list().map(({ spec }) => spec), [undefined, undefined]);
});

Deno.test("an informer keeps its indexes up to date", async () => {
  const events = [event("MODIFIED", thing("a", "6", { size: 2 }))];
  const source = new FakeSource([listed("5", thing("a", "1", { size: 1 }))], [{ events }]);
  await using s = await scene(source, {
    indexes: { size: (object) => [String(object.spec?.size)] },
  });
  assert.deepEqual(s.informer.store.byIndex("size", "1"), []);
  assert.deepEqual(s.informer.store.byIndex("size", "2").map(objectKey), ["ns/a"]);
});

// Its state

Deno.test("synced() resolves when the handlers have heard of the first list", async () => {
  const informer = new Informer(new FakeSource([listed("5", thing("a", "1"))]), {
    clock: new FakeClock(),
  });
  const heard: string[] = [];
  informer.subscribe({ added: (object) => heard.push(objectKey(object)) });
  assert.equal(informer.hasSynced, false);
  const stop = new AbortController();
  const done = informer.run(stop.signal);
  await informer.synced();
  assert.equal(informer.hasSynced, true);
  assert.deepEqual(heard, ["ns/a"]);
  stop.abort();
  await done;
});

Deno.test("synced() rejects with the signal's reason", async () => {
  const informer = new Informer(new FakeSource([]));
  const reason = new Error("enough");
  await assert.rejects(() => informer.synced(AbortSignal.abort(reason)), reason);
});

Deno.test("lastError and onError tell that the kind is not installed, until it is", async () => {
  const missing = new ApiError({
    request: "GET '/x'",
    status: 404,
    reason: "NotFound",
    serverMessage: "page not found",
  });
  const told: unknown[] = [];
  const onError = (error: unknown, retryMs: number): unknown => told.push([error, retryMs]);
  await using s = await scene(new FakeSource([missing, missing, listed("1")]), { onError });
  assert.equal(s.informer.lastError, missing);
  assert.equal(s.informer.hasSynced, false);
  await s.clock.advance(800);
  assert.deepEqual(told, [[missing, 800], [missing, 1600]]);
  await s.clock.advance(1600);
  assert.equal(s.informer.lastError, undefined);
  assert.equal(s.informer.hasSynced, true);
});

Deno.test("a missing right is logged loudly once, and a lost connection quietly", async () => {
  await using logs = await captureLogs();
  const init = { request: "GET '/x'", status: 403, reason: "Forbidden", serverMessage: "m" };
  const forbidden = new ApiError(init);
  const lost = new TransportError("lost");
  await using s = await scene(new FakeSource([forbidden, forbidden, lost, listed("1")]));
  await s.clock.advance(10_000);
  assert.deepEqual(logs.lines.map(({ level, properties }) => [level, properties.error]), [
    ["warning", forbidden],
    ["debug", forbidden],
    ["debug", lost],
  ]);
});

Deno.test("a right to watch that is missing is logged loudly once, though lists succeed, and again after minutes", async () => {
  await using logs = await captureLogs();
  const init = { request: "GET '/x'", status: 403, reason: "Forbidden", serverMessage: "m" };
  const refused = new ApiError(init);
  const lists = Array.from({ length: 30 }, () => listed("1"));
  await using s = await scene(new FakeSource(lists, lists.map(() => ({ refused }))));
  const loud = (): number => logs.lines.filter(({ level }) => level === "warning").length;
  await s.clock.advance(60_000);
  assert.equal(loud(), 1);
  assert.match(logs.lines[0]?.text ?? "", /grant 'list' and 'watch'/);
  assert.equal(s.informer.lastError, refused, "a list is not all");
  await s.clock.advance(300_000);
  assert.equal(loud(), 2);
});

Deno.test("credentials that are no longer accepted are logged loudly once", async () => {
  await using logs = await captureLogs();
  const init = { request: "GET '/x'", status: 401, reason: "Unauthorized", serverMessage: "m" };
  const refused = new ApiError(init);
  await using s = await scene(new FakeSource([refused, refused, listed("1")]));
  await s.clock.advance(10_000);
  assert.deepEqual(logs.lines.map(({ level }) => level), ["warning", "debug"]);
});

Deno.test("credentials that cannot be had any more are logged loudly once", async () => {
  await using logs = await captureLogs();
  const expired = new ConfigError("Cannot get credentials from plugin 'p': log in again");
  await using s = await scene(new FakeSource([expired, expired, listed("1")]));
  await s.clock.advance(10_000);
  assert.deepEqual(logs.lines.map(({ level }) => level), ["warning", "debug"]);
});

Deno.test("lastError is over when a watch is accepted again", async () => {
  const lost = new Error("lost");
  const source = new FakeSource([listed("1"), listed("2")], [{ end: lost }]);
  await using s = await scene(source);
  assert.equal(s.informer.lastError, lost);
  await s.clock.advance(800);
  assert.equal(s.informer.lastError, undefined);
});

Deno.test("onRecovered tells that a watch is accepted after a failure, once for each", async () => {
  const lost = new TransportError("lost");
  let recovered = 0;
  const source = new FakeSource(
    [lost, listed("1")],
    [{ refused: lost }, { end: "silent" }],
  );
  await using s = await scene(source, { onRecovered: () => recovered++ });
  await s.clock.advance(800);
  assert.equal(recovered, 0, "a list alone is not all");
  await s.clock.advance(1600);
  assert.deepEqual([recovered, source.calls.at(-1)], [1, "watch 1"]);
});

Deno.test("run() throws a TypeError when the informer is running already", async () => {
  await using s = await scene(new FakeSource([listed("1")]));
  await assert.rejects(() => s.informer.run(new AbortController().signal), {
    name: "TypeError",
    message: "Cannot run the informer: it is running already",
  });
});

// Against a server

Deno.test("an informer lives through a 410 event, a 410 status and a watch that ends at once", async () => {
  const live = new LiveBody();
  const gone = { type: "ERROR", object: { kind: "Status", code: 410, reason: "Expired" } };
  await using server = new ScriptedServer().answer(
    json(thingList("5", [thing("a", "1")])),
    watchOf({ type: "ADDED", object: thing("b", "6") }, gone),
    json(thingList("10", [thing("a", "1")])),
    failure(410, "Gone"),
    json(thingList("20", [thing("c", "12")])),
    watchOf({ type: "BOOKMARK", object: { kind: "Thing", metadata: { resourceVersion: "30" } } }),
    live.response(),
  );
  const clock = new FakeClock();
  const client = clientOf(server, { clock });
  let failures = 0;
  const informer = new Informer(client.resource(THINGS, "ns"), {
    clock,
    random: () => 0,
    onError: () => failures++,
  });
  const heard: string[] = [];
  informer.subscribe({
    added: (object) => heard.push(`+${object.metadata.name}`),
    deleted: (object) => heard.push(`-${object.metadata.name}`),
  });
  const stop = new AbortController();
  const done = informer.run(stop.signal);
  await eventually(() => failures === 1);
  await clock.advance(800);
  await eventually(() => failures === 2);
  await clock.advance(1600);
  await eventually(() => failures === 3);
  await clock.advance(3200);
  await live.send({ type: "ADDED", object: thing("d", "31") });
  await eventually(() => heard.length === 6);
  assert.deepEqual(heard, ["+a", "+b", "-b", "-a", "+c", "+d"]);
  assert.deepEqual(
    server.requests.map(({ query }) => query.watch ? `watch ${query.resourceVersion}` : "list"),
    ["list", "watch 5", "list", "watch 10", "list", "watch 20", "watch 30"],
  );
  stop.abort();
  await done;
  await live.cancelled;
});
