/** What handlers of an informer hear, and when; and its store. */

import assert from "node:assert/strict";
import { ApiError, Informer, objectKey, type WatchEvent } from "../../lib/kube/mod.ts";
import { FakeClock, settle } from "../support/fake_clock.ts";
import { FakeSource } from "./_fake_source.ts";
import { event, listed, scene } from "./_informer_scene.ts";
import { type Thing, thing } from "./_support.ts";

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

Deno.test("run() throws a TypeError when the informer is running already", async () => {
  await using s = await scene(new FakeSource([listed("1")]));
  await assert.rejects(() => s.informer.run(new AbortController().signal), {
    name: "TypeError",
    message: "Cannot run the informer: it is running already",
  });
});
