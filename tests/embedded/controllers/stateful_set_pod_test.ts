import assert from "node:assert/strict";

import {
  newPod,
  ordinalOf,
  parsePodName,
} from "../../../lib/embedded/controllers/stateful_set_pod.ts";
import { makePod, makeSet, ownerReference } from "./_objects.ts";

const NAMES: readonly [string, { setName: string; ordinal: number } | undefined][] = [
  ["web-0", { setName: "web", ordinal: 0 }],
  ["my-web-12", { setName: "my-web", ordinal: 12 }],
  ["web-01", undefined],
  ["web-", undefined],
  ["web", undefined],
  ["-3", undefined],
  ["web--1", { setName: "web-", ordinal: 1 }],
  ["web-x7f", undefined],
  ["web-99999999999", undefined],
];

for (const [name, parsed] of NAMES) {
  Deno.test(`parsePodName() reads '${name}' as ${JSON.stringify(parsed)}`, () => {
    assert.deepEqual(parsePodName(name), parsed);
  });
}

Deno.test("ordinalOf() knows only the set's own names", () => {
  assert.equal(ordinalOf("web", makePod(7)), 7);
  assert.equal(ordinalOf("we", makePod(7)), undefined);
});

Deno.test("newPod() gives a pod its identity, its template and its controller", () => {
  const set = makeSet();
  const template = {
    metadata: {
      labels: { app: "web", tier: "x" },
      annotations: { note: "n" },
      finalizers: ["f/x"],
    },
    spec: { containers: [{ name: "c", image: "y" }], restartPolicy: "Always" },
  };
  assert.deepEqual(newPod(set, 2, { name: "web-abc", template }), {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name: "web-2",
      generateName: "web-",
      labels: {
        app: "web",
        tier: "x",
        "statefulset.kubernetes.io/pod-name": "web-2",
        "apps.kubernetes.io/pod-index": "2",
        "controller-revision-hash": "web-abc",
      },
      annotations: { note: "n" },
      finalizers: ["f/x"],
      ownerReferences: [ownerReference("uid-web")],
    },
    spec: {
      containers: [{ name: "c", image: "y" }],
      restartPolicy: "Always",
      hostname: "web-2",
      subdomain: "web-svc",
    },
  });
});
