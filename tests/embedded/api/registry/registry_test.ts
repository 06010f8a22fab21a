import assert from "node:assert/strict";

import { compareVersions, Registry } from "../../../../lib/embedded/api/registry/registry.ts";

Deno.test("compareVersions() puts the most mature version first, and what is no version last", () => {
  const versions = [
    "v1alpha1",
    "foo1",
    "v2",
    "v10beta3",
    "v1beta2",
    "v1",
    "bar",
    "v1beta1",
    "v11alpha2",
  ];
  // From the documentation of `k8s.io/apimachinery/pkg/version.CompareKubeAwareVersionStrings`.
  assert.deepEqual(versions.toSorted(compareVersions), [
    "v2",
    "v1",
    "v10beta3",
    "v1beta2",
    "v1beta1",
    "v11alpha2",
    "v1alpha1",
    "bar",
    "foo1",
  ]);
});

Deno.test("Registry.find() knows events in both of their groups, kept in one place", () => {
  const registry = new Registry();
  const core = registry.find("", "v1", "events");
  const events = registry.find("events.k8s.io", "v1", "events");
  assert.ok(core && events);
  assert.equal(core.collection, events.collection);
  assert.equal(registry.find("", "v2", "events"), undefined);
});

Deno.test("Registry.serve() and withdraw() change what is served, and count that", () => {
  const registry = new Registry();
  const before = registry.generation;
  const names = { kind: "Foo", listKind: "FooList", plural: "foos", singular: "foo" };
  const version = {
    name: "v1",
    served: true,
    storage: true,
    schema: { openAPIV3Schema: { type: "object" } },
  };
  registry.serve({
    metadata: { name: "foos.ex.io" },
    spec: { group: "ex.io", scope: "Cluster", names, versions: [version] },
    status: { acceptedNames: names },
  });
  assert.equal(registry.find("ex.io", "v1", "foos")?.namespaced, false);
  assert.equal(registry.groupVersions.at(-1)?.group, "ex.io");
  assert.ok(registry.generation > before);
  registry.withdraw("foos.ex.io");
  assert.equal(registry.find("ex.io", "v1", "foos"), undefined);
  assert.ok(!registry.groupVersions.some(({ group }) => group === "ex.io"));
});
