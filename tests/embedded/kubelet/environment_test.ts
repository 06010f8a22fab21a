import type { Container } from "kubernetes-types/core/v1.d.ts";
import assert from "node:assert/strict";

import { ConfigObjects, PodConfigError } from "../../../lib/embedded/kubelet/config_objects.ts";
import { commandOf, environmentOf } from "../../../lib/embedded/kubelet/environment.ts";
import type { PodContext } from "../../../lib/embedded/kubelet/pod_fields.ts";

const context: PodContext = {
  pod: {
    metadata: {
      name: "p-0",
      namespace: "ns",
      uid: "u1",
      labels: { x: "label x" },
      annotations: { "a/b": "note" },
    },
    spec: { nodeName: "n1", containers: [] },
  },
  podIp: "127.1.0.7",
  hostIp: "127.1.0.1",
};

const text = (value: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(value);
const objects = new ConfigObjects(
  new Map([
    ["secret/rpc", new Map([["USER", text("u")], ["PASS", text("p$(A)")]])],
    ["configmap/cm", new Map([["K", text("v")]])],
  ]),
);

function environment(container: Omit<Container, "name">): Record<string, string> {
  return environmentOf({ name: "c", ...container }, objects, context);
}

Deno.test("environmentOf() expands a value from the variables before it and no others", () => {
  const env = environment({
    env: [
      { name: "A", value: "1" },
      { name: "B", value: "$(A)-$(C)-$$(A)" },
      { name: "C" },
    ],
  });
  assert.deepEqual(env, { A: "1", B: "1-$(C)-$(A)", C: "" });
});

const FIELDS: readonly (readonly [fieldPath: string, value: string])[] = [
  ["metadata.name", "p-0"],
  ["metadata.namespace", "ns"],
  ["metadata.uid", "u1"],
  ["metadata.labels['x']", "label x"],
  ["metadata.labels['none']", ""],
  ["metadata.annotations['a/b']", "note"],
  ["spec.nodeName", "n1"],
  ["status.podIP", "127.1.0.7"],
  ["status.hostIP", "127.1.0.1"],
];

for (const [fieldPath, value] of FIELDS) {
  Deno.test(`environmentOf() knows the field ${fieldPath}`, () => {
    const env = environment({ env: [{ name: "V", valueFrom: { fieldRef: { fieldPath } } }] });
    assert.deepEqual(env, { V: value });
  });
}

Deno.test("environmentOf() takes keys of secrets and config maps without expanding them", () => {
  const env = environment({
    env: [
      { name: "A", value: "x" },
      { name: "P", valueFrom: { secretKeyRef: { name: "rpc", key: "PASS" } } },
      { name: "K", valueFrom: { configMapKeyRef: { name: "cm", key: "K" } } },
      { name: "N", valueFrom: { secretKeyRef: { name: "rpc", key: "none", optional: true } } },
      { name: "O", valueFrom: { configMapKeyRef: { name: "none", key: "K", optional: true } } },
    ],
  });
  assert.deepEqual(env, { A: "x", P: "p$(A)", K: "v" });
});

Deno.test("environmentOf() imports whole objects with a prefix, and env overrides them", () => {
  const env = environment({
    envFrom: [
      { secretRef: { name: "rpc" }, prefix: "BC_" },
      { configMapRef: { name: "cm" } },
      { configMapRef: { name: "none", optional: true } },
    ],
    env: [{ name: "K", value: "own $(BC_USER)" }],
  });
  assert.deepEqual(env, { BC_USER: "u", BC_PASS: "p$(A)", K: "own u" });
});

const FAULTS: readonly (readonly [container: Omit<Container, "name">, message: string])[] = [
  [{ envFrom: [{ secretRef: { name: "none" } }] }, 'secret "none" not found'],
  [{ envFrom: [{ configMapRef: { name: "none" } }] }, 'configmap "none" not found'],
  [
    { env: [{ name: "X", valueFrom: { secretKeyRef: { name: "rpc", key: "none" } } }] },
    "couldn't find key none in Secret ns/rpc",
  ],
  [
    { env: [{ name: "X", valueFrom: { configMapKeyRef: { name: "cm", key: "none" } } }] },
    "couldn't find key none in ConfigMap ns/cm",
  ],
  [
    { env: [{ name: "X", valueFrom: { fieldRef: { fieldPath: "spec.nope" } } }] },
    "unsupported fieldPath: spec.nope",
  ],
  [
    { env: [{ name: "X", valueFrom: { resourceFieldRef: { resource: "limits.cpu" } } }] },
    "environment from resource fields is not supported",
  ],
];

for (const [container, message] of FAULTS) {
  Deno.test(`environmentOf() says '${message}'`, () => {
    assert.throws(() => environment(container), (error) => {
      assert.ok(error instanceof PodConfigError);
      assert.equal(error.message, message);
      return true;
    });
  });
}

Deno.test("commandOf() joins command and args and expands both", () => {
  const container = { name: "c", command: ["$(P)", "-a"], args: ["$(V)", "$(NONE)"] };
  assert.deepEqual(commandOf(container, { P: "prog", V: "1" }), ["prog", "-a", "1", "$(NONE)"]);
  assert.deepEqual(commandOf({ name: "c" }, {}), []);
});
