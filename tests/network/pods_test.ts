/** What a pod says of its node. */

import assert from "node:assert/strict";
import type { Pod } from "kubernetes-types/core/v1.d.ts";
import type { Stored } from "../../lib/kube/mod.ts";
import { inBrief, isReady, troubleOf, wantedPods } from "../../lib/network/pods.ts";
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

Deno.test("inBrief() keeps all that anybody asks of a pod, and not its spec", () => {
  const pods = [
    pod(0),
    pod(1, { ready: false, waiting: "CrashLoopBackOff" }),
    pod(2, { ready: false }),
  ];
  for (const whole of pods) {
    const metadata = { ...whole.metadata, uid: "u", resourceVersion: "1" };
    const stored: Stored<Pod> = { ...whole, metadata, spec: { containers: [] } };
    const brief = inBrief(stored);
    assert.equal(isReady(brief), isReady(stored));
    assert.deepEqual(troubleOf(brief), troubleOf(stored));
    assert.equal(brief.status?.podIP, stored.status?.podIP);
    assert.equal(brief.spec, undefined);
    const leaving = inBrief({
      ...stored,
      metadata: { ...metadata, deletionTimestamp: "2026-01-01T00:00:00Z" },
    });
    assert.ok(!isReady(leaving));
  }
});

Deno.test("troubleOf() is undefined for a pod that is Ready, whatever its container did before", () => {
  assert.equal(troubleOf(pod(0, { waiting: "CrashLoopBackOff" })), undefined);
});

Deno.test("troubleOf() tells what needs a person from what needs time", () => {
  const cases: [waiting: string, reason: string, message: RegExp][] = [
    ["", "NodesStarting", /'net-sts-0' is not Ready yet/],
    ["ContainerCreating", "NodesStarting", /is not Ready yet/],
    ["PodInitializing", "NodesStarting", /is not Ready yet/],
    ["CreateContainerConfigError", "NodesStarting", /CreateContainerConfigError: the message/],
    ["ErrImagePull", "ImagePullFailed", /ErrImagePull: the message/],
    ["ImagePullBackOff", "ImagePullFailed", /ImagePullBackOff/],
    ["InvalidImageName", "ImagePullFailed", /InvalidImageName/],
    ["CrashLoopBackOff", "CrashLoop", /exit code 7; see kubectl logs --previous net-sts-0/],
  ];
  for (const [waiting, reason, message] of cases) {
    const trouble = troubleOf(pod(0, { ready: false, waiting }));
    assert.equal(trouble?.reason, reason, waiting);
    assert.match(trouble?.message ?? "", message);
  }
});

Deno.test("troubleOf() says why a pod fits on no node", () => {
  const scheduled = {
    type: "PodScheduled",
    status: "False",
    reason: "Unschedulable",
    message: "0/1 nodes",
  };
  const homeless = { ...pod(0), status: { conditions: [scheduled] } };
  assert.deepEqual(troubleOf(homeless), {
    reason: "Unschedulable",
    message: "Pod 'net-sts-0' fits on no node: 0/1 nodes",
  });
});
