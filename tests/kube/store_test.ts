import assert from "node:assert/strict";

import fc from "fast-check";

import {
  indexByController,
  indexByNamespace,
  objectKey,
  Store,
  type StoreChange,
  type Stored,
} from "../../lib/kube/mod.ts";
import { type Thing, thing } from "./_support.ts";

/** Short words for changes: `deleted ns/a 1`. */
function words(changes: StoreChange<Thing>[]): string[] {
  return changes.map(({ type, object }) =>
    `${type} ${objectKey(object)} ${object.metadata.resourceVersion}`
  );
}

const bySize = (object: Readonly<Stored<Thing>>): string[] => [String(object.spec?.size)];

Deno.test("set() tells an added object from an updated one, which comes with its old version", () => {
  const store = new Store<Thing>();
  assert.deepEqual(store.set(thing("a", "1")), [{ type: "added", object: thing("a", "1") }]);
  assert.deepEqual(store.set(thing("a", "2")), [
    { type: "updated", object: thing("a", "2"), old: thing("a", "1") },
  ]);
  assert.deepEqual(store.get("ns/a"), thing("a", "2"));
});

Deno.test("set() drops a version that is there already", () => {
  const store = new Store<Thing>();
  const first = thing("a", "1");
  store.set(first);
  assert.deepEqual(store.set(thing("a", "1")), []);
  assert.equal(store.get("ns/a"), first);
});

Deno.test("set() shows a changed UID as a deletion and an addition", () => {
  const store = new Store<Thing>();
  store.set(thing("a", "1", { uid: "old" }));
  const changes = store.set(thing("a", "2", { uid: "new" }));
  assert.deepEqual(words(changes), ["deleted ns/a 1", "added ns/a 2"]);
});

Deno.test("delete() returns the final state, and nothing for what is not there", () => {
  const store = new Store<Thing>();
  store.set(thing("a", "1"));
  assert.deepEqual(words(store.delete(thing("a", "5"))), ["deleted ns/a 5"]);
  assert.deepEqual(store.delete(thing("a", "6")), []);
  assert.equal(store.size, 0);
});

Deno.test("replace() returns deletions first, then additions and updates, and nothing for the same", () => {
  const store = new Store<Thing>();
  store.replace([thing("a", "1"), thing("b", "2"), thing("c", "3"), thing("d", "4")]);
  const changes = store.replace([
    thing("e", "9"),
    thing("b", "2"),
    thing("c", "8"),
    thing("d", "7", { uid: "again" }),
  ]);
  assert.deepEqual(words(changes), [
    "deleted ns/d 4",
    "deleted ns/a 1",
    "added ns/e 9",
    "updated ns/c 8",
    "added ns/d 7",
  ]);
  assert.deepEqual(store.list().map(objectKey).sort(), ["ns/b", "ns/c", "ns/d", "ns/e"]);
});

Deno.test("byIndex() finds objects by namespace, by controller and by a function of one's own", () => {
  const store = new Store<Thing>({
    namespace: indexByNamespace,
    controller: indexByController,
    size: bySize,
  });
  const owned = thing("a", "1", { size: 3 });
  const owner = { apiVersion: "v1", kind: "X", name: "x", uid: "owner", controller: true };
  owned.metadata.ownerReferences = [owner];
  store.set(owned);
  store.set(thing("b", "2", { namespace: "other", size: 3 }));
  assert.deepEqual(store.byIndex("namespace", "ns").map(objectKey), ["ns/a"]);
  assert.deepEqual(store.byIndex("controller", "owner").map(objectKey), ["ns/a"]);
  assert.deepEqual(store.byIndex("size", "3").map(objectKey), ["ns/a", "other/b"]);
  assert.deepEqual(store.byIndex("size", "4"), []);
});

Deno.test("byIndex() throws a RangeError for an index that is not there", () => {
  assert.throws(() => new Store<Thing>().byIndex("x", "y"), {
    name: "RangeError",
    message: "Cannot read index 'x': there is no such index",
  });
});

Deno.test("get() and list() find objects without a namespace by their name", () => {
  const store = new Store<Thing>({ namespace: indexByNamespace });
  const node = thing("n", "1");
  delete node.metadata.namespace;
  store.set(node);
  assert.equal(store.get("n"), node);
  assert.deepEqual(store.byIndex("namespace", ""), []);
});

Deno.test("a store and its indexes agree after any writes", () => {
  const object = fc.record({
    name: fc.constantFrom("a", "b", "c"),
    version: fc.nat(5),
    uid: fc.constantFrom("1", "2"),
    size: fc.nat(2),
  }).map(({ name, version, uid, size }) => thing(name, `${version}`, { uid, size }));
  const write = fc.oneof(
    fc.record({ kind: fc.constant("set" as const), object }),
    fc.record({ kind: fc.constant("delete" as const), object }),
    fc.record({
      kind: fc.constant("replace" as const),
      objects: fc.uniqueArray(object, { selector: objectKey }),
    }),
  );
  fc.assert(fc.property(fc.array(write), (writes) => {
    const store = new Store<Thing>({ size: bySize });
    const seen = new Map<string, Readonly<Stored<Thing>>>();
    for (const step of writes) {
      const changes = step.kind === "replace"
        ? store.replace(step.objects)
        : store[step.kind](step.object);
      for (const change of changes) {
        const key = objectKey(change.object);
        // A change always fits what was told before.
        assert.equal(seen.has(key), change.type !== "added");
        if (change.type === "deleted") seen.delete(key);
        else seen.set(key, change.object);
      }
    }
    assert.deepEqual(new Map(store.list().map((one) => [objectKey(one), one])), seen);
    const indexed = ["0", "1", "2"].flatMap((size) => store.byIndex("size", size));
    assert.deepEqual(indexed.map(objectKey).sort(), [...seen.keys()].sort());
  }));
});
