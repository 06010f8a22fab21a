import assert from "node:assert/strict";

import type { Node, Pod, PodSpec } from "kubernetes-types/core/v1.d.ts";

import { Scheduler } from "../../../lib/embedded/controllers/mod.ts";
import { NODES, type Stored } from "../../../lib/kube/mod.ts";
import { until } from "../../support/eventually.ts";
import { World } from "./_world.ts";

function start(): Promise<World> {
  return World.start({
    controllers: (client) => [new Scheduler({ client })],
    fate: () => "pending",
  });
}

/** A node whose label `world` has the namespace's name, so that only this test's pods select it. */
async function createNode(world: World, ready: boolean): Promise<Stored<Node>> {
  const nodes = world.client.resource(NODES);
  const name = `node-${world.namespace}`;
  await nodes.create({ metadata: { name, labels: { world: world.namespace } } });
  return await setReady(world, name, ready);
}

async function setReady(world: World, name: string, ready: boolean): Promise<Stored<Node>> {
  const condition = { type: "Ready", status: ready ? "True" : "False" };
  return await world.client.resource(NODES).status.mergePatch(name, {
    status: { conditions: [condition] },
  });
}

async function createPod(world: World, spec: Partial<PodSpec> = {}): Promise<Stored<Pod>> {
  return await world.pods.create({
    metadata: { name: "p" },
    spec: {
      containers: [{ name: "c", image: "x" }],
      nodeSelector: { world: world.namespace },
      ...spec,
    },
  });
}

const scheduled = (
  pod: Readonly<Stored<Pod>> | undefined,
): { status: string; message?: string } | undefined =>
  pod?.status?.conditions?.find(({ type }) => type === "PodScheduled");

Deno.test("Scheduler binds a pod to a ready node and says so", async () => {
  await using world = await start();
  const node = await createNode(world, true);
  await createPod(world);
  const pod = await until(world.pods, ([pod]) => pod?.spec?.nodeName ? pod : undefined);
  assert.equal(pod.spec?.nodeName, node.metadata.name);
  assert.equal(scheduled(pod)?.status, "True");
  assert.equal(
    await world.eventNote("Scheduled"),
    `Successfully assigned ${world.namespace}/p to ${node.metadata.name}`,
  );
});

Deno.test("Scheduler says why a pod has no node, and binds it once there is one", async () => {
  await using world = await start();
  await createPod(world);
  const waiting = await until(world.pods, ([pod]) => scheduled(pod)?.status === "False" && pod);
  assert.match(scheduled(waiting)?.message ?? "", /^no nodes available|didn't match Pod's node/);
  await world.eventNote("FailedScheduling");
  const { metadata: { name } } = await createNode(world, false);
  await until(
    world.pods,
    ([pod]) =>
      scheduled(pod)?.message?.includes("untolerated taint {node.kubernetes.io/not-ready: }"),
  );
  await setReady(world, name, true);
  const bound = await until(world.pods, ([pod]) => pod?.spec?.nodeName ? pod : undefined);
  assert.equal(bound.spec?.nodeName, name);
  assert.equal(scheduled(bound)?.status, "True");
});

Deno.test("Scheduler leaves a pod to the scheduler that it names", async () => {
  await using world = await start();
  await createNode(world, true);
  await createPod(world, { schedulerName: "somebody" });
  await world.pods.create({
    metadata: { name: "q" },
    spec: { containers: [{ name: "c", image: "x" }], nodeSelector: { world: world.namespace } },
  });
  await until(
    world.pods,
    (pods) => pods.some(({ metadata, spec }) => metadata.name === "q" && spec?.nodeName),
  );
  assert.equal((await world.pods.get("p")).spec?.nodeName, undefined);
});
