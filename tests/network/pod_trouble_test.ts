/** What is said of pods that are not Ready, in statuses as a kubelet and a scheduler write them. */

import assert from "node:assert/strict";
import type { ContainerStatus, Pod, PodStatus } from "kubernetes-types/core/v1.d.ts";
import { troubleOf } from "../../lib/network/pod_trouble.ts";
import { inBrief } from "../../lib/network/pods.ts";
import { pod } from "./_samples.ts";

const NOT_READY = { type: "Ready", status: "False", reason: "ContainersNotReady" };

/** A pod on the node `worker-1` whose container is as a kubelet says. */
function withContainer(container: Partial<ContainerStatus>, image = "bitcoin/bitcoin:99.0"): Pod {
  const { metadata } = pod(1);
  return {
    metadata,
    spec: { nodeName: "worker-1", containers: [{ name: "net-sts-ctr", image }] },
    status: {
      phase: "Pending",
      conditions: [NOT_READY, { type: "PodScheduled", status: "True" }],
      containerStatuses: [{
        name: "net-sts-ctr",
        image,
        imageID: "",
        ready: false,
        restartCount: 0,
        started: false,
        ...container,
      }],
    },
  };
}

function waiting(reason: string, message?: string): Partial<ContainerStatus> {
  return { state: { waiting: { reason, ...(message && { message }) } } };
}

/** A container that has ended before. */
function ended(exitCode: number, reason: string, message?: string): Partial<ContainerStatus> {
  return {
    restartCount: 4,
    lastState: { terminated: { exitCode, reason, ...(message && { message }) } },
  };
}

function withStatus(status: PodStatus, metadata: Pod["metadata"] = {}): Pod {
  return { metadata: { ...pod(1).metadata, ...metadata }, status };
}

const RUNNING = { state: { running: { startedAt: "2026-01-01T00:00:00Z" } } };

