import assert from "node:assert/strict";

import type { ApiObject, Metadata } from "../../../../lib/embedded/api/object.ts";
import type { DeleteOptions } from "../../../../lib/embedded/api/options.ts";
import {
  planDeletion,
  planNamespaceDeletion,
} from "../../../../lib/embedded/api/verbs/deletion_plan.ts";

const NOW = Date.UTC(2026, 0, 1);

function at(seconds: number): string {
  return new Date(NOW + seconds * 1000).toISOString().replace(".000Z", "Z");
}

function object(metadata: Partial<Metadata> = {}, rest = {}): ApiObject {
  return { metadata: { name: "a", ...metadata }, ...rest };
}

function pod(rest: Record<string, unknown> = {}, metadata: Partial<Metadata> = {}): ApiObject {
  return object(metadata, { spec: { nodeName: "n", terminationGracePeriodSeconds: 7 }, ...rest });
}

/** What is left of the metadata: deletion, grace, generation, finalizers. */
function outcome(plan: { mark?: ApiObject; remove: boolean }): unknown {
  const { deletionTimestamp, deletionGracePeriodSeconds, generation, finalizers } =
    plan.mark?.metadata ?? {};
  return {
    remove: plan.remove,
    deletionTimestamp,
    deletionGracePeriodSeconds,
    generation,
    finalizers,
  };
}

const DELETED = { deletionTimestamp: at(0), deletionGracePeriodSeconds: 0 };

for (
  const [what, metadata, propagationPolicy, expected] of [
    ["a plain object", {}, undefined, { remove: true }],
    ["a plain object in the background", {}, "Background", { remove: true }],
    ["an object with a finalizer", { finalizers: ["x/y"], generation: 3 }, undefined, {
      remove: false,
      ...DELETED,
      generation: 4,
      finalizers: ["x/y"],
    }],
    ["an object in the foreground", { generation: 1 }, "Foreground", {
      remove: false,
      ...DELETED,
      generation: 2,
      finalizers: ["foregroundDeletion"],
    }],
    ["an object whose dependents become orphans", {}, "Orphan", {
      remove: false,
      ...DELETED,
      finalizers: ["orphan"],
    }],
    [
      "an object that waits in the foreground, now in the background",
      { ...DELETED, finalizers: ["foregroundDeletion"] },
      "Background",
      { remove: true },
    ],
    [
      "an object that waits for a finalizer, once more",
      { ...DELETED, finalizers: ["x/y"] },
      undefined,
      { remove: false },
    ],
  ] as const
) {
  Deno.test(`planDeletion() of ${what} is ${JSON.stringify(expected)}`, () => {
    const options: DeleteOptions = {
      dryRun: false,
      ...(propagationPolicy ? { propagationPolicy } : {}),
    };
    const nothing = {
      deletionTimestamp: undefined,
      deletionGracePeriodSeconds: undefined,
      generation: undefined,
      finalizers: undefined,
    };
    assert.deepEqual(outcome(planDeletion(object(metadata), "immediate", options, NOW)), {
      ...nothing,
      ...expected,
    });
  });
}

for (
  const [what, target, gracePeriodSeconds, expected] of [
    ["a bound pod", pod(), undefined, { remove: false, seconds: 7, grace: 7 }],
    ["a bound pod with a time of the request's own", pod(), 3, {
      remove: false,
      seconds: 3,
      grace: 3,
    }],
    ["a bound pod without a time", object({}, { spec: { nodeName: "n" } }), undefined, {
      remove: false,
      seconds: 30,
      grace: 30,
    }],
    ["a bound pod at once", pod(), 0, { remove: true, seconds: 0, grace: 0 }],
    ["a bound pod with a negative time", pod(), -1, { remove: false, seconds: 1, grace: 1 }],
    ["a pod without a node", object({}, { spec: {} }), 30, { remove: true, seconds: 0, grace: 0 }],
    ["a pod that has ended", pod({ status: { phase: "Failed" } }), 30, {
      remove: true,
      seconds: 0,
      grace: 0,
    }],
    [
      "a pod that ends, in less time",
      pod({}, { deletionTimestamp: at(25), deletionGracePeriodSeconds: 30 }),
      10,
      { remove: false, seconds: 5, grace: 10 },
    ],
    [
      "a pod that ends, at once, as its kubelet does",
      pod({}, { deletionTimestamp: at(-3), deletionGracePeriodSeconds: 7 }),
      0,
      { remove: true, seconds: -10, grace: 0 },
    ],
  ] as const
) {
  Deno.test(`planDeletion() of ${what} grants ${expected.grace} s`, () => {
    const options: DeleteOptions = {
      dryRun: false,
      ...(gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds }),
    };
    const { mark, remove } = planDeletion(target, "graceful", options, NOW);
    assert.deepEqual(
      [remove, mark?.metadata.deletionTimestamp, mark?.metadata.deletionGracePeriodSeconds],
      [expected.remove, at(expected.seconds), expected.grace],
    );
  });
}

Deno.test("planDeletion() never grants a pod more time than it got first", () => {
  const ending = pod({}, { deletionTimestamp: at(5), deletionGracePeriodSeconds: 5 });
  for (const options of [{ dryRun: false }, { dryRun: false, gracePeriodSeconds: 60 }]) {
    assert.deepEqual(planDeletion(ending, "graceful", options, NOW), { remove: false });
  }
});

Deno.test("planDeletion() holds a pod with a finalizer beyond its grace", () => {
  const { mark, remove } = planDeletion(pod({}, { finalizers: ["x/y"] }), "graceful", {
    dryRun: false,
    gracePeriodSeconds: 0,
  }, NOW);
  assert.deepEqual([remove, mark?.metadata.deletionGracePeriodSeconds], [false, 0]);
});

Deno.test("planNamespaceDeletion() leaves a namespace terminating until its finalizers are gone", () => {
  const namespace = object({}, {
    spec: { finalizers: ["kubernetes"] },
    status: { phase: "Active" },
  });
  const { mark, remove } = planNamespaceDeletion(namespace, NOW);
  assert.deepEqual([remove, mark?.metadata.deletionTimestamp, mark?.status], [false, at(0), {
    phase: "Terminating",
  }]);
  assert.deepEqual(
    planNamespaceDeletion({
      ...namespace,
      metadata: { ...namespace.metadata, deletionTimestamp: at(0) },
    }, NOW),
    { remove: false },
  );
  assert.deepEqual(planNamespaceDeletion({ ...namespace, spec: {} }, NOW), { remove: true });
});
