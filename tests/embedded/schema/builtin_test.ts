import assert from "node:assert/strict";

import {
  apiVersionOf,
  builtInKind,
  KUBERNETES_DEFINITIONS,
  KUBERNETES_VERSION,
  Schema,
  type SchemaSource,
} from "../../../lib/embedded/schema/mod.ts";
import { builtInKinds } from "./_kinds.ts";

const NEEDED = [
  "apiextensions.k8s.io/v1 CustomResourceDefinition",
  "apps/v1 ControllerRevision",
  "apps/v1 StatefulSet",
  "autoscaling/v1 Scale",
  "coordination.k8s.io/v1 Lease",
  "events.k8s.io/v1 Event",
  "v1 ConfigMap",
  "v1 Event",
  "v1 Namespace",
  "v1 Node",
  "v1 PersistentVolumeClaim",
  "v1 Pod",
  "v1 Secret",
  "v1 Service",
  "v1 ServiceAccount",
];

Deno.test("builtInKind() knows the kinds that the embedded cluster serves", () => {
  const names = builtInKinds().map((kind) => `${apiVersionOf(kind)} ${kind.kind}`);
  for (const name of NEEDED) assert.ok(names.includes(name), name);
});

Deno.test("builtInKind() tells events of both groups apart, and knows no other versions", () => {
  assert.notEqual(builtInKind("", "v1", "Event"), undefined);
  assert.notEqual(builtInKind("", "v1", "Event"), builtInKind("events.k8s.io", "v1", "Event"));
  assert.equal(builtInKind("apps", "v1beta1", "StatefulSet"), undefined);
});

Deno.test("builtInKind() knows which status is written only through its subresource", () => {
  assert.equal(builtInKind("", "v1", "Pod")?.hasStatus, true);
  assert.equal(builtInKind("", "v1", "Secret")?.hasStatus, false);
  assert.equal(builtInKind("autoscaling", "v1", "Scale")?.hasStatus, false);
});

Deno.test("the generated definitions are of one version of Kubernetes and refer only to each other", () => {
  assert.match(KUBERNETES_VERSION, /^\d+\.\d+\.\d+$/);
  for (const name of Object.keys(KUBERNETES_DEFINITIONS)) {
    for (const reference of referencesOf(KUBERNETES_DEFINITIONS[name] ?? {})) {
      assert.ok(
        new Schema({ $ref: reference }, KUBERNETES_DEFINITIONS).source,
        `${name} → ${reference}`,
      );
    }
  }
});

function referencesOf(
  { $ref, properties, items, additionalProperties }: SchemaSource,
): readonly string[] {
  const additional = typeof additionalProperties === "object" ? [additionalProperties] : [];
  const children = [...Object.values(properties ?? {}), ...(items ? [items] : []), ...additional];
  return [...($ref ? [$ref] : []), ...children.flatMap(referencesOf)];
}
