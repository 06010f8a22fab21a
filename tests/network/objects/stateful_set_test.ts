/** The StatefulSet: the fields that users, the scheduler and Pod Security rely on. */

import assert from "node:assert/strict";
import type { Container, PodSpec } from "kubernetes-types/core/v1.d.ts";
import type { StatefulSet } from "kubernetes-types/apps/v1.d.ts";
import { statefulSetOf } from "../../../lib/network/objects/stateful_set.ts";
import { OWNER, settings } from "../_samples.ts";

function podOf({ spec }: StatefulSet): PodSpec & { container: Container } {
  const podSpec = spec?.template.spec;
  const [container, ...others] = podSpec?.containers ?? [];
  assert.ok(podSpec && container && others.length === 0, "there is one container");
  return { ...podSpec, container };
}

Deno.test("statefulSetOf() runs as many pods as are wanted, in parallel, under the Service's name", () => {
  const set = statefulSetOf(OWNER, settings({ nodes: 7 }), "hash");
  assert.equal(set.metadata?.name, "net-sts");
  assert.equal(set.metadata?.ownerReferences?.[0]?.uid, "uid-net");
  assert.equal(set.spec?.replicas, 7);
  assert.equal(set.spec?.serviceName, "net-svc");
  assert.equal(set.spec?.podManagementPolicy, "Parallel");
  assert.deepEqual(set.spec?.selector, { matchLabels: { app: "net" } });
  const labels = set.spec?.template.metadata?.labels ?? {};
  assert.equal(labels["app"], "net");
  assert.equal(
    labels["app.kubernetes.io/part-of"],
    "bitcoin-network",
    "the informer finds the pods",
  );
});

Deno.test("statefulSetOf() starts bitcoind by name, tells it who it is, and mounts its file read-only", () => {
  const { container, volumes } = podOf(statefulSetOf(OWNER, settings(), "hash"));
  assert.equal(container.name, "net-sts-ctr");
  assert.deepEqual(container.command, [
    "bitcoind",
    "-conf=/bitcoin.conf",
    "-uacomment=$(POD_NAME)",
  ]);
  assert.equal(container.env?.[0]?.valueFrom?.fieldRef?.fieldPath, "metadata.name");
  assert.deepEqual(container.volumeMounts, [
    { name: "data", mountPath: "/data" },
    { name: "config", mountPath: "/bitcoin.conf", subPath: "bitcoin.conf", readOnly: true },
  ]);
  assert.deepEqual(volumes?.[1], {
    name: "config",
    secret: { secretName: "net-conf", defaultMode: 0o440 },
  });
});

Deno.test("statefulSetOf() probes the start and the readiness, and never kills a living node", () => {
  const { container } = podOf(statefulSetOf(OWNER, settings(), "hash"));
  const cli = ["bitcoin-cli", "-regtest", "-conf=/bitcoin.conf"];
  assert.deepEqual(container.startupProbe?.exec?.command, [...cli, "getblockchaininfo"]);
  assert.ok(
    (container.startupProbe?.failureThreshold ?? 0) >= 600,
    "a big chain takes time to load",
  );
  assert.deepEqual(container.readinessProbe?.exec?.command, [...cli, "getnetworkinfo"]);
  assert.equal(container.livenessProbe, undefined);
});

Deno.test("statefulSetOf() passes the restricted Pod Security standard", () => {
  const { container, ...pod } = podOf(statefulSetOf(OWNER, settings(), "hash"));
  assert.equal(pod.securityContext?.runAsNonRoot, true);
  assert.deepEqual(pod.securityContext?.seccompProfile, { type: "RuntimeDefault" });
  assert.equal(pod.automountServiceAccountToken, false);
  assert.equal(pod.enableServiceLinks, false);
  assert.equal(pod.terminationGracePeriodSeconds, 60);
  assert.deepEqual(container.securityContext, {
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ["ALL"] },
  });
  assert.deepEqual(container.resources, { requests: { cpu: "100m", memory: "96Mi" } });
});

Deno.test("statefulSetOf() changes its pod template with the hash and the image, and not with the number of nodes", () => {
  const template = (nodes: number, image: string, hash: string): string =>
    JSON.stringify(statefulSetOf(OWNER, settings({ nodes, image }), hash).spec?.template);
  const before = template(3, "a:30", "one");
  assert.equal(template(4, "a:30", "one"), before);
  assert.notEqual(template(3, "a:30", "two"), before);
  assert.notEqual(template(3, "a:31", "one"), before);
});
