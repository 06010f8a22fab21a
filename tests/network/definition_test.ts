/** The CRD, as kube-apiserver wants it and as the API reference promises it. */

import assert from "node:assert/strict";
import { customResourceDefinition } from "../../lib/network/mod.ts";

const { metadata, spec } = customResourceDefinition();
const [version] = spec.versions;
const schema = version?.schema?.openAPIV3Schema;

/** All objects inside a value, with their paths. */
function* objectsOf(value: unknown, path = ""): Generator<[string, Record<string, unknown>]> {
  if (typeof value !== "object" || value === null) return;
  // as: any object has fields of some kind.
  if (!Array.isArray(value)) yield [path, value as Record<string, unknown>];
  for (const [key, field] of Object.entries(value)) yield* objectsOf(field, `${path}.${key}`);
}

Deno.test("customResourceDefinition() has the original's group, version and names", () => {
  assert.equal(metadata?.name, "bitcoinnetworks.bitcoincontroller.christianb93.github.com");
  assert.equal(spec.group, "bitcoincontroller.christianb93.github.com");
  assert.equal(spec.scope, "Namespaced");
  assert.deepEqual(spec.names, {
    kind: "BitcoinNetwork",
    plural: "bitcoinnetworks",
    singular: "bitcoinnetwork",
    shortNames: ["btcnet"],
    categories: ["bitcoin"],
  });
  assert.equal(version?.name, "v1");
  assert.deepEqual(version?.subresources, {
    status: {},
    scale: {
      specReplicasPath: ".spec.nodes",
      statusReplicasPath: ".status.replicas",
      labelSelectorPath: ".status.selector",
    },
  });
});

Deno.test("customResourceDefinition() is structural: every property has one type and a description", () => {
  for (const [path, { properties }] of objectsOf(schema)) {
    for (const [name, property] of Object.entries(properties ?? {})) {
      assert.equal(typeof property.type, "string", `${path}.${name} has a type`);
      assert.ok(property.description, `${path}.${name} has a description`);
      assert.equal(property.anyOf ?? property.const ?? property.$ref, undefined, `${path}.${name}`);
    }
  }
  for (const [path, object] of objectsOf(schema)) {
    for (const key of Object.keys(object)) assert.doesNotMatch(key, /^~/, `${path}.${key}`);
  }
});

Deno.test("customResourceDefinition() requires spec.nodes, and nothing that the original does not know", () => {
  assert.deepEqual(schema?.required, ["spec"]);
  const wanted = schema?.properties?.["spec"];
  assert.deepEqual(wanted?.required, ["nodes"]);
  const nodes = wanted?.properties?.["nodes"];
  assert.deepEqual([nodes?.minimum, nodes?.maximum, nodes?.format], [0, 100, "int32"]);
  assert.equal(wanted?.properties?.["image"]?.default, "bitcoin/bitcoin:30.0");
  assert.deepEqual(wanted?.properties?.["imagePullPolicy"]?.enum, [
    "Always",
    "IfNotPresent",
    "Never",
  ]);
  const status = schema?.properties?.["status"];
  assert.equal(status?.required, undefined);
  assert.equal(status?.properties?.["nodes"]?.nullable, true, "the original's clients send null");
});

Deno.test("customResourceDefinition() has a rule for names with a message that says it all", () => {
  // The types spell these fields as Go does.
  const rules = Object.entries(schema ?? {}).find(([key]) => key === "x-kubernetes-validations");
  const [rule]: { rule?: string; message?: string }[] = rules?.[1] ?? [];
  assert.equal(
    rule?.rule,
    "size(self.metadata.name) <= 46 && self.metadata.name.matches('^[a-z]([-a-z0-9]*[a-z0-9])?$')",
  );
  assert.match(rule?.message ?? "", /at most 46 lower-case letters/);
});

Deno.test("customResourceDefinition() prints the columns that exist", () => {
  const columns = version?.additionalPrinterColumns ?? [];
  assert.deepEqual(
    columns.map(({ name, priority = 0 }) => `${name}${priority ? " (wide)" : ""}`),
    [
      "Nodes",
      "Ready",
      "Connections",
      "Height",
      "Status",
      "Age",
      "Topology (wide)",
      "Image (wide)",
      "Tip (wide)",
    ],
  );
  for (const { jsonPath } of columns) {
    const [, part = "", field = ""] = jsonPath.split(/[.[]/);
    if (part === "metadata") continue;
    assert.ok(schema?.properties?.[part]?.properties?.[field], `${jsonPath} exists`);
  }
});
