import assert from "node:assert/strict";

import { goShape } from "../../../lib/embedded/schema/go_shape.ts";
import type { JsonObject } from "../../../lib/embedded/schema/mod.ts";
import { known } from "./_kinds.ts";

interface Case {
  readonly what: string;
  readonly kind: readonly [group: string, kind: string];
  readonly given: JsonObject;
  readonly shaped: JsonObject;
}

const CASES: readonly Case[] = [
  {
    what: "drops nulls, empty texts, lists and maps",
    kind: ["", "ConfigMap"],
    given: {
      metadata: { name: "a", generateName: "", finalizers: [], labels: {}, annotations: null },
      data: { k: "" },
    },
    shaped: { metadata: { name: "a" }, data: { k: "" } },
  },
  {
    what: "drops fields that it does not know",
    kind: ["", "ConfigMap"],
    given: { metadata: { name: "a" }, typo: 1 },
    shaped: { metadata: { name: "a" } },
  },
  {
    what: "writes what Go always writes",
    kind: ["", "Namespace"],
    given: {},
    shaped: { metadata: {}, spec: {}, status: {} },
  },
  {
    what: "writes null for times and required lists that have no value",
    kind: ["", "Pod"],
    given: { status: { conditions: [{ type: "Ready", status: "True" }] } },
    shaped: {
      metadata: {},
      spec: { containers: null },
      status: {
        conditions: [{
          type: "Ready",
          status: "True",
          lastProbeTime: null,
          lastTransitionTime: null,
        }],
      },
    },
  },
  {
    what: "drops zeros that are no pointers, and keeps those that are",
    kind: ["", "Pod"],
    given: {
      spec: {
        hostNetwork: false,
        automountServiceAccountToken: false,
        terminationGracePeriodSeconds: 0,
        containers: [{ name: "c", tty: false, ports: [{ containerPort: 1, hostPort: 0 }] }],
      },
    },
    shaped: {
      metadata: {},
      spec: {
        automountServiceAccountToken: false,
        containers: [{ name: "c", ports: [{ containerPort: 1 }], resources: {} }],
        terminationGracePeriodSeconds: 0,
      },
      status: {},
    },
  },
  {
    what: "writes times in UTC and quantities in their canonical form",
    kind: ["", "PersistentVolumeClaim"],
    given: {
      metadata: { creationTimestamp: "2026-01-01T02:00:00.5+02:00" },
      spec: { resources: { requests: { storage: 1024 } } },
    },
    shaped: {
      metadata: { creationTimestamp: "2026-01-01T00:00:00Z" },
      spec: { resources: { requests: { storage: "1024" } } },
      status: {},
    },
  },
  {
    what: "keeps the decimals of times with microseconds",
    kind: ["coordination.k8s.io", "Lease"],
    given: { spec: { renewTime: "2026-01-01T00:00:00.1Z", holderIdentity: "" } },
    shaped: {
      metadata: {},
      spec: { holderIdentity: "", renewTime: "2026-01-01T00:00:00.100000Z" },
    },
  },
];

for (const { what, kind: [group, kind], given, shaped } of CASES) {
  Deno.test(`goShape() ${what}`, () => {
    assert.deepEqual(goShape(given, known(group, kind).root), shaped);
  });
}

Deno.test("goShape() has nothing to do a second time", () => {
  for (const { kind: [group, kind], given } of CASES) {
    const { root } = known(group, kind);
    const once = goShape(given, root);
    assert.deepEqual(goShape(once, root), once);
  }
});
