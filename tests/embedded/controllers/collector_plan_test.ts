import assert from "node:assert/strict";

import {
  type CollectorAction,
  type OwnerState,
  planDeleting,
  planOwned,
} from "../../../lib/embedded/controllers/collector_plan.ts";
import type { OwnerNode } from "../../../lib/embedded/controllers/owner_graph.ts";
import { CONFIG_MAPS } from "../../../lib/kube/mod.ts";
import { ownerReference } from "./_objects.ts";

function node(more: Partial<OwnerNode> = {}): OwnerNode {
  return {
    type: CONFIG_MAPS,
    name: "n",
    uid: "n",
    resourceVersion: "1",
    owners: [],
    finalizers: [],
    deleting: false,
    ...more,
  };
}

const blocking = node({ uid: "b", owners: [ownerReference("n")] });
const free = node({ uid: "f", owners: [ownerReference("n", { blockOwnerDeletion: false })] });

const DELETING: readonly [string, string[], OwnerNode[], CollectorAction | undefined][] = [
  ["nothing without a finalizer of ours", ["x/y"], [blocking], undefined],
  ["a visit to dependents that block", ["foregroundDeletion"], [free, blocking], {
    type: "visit",
    dependents: [free, blocking],
  }],
  ["release when no dependent blocks", ["foregroundDeletion"], [free], {
    type: "drop-finalizer",
    finalizer: "foregroundDeletion",
  }],
  ["release without dependents", ["foregroundDeletion"], [], {
    type: "drop-finalizer",
    finalizer: "foregroundDeletion",
  }],
  ["freedom for its dependents", ["orphan"], [free, blocking], {
    type: "orphan",
    dependents: [free, blocking],
  }],
  ["release once all are free", ["orphan"], [], { type: "drop-finalizer", finalizer: "orphan" }],
];

for (const [what, finalizers, dependents, expected] of DELETING) {
  Deno.test(`planDeleting() plans ${what}`, () => {
    assert.deepEqual(planDeleting(node({ finalizers, deleting: true }), dependents), expected);
  });
}

const waitingDependent = node({ uid: "w", deleting: true, finalizers: ["foregroundDeletion"] });

const OWNED: readonly {
  readonly what: string;
  readonly states: Readonly<Record<string, OwnerState>>;
  readonly owners?: readonly string[];
  readonly dependents?: readonly OwnerNode[];
  readonly finalizers?: readonly string[];
  readonly then: CollectorAction | undefined;
}[] = [
  { what: "nothing without owners", states: {}, then: undefined },
  { what: "nothing while its owner is there", states: { a: "present" }, then: undefined },
  { what: "nothing while an owner is not known", states: {}, owners: ["a"], then: undefined },
  {
    what: "deletion when its only owner is gone",
    states: { a: "absent" },
    then: { type: "delete", propagationPolicy: "Background" },
  },
  {
    what: "deletion when all owners are gone",
    states: { a: "absent", b: "absent" },
    then: { type: "delete", propagationPolicy: "Background" },
  },
  {
    what: "no reference to a gone owner while another one is there",
    states: { a: "absent", b: "present", c: "waiting" },
    then: { type: "drop-owners", uids: ["a", "c"] },
  },
  {
    what: "no deletion while another owner is not known",
    states: { a: "absent" },
    owners: ["a", "b"],
    then: { type: "drop-owners", uids: ["a"] },
  },
  {
    what: "deletion when its owner waits for it",
    states: { a: "waiting" },
    then: { type: "delete", propagationPolicy: "Background" },
  },
  {
    what: "deletion after its dependents when its owner waits for it",
    states: { a: "waiting" },
    dependents: [blocking],
    then: { type: "delete", propagationPolicy: "Foreground" },
  },
  {
    what: "an end to a circle of owners that wait for each other",
    states: { a: "waiting" },
    dependents: [waitingDependent],
    then: { type: "delete", propagationPolicy: "Background" },
  },
  {
    what: "deletion that orphans if its finalizers say so",
    states: { a: "absent" },
    finalizers: ["orphan"],
    then: { type: "delete", propagationPolicy: "Orphan" },
  },
  {
    what: "deletion in the foreground if its finalizers say so",
    states: { a: "absent" },
    finalizers: ["foregroundDeletion"],
    then: { type: "delete", propagationPolicy: "Foreground" },
  },
];

for (const { what, states, owners, dependents = [], finalizers = [], then } of OWNED) {
  Deno.test(`planOwned() plans ${what}`, () => {
    const references = (owners ?? Object.keys(states)).map((uid) => ownerReference(uid));
    const known = new Map(Object.entries(states));
    assert.deepEqual(planOwned(node({ owners: references, finalizers }), dependents, known), then);
  });
}