const CASES: readonly (readonly [what: string, pod: Pod, reason: string, message: string])[] = [
  [
    "no node has room for",
    withStatus({
      conditions: [{
        type: "PodScheduled",
        status: "False",
        reason: "Unschedulable",
        message:
          "0/3 nodes are available: 3 Insufficient memory. preemption: 0/3 nodes are available: 3 No preemption victims found for incoming pod.",
      }],
    }),
    "Unschedulable",
    "Pod 'net-sts-1' fits on no node: 0/3 nodes are available: 3 Insufficient memory. preemption: 0/3 nodes are available: 3 No preemption victims found for incoming pod; make room or add a node, or lower spec.nodes",
  ],
  [
    "somebody holds back",
    withStatus({
      conditions: [{
        type: "PodScheduled",
        status: "False",
        reason: "SchedulingGated",
        message: "Scheduling is blocked due to non-empty scheduling gates",
      }],
    }),
    "NodesStarting",
    "Pod 'net-sts-1' is not scheduled: SchedulingGated: Scheduling is blocked due to non-empty scheduling gates",
  ],
  [
    "has an image that is not there",
    withContainer(waiting(
      "ErrImagePull",
      'rpc error: code = NotFound desc = failed to pull and unpack image "docker.io/bitcoin/bitcoin:99.0": not found',
    )),
    "ImagePullFailed",
    "Pod 'net-sts-1' on 'worker-1' cannot pull image 'bitcoin/bitcoin:99.0' (ErrImagePull: rpc error: code = NotFound desc = failed to pull and unpack image \"docker.io/bitcoin/bitcoin:99.0\": not found); check spec.image, and that the node can reach and may use its registry",
  ],
  [
    "has an image that is tried again later",
    withContainer(waiting("ImagePullBackOff", 'Back-off pulling image "bitcoin/bitcoin:99.0"')),
    "ImagePullFailed",
    "Pod 'net-sts-1' on 'worker-1' cannot pull image 'bitcoin/bitcoin:99.0' (ImagePullBackOff: Back-off pulling image \"bitcoin/bitcoin:99.0\"); check spec.image, and that the node can reach and may use its registry",
  ],
  [
    "has an image whose name makes no sense",
    withContainer(
      waiting(
        "InvalidImageName",
        'Failed to apply default image tag "Bitcoin:x:y": couldn\'t parse image name "Bitcoin:x:y": invalid reference format',
      ),
      "Bitcoin:x:y",
    ),
    "ImagePullFailed",
    "Pod 'net-sts-1' on 'worker-1' cannot pull 'Bitcoin:x:y', which is no name of an image (InvalidImageName: Failed to apply default image tag \"Bitcoin:x:y\": couldn't parse image name \"Bitcoin:x:y\": invalid reference format); correct spec.image",
  ],
  [
    "has an image that nobody may pull",
    withContainer(waiting(
      "ErrImageNeverPull",
      'Container image "bitcoin/bitcoin:99.0" is not present with pull policy of Never',
    )),
    "ImagePullFailed",
    "Pod 'net-sts-1' on 'worker-1' has no image 'bitcoin/bitcoin:99.0' (ErrImageNeverPull: Container image \"bitcoin/bitcoin:99.0\" is not present with pull policy of Never); load it onto the node, or let spec.imagePullPolicy be IfNotPresent",
  ],
  [
    "has a bitcoind that ends again and again",
    withContainer({
      ...waiting("CrashLoopBackOff", "back-off 40s restarting failed container"),
      ...ended(1, "Error", "2026-01-01T00:00:00Z init\nError: Cannot obtain a lock on /data.\n"),
    }),
    "CrashLoop",
    "Pod 'net-sts-1' on 'worker-1' keeps failing: bitcoind ended with exit code 1, and said: Error: Cannot obtain a lock on /data; see kubectl logs -n test net-sts-1 --previous",
  ],
  [
    "has a bitcoind that says nothing when it ends",
    withContainer({ ...waiting("CrashLoopBackOff"), ...ended(137, "OOMKilled") }),
    "CrashLoop",
    "Pod 'net-sts-1' on 'worker-1' keeps failing: bitcoind ended with exit code 137 (OOMKilled); see kubectl logs -n test net-sts-1 --previous",
  ],
  [
    "has an image without bitcoind",
    withContainer({
      ...waiting("CrashLoopBackOff"),
      ...ended(
        128,
        "StartError",
        'failed to create containerd task: exec: "bitcoind": executable file not found in $PATH',
      ),
    }, "nginx:1"),
    "CrashLoop",
    "Pod 'net-sts-1' on 'worker-1' keeps failing: bitcoind ended with exit code 128 (StartError), and said: failed to create containerd task: exec: \"bitcoind\": executable file not found in $PATH; see kubectl logs -n test net-sts-1 --previous",
  ],
  [
    "keeps failing, of which no more is known",
    withContainer(waiting("CrashLoopBackOff")),
    "CrashLoop",
    "Pod 'net-sts-1' on 'worker-1' keeps failing: bitcoind ended; see kubectl logs -n test net-sts-1 --previous",
  ],
  [
    "lacks its Secret",
    withContainer(waiting("CreateContainerConfigError", 'secret "net-conf" not found')),
    "NodesStarting",
    "Pod 'net-sts-1' on 'worker-1' cannot start: CreateContainerConfigError: secret \"net-conf\" not found; see kubectl describe pod -n test net-sts-1",
  ],
  [
    "is being made",
    withContainer(waiting("ContainerCreating")),
    "NodesStarting",
    "Pod 'net-sts-1' is not Ready yet: its container is being made",
  ],
  [
    "nobody has looked at",
    withStatus({ phase: "Pending" }),
    "NodesStarting",
    "Pod 'net-sts-1' is not Ready yet: it has not been started",
  ],
  [
    "starts",
    withContainer(RUNNING),
    "NodesStarting",
    "Pod 'net-sts-1' is not Ready yet: bitcoind is starting",
  ],
  [
    "starts once more",
    withContainer({ ...RUNNING, ...ended(1, "Error", "Error: Corrupted block database") }),
    "NodesStarting",
    "Pod 'net-sts-1' is not Ready yet: bitcoind is starting; before, it ended with exit code 1, and said: Error: Corrupted block database",
  ],
  [
    "does not answer any more",
    withContainer({ ...RUNNING, started: true }),
    "NodesStarting",
    "Pod 'net-sts-1' is not Ready yet: bitcoind does not answer its readiness probe; see kubectl logs -n test net-sts-1",
  ],
  [
    "has just ended",
    withContainer({ state: { terminated: { exitCode: 139, reason: "Error" } } }),
    "NodesStarting",
    "Pod 'net-sts-1' is not Ready yet: bitcoind ended with exit code 139, and is started again",
  ],
  [
    "was evicted",
    withStatus({
      phase: "Failed",
      reason: "Evicted",
      message: "The node was low on resource: memory. ",
    }),
    "NodesStarting",
    "Pod 'net-sts-1' has failed (Evicted: The node was low on resource: memory), and another one takes its place",
  ],
  [
    "is on its way out",
    { ...withContainer(RUNNING), ...withStatus({}, { deletionTimestamp: "2026-01-01T00:00:00Z" }) },
    "NodesStarting",
    "Pod 'net-sts-1' is being deleted, and another one takes its place; if this lasts, look after its node 'worker-1'",
  ],
];

for (const [what, it, reason, message] of CASES) {
  Deno.test(`troubleOf() tells ${reason} of a pod that ${what}`, () => {
    assert.deepEqual(troubleOf(it), { reason, message });
    const { name = "", uid = "" } = it.metadata ?? {};
    const stored = { ...it, metadata: { ...it.metadata, name, uid, resourceVersion: "1" } };
    assert.deepEqual(troubleOf(inBrief(stored)), { reason, message }, "as the controller keeps it");
  });
}

Deno.test("troubleOf() is undefined for a pod that is Ready, whatever its container did before", () => {
  const { metadata, ...rest } = withContainer(ended(1, "Error"));
  const conditions = [{ type: "Ready", status: "True" }];
  assert.equal(troubleOf({ ...rest, ...metadata, status: { conditions } }), undefined);
});
