import assert from "node:assert/strict";

import fc from "fast-check";

import type { ApiObject } from "../../../../lib/embedded/api/object.ts";
import type { Change } from "../../../../lib/embedded/api/storage/change.ts";
import { Storage } from "../../../../lib/embedded/api/storage/storage.ts";

function object(name: string, namespace = "n"): ApiObject {
  return { metadata: { name, namespace } };
}

function names(objects: readonly ApiObject[]): string[] {
  return objects.map(({ metadata }) => metadata.name ?? "");
}

Deno.test("Collection.put() stamps each object with a revision that all collections share", () => {
  const storage = new Storage({ historyLimit: 10 });
  const first = storage.collection("a").put("n/x", object("x"));
  const second = storage.collection("b").put("n/x", object("x"));

  assert.equal(first.metadata.resourceVersion, String(storage.revision - 1));
  assert.equal(second.metadata.resourceVersion, String(storage.revision));
});

Deno.test("Collection.put() freezes what it stores, down to the last member", () => {
  const collection = new Storage({ historyLimit: 10 }).collection("a");
  const stored = collection.put("n/x", { ...object("x"), spec: { list: [{ a: 1 }] } });

  assert.ok(Object.isFrozen(stored.metadata));
  assert.throws(() => Object.assign(stored.spec ?? {}, { b: 1 }), TypeError);
});

Deno.test("Collection.list() sorts by key as etcd does, within a prefix", () => {
  const collection = new Storage({ historyLimit: 10 }).collection("a");
  for (const [namespace, name] of [["b", "z"], ["a", "y"], ["a-b", "x"], ["a", "b"]] as const) {
    collection.put(`${namespace}/${name}`, object(name, namespace));
  }

  assert.deepEqual(names(collection.list()), ["x", "b", "y", "z"]);
  assert.deepEqual(names(collection.list("a/")), ["b", "y"]);
  assert.deepEqual(names(collection.list("nothing/")), []);
});

Deno.test("Collection.remove() reports the object with the revision of its removal", () => {
  const storage = new Storage({ historyLimit: 10 });
  const collection = storage.collection("a");
  const changes: Change[] = [];
  collection.put("n/x", object("x"));
  collection.listen((change) => changes.push(change));
  const removed = collection.remove("n/x");

  assert.equal(removed?.metadata.resourceVersion, String(storage.revision));
  assert.deepEqual(changes.map(({ object, latest }) => [object, latest]), [[undefined, removed]]);
  assert.equal(collection.remove("n/x"), undefined);
  assert.equal(changes.length, 1);
});

Deno.test("Collection.listen() stops when it is told to", () => {
  const collection = new Storage({ historyLimit: 10 }).collection("a");
  let heard = 0;
  const stop = collection.listen(() => heard++);
  collection.put("n/x", object("x"));
  stop();
  collection.put("n/x", object("x"));

  assert.equal(heard, 1);
});

Deno.test("Collection.listAt() shows what list() showed at that revision, after any changes", () => {
  const step = fc.record({
    key: fc.constantFrom("a/x", "a/y", "b/x", "b/y", "b/z"),
    remove: fc.boolean(),
  });
  fc.assert(fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
    const storage = new Storage({ historyLimit: 100 });
    const collection = storage.collection("a");
    const seen = new Map<number, readonly ApiObject[]>();
    for (const { key, remove } of steps) {
      const [namespace = "", name = ""] = key.split("/");
      if (remove) collection.remove(key);
      else collection.put(key, object(name, namespace));
      seen.set(storage.revision, collection.list("b/"));
    }
    for (const [revision, objects] of seen) {
      assert.deepEqual(collection.listAt(revision, "b/"), objects);
    }
  }));
});
