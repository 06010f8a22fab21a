/** What a pod says of its node. */

import assert from "node:assert/strict";
import type { Pod } from "kubernetes-types/core/v1.d.ts";
import type { Stored } from "../../lib/kube/mod.ts";
import { troubleOf } from "../../lib/network/pod_trouble.ts";
import { hasRevision, inBrief, isReady, wantedPods } from "../../lib/network/pods.ts";
import { pod } from "./_samples.ts";

Deno.test("isReady() is false for a pod on its way out", () => {
  assert.ok(isReady(pod(0)));
  const { metadata, status = {} } = pod(0);
  const leaving = { ...metadata, deletionTimestamp: "2026-01-01T00:00:00Z" };
  assert.ok(!isReady({ metadata: leaving, status }));
  assert.ok(!isReady(pod(0, { ready: false })));
  assert.ok(!isReady({}));
});

Deno.test("wantedPods() are those below the number of nodes, in their order", () => {
  const stranger = { metadata: { name: "other-sts-0" } };
  const pods = wantedPods("net", 11, [pod(10), stranger, pod(2), pod(11), pod(0)]);
  assert.deepEqual(pods.map(({ metadata }) => metadata?.name), [
    "net-sts-0",
    "net-sts-2",
    "net-sts-10",
  ]);
});

Deno.test("inBrief() keeps all that anybody asks of a pod, and no more of its spec", () => {
  const pods = [
    pod(0),
    pod(1, { ready: false, waiting: "CrashLoopBackOff" }),
    pod(2, { ready: false }),
  ];
  for (const whole of pods) {
    const metadata = { ...whole.metadata, uid: "u", resourceVersion: "1" };
    const stored: Stored<Pod> = {
      ...whole,
      metadata,
      spec: { containers: [{ name: "c", image: "i", command: ["bitcoind"] }], nodeName: "n" },
    };
    const brief = inBrief(stored);
    assert.equal(isReady(brief), isReady(stored));
    assert.deepEqual(troubleOf(brief), troubleOf(stored));
    assert.equal(brief.status?.podIP, stored.status?.podIP);
    const spec = { nodeName: "n", containers: [{ name: "c", image: "i" }] };
    assert.deepEqual(brief.spec, isReady(stored) ? undefined : spec);
    assert.ok(hasRevision(brief, "net-sts-7d4b9"));
    const leaving = inBrief({
      ...stored,
      metadata: { ...metadata, deletionTimestamp: "2026-01-01T00:00:00Z" },
    });
    assert.ok(!isReady(leaving));
  }
});

Deno.test("hasRevision() is false as long as nobody knows which one is wanted", () => {
  assert.ok(hasRevision(pod(0, { revision: "a" }), "a"));
  assert.ok(!hasRevision(pod(0, { revision: "a" }), "b"));
  assert.ok(!hasRevision({}, undefined));
});
