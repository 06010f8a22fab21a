import assert from "node:assert/strict";

import {
  applyDefaults,
  asObject,
  type JsonObject,
  validateCreate,
  validateUpdate,
  withValueAt,
} from "../../../lib/embedded/schema/mod.ts";
import { known, pod, said } from "./_kinds.ts";

/** A StatefulSet, Deployment or ReplicaSet with some changes in its spec. */
function workload(kind: string, spec: JsonObject = {}): JsonObject {
  return applyDefaults(known("apps", kind), {
    metadata: { name: "w", namespace: "n" },
    spec: {
      selector: { matchLabels: { app: "a" } },
      template: { metadata: { labels: { app: "a" } }, spec: asObject(pod().spec) },
      ...(kind === "StatefulSet" ? { serviceName: "s" } : {}),
      ...spec,
    },
  });
}

const CREATED: readonly (readonly [
  what: string,
  kind: string,
  spec: JsonObject,
  says: readonly string[],
])[] = [
  ["is content with what is right", "StatefulSet", {}, []],
  [
    "wants a selector that selects the pods",
    "StatefulSet",
    { selector: { matchLabels: { app: "b" } } },
    [
      'spec.template.metadata.labels: Invalid value: {"app":"a"}: `selector` does not match template `labels`',
    ],
  ],
  [
    "wants a selector at all",
    "Deployment",
    { selector: {} },
    ["spec.selector: Invalid value: {}: empty selector is invalid for deployment"],
  ],
  [
    "refuses numbers below zero",
    "StatefulSet",
    { replicas: -1, ordinals: { start: -2 } },
    [
      "spec.replicas: Invalid value: -1: must be greater than or equal to 0",
      "spec.ordinals.start: Invalid value: -2: must be greater than or equal to 0",
    ],
  ],
  [
    "refuses unknown policies",
    "StatefulSet",
    { podManagementPolicy: "All", updateStrategy: { type: "Now" } },
    [
      "spec.podManagementPolicy: Invalid value: \"All\": must be 'OrderedReady' or 'Parallel'",
      'spec.updateStrategy: Invalid value: {"Type":"Now","RollingUpdate":null}: must be \'RollingUpdate\' or \'OnDelete\'',
    ],
  ],
  [
    "wants pods that always restart, and never end by themselves",
    "Deployment",
    {
      template: {
        metadata: { labels: { app: "a" } },
        spec: { ...asObject(pod().spec), restartPolicy: "Never", activeDeadlineSeconds: 1 },
      },
    },
    [
      'spec.template.spec.restartPolicy: Unsupported value: "Never": supported values: "Always"',
      "spec.template.spec.activeDeadlineSeconds: Forbidden: activeDeadlineSeconds in ReplicaSet is not Supported",
    ],
  ],
  [
    "takes claims for volumes of the pods",
    "StatefulSet",
    {
      template: {
        metadata: { labels: { app: "a" } },
        spec: asObject(pod({ volumeMounts: [{ name: "data", mountPath: "/data" }] }).spec),
      },
      volumeClaimTemplates: [{ metadata: { name: "data" }, spec: {} }],
    },
    [],
  ],
];

for (const [what, kind, spec, says] of CREATED) {
  Deno.test(`validateCreate() of a ${kind} ${what}`, () => {
    const set = workload(kind, spec);
    assert.deepEqual(said(validateCreate(known("apps", kind), set)), says);
  });
}

Deno.test("validateCreate() of a StatefulSet wants a selector that can be read", () => {
  const selector = { matchExpressions: [{ key: "a", operator: "Is" }] };
  const set = workload("StatefulSet", { selector });
  assert.deepEqual(said(validateCreate(known("apps", "StatefulSet"), set)), [
    'spec.selector.matchExpressions[0].operator: Invalid value: "Is": not a valid selector operator',
    'spec.selector: Invalid value: {"matchExpressions":[{"key":"a","operator":"Is"}]}',
  ]);
});

const FORBIDDEN =
  "spec: Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden";

const UPDATED: readonly (readonly [
  what: string,
  kind: string,
  spec: JsonObject,
  says: readonly string[],
])[] = [
  ["lets the number of pods change", "StatefulSet", { replicas: 5 }, []],
  ["refuses another service", "StatefulSet", { serviceName: "t" }, [FORBIDDEN]],
  ["refuses another policy", "StatefulSet", { podManagementPolicy: "Parallel" }, [FORBIDDEN]],
  [
    "refuses another selector",
    "Deployment",
    { selector: { matchExpressions: [{ key: "app", operator: "Exists" }] } },
    [
      'spec.selector: Invalid value: {"matchExpressions":[{"key":"app","operator":"Exists"}]}: field is immutable',
    ],
  ],
];

for (const [what, kind, spec, says] of UPDATED) {
  Deno.test(`validateUpdate() of a ${kind} ${what}`, () => {
    const errors = validateUpdate(known("apps", kind), workload(kind, spec), workload(kind), "");
    assert.deepEqual(said(errors), says);
  });
}

Deno.test("validateUpdate() of a StatefulSet's status wants counts that can be", () => {
  const old = workload("StatefulSet");
  const status = { replicas: 1, readyReplicas: 0, availableReplicas: 2, updatedReplicas: -1 };
  const errors = validateUpdate(
    known("apps", "StatefulSet"),
    withValueAt(old, ["status"], status),
    old,
    "status",
  );
  assert.deepEqual(said(errors), [
    "status.updatedReplicas: Invalid value: -1: must be greater than or equal to 0",
    "status.availableReplicas: Invalid value: 2: cannot be greater than status.replicas",
    "status.availableReplicas: Invalid value: 2: cannot be greater than status.readyReplicas",
  ]);
});
