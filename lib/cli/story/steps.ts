/** The acceptance of a network's life, from its creation to its end, each step with what must be seen. */

import {
  type KubeObject,
  PODS,
  type ResourceType,
  SECRETS,
  SERVICES,
  STATEFUL_SETS,
} from "../../kube/mod.ts";
import { BITCOIN_NETWORKS } from "../../network/mod.ts";
import { NotYet, until } from "../until.ts";
import { checkChain, checkMesh } from "./checks.ts";
import type { Step } from "./story.ts";
import type { DemoNetwork, DemoNode } from "../demo/demo_network.ts";

/** Blocks that are mined: one more than a coinbase needs to mature. */
const BLOCKS = 101;

/** What a network owns, directly or not. */
const OWNED: readonly ResourceType<KubeObject>[] = [STATEFUL_SETS, SERVICES, SECRETS, PODS];

/** The story, in order; each step starts from where the one before it ended. */
export const STEPS: readonly Step<DemoNetwork>[] = [
  { name: "3 nodes come up and link all to all", run: create },
  { name: `${BLOCKS} blocks mined on node 0 reach all`, run: mine },
  { name: "node 0 is killed and its pod deleted: the replacement links and syncs", run: replace },
  { name: "scaled to 4: the new node links and syncs", run: scaleUp },
  { name: "scaled to 3: the leaver is forgotten and disconnected", run: scaleDown },
  { name: "the StatefulSet is scaled to 5 by hand: it is put back to 3", run: repairReplicas },
  { name: "the Service is deleted: it comes back", run: repairService },
  { name: "the network is deleted: nothing of it is left", run: remove },
];

async function create(world: DemoNetwork, signal: AbortSignal): Promise<string> {
  await world.objects(BITCOIN_NETWORKS).create({
    apiVersion: "bitcoincontroller.christianb93.github.com/v1",
    kind: "BitcoinNetwork",
    metadata: { name: world.name, namespace: world.namespace },
    spec: { nodes: 3 },
  }, { signal });
  const nodes = await meshOf(world, 3, signal);
  return nodes.map(({ name, ip }) => `${name} ${ip}`).join(", ");
}

async function mine(world: DemoNetwork, signal: AbortSignal): Promise<string> {
  const nodes = await world.readyNodes(3, signal);
  const [miner] = nodes;
  if (!miner) throw new NotYet("there is no node 0");
  await world.mine(miner, BLOCKS, signal);
  return `tip ${await chainOf(nodes, signal)}`;
}

async function replace(world: DemoNetwork, signal: AbortSignal): Promise<string> {
  const [old] = await world.readyNodes(3, signal);
  if (!old) throw new NotYet("there is no node 0");
  await world.cluster.killPod(world.namespace, old.name);
  await world.objects(PODS).delete(old.name, { uid: old.uid, signal });
  const fresh = await until(`a replacement of ${old.name}`, async () => {
    const [node] = await world.readyNodes(3, signal);
    if (!node || node.uid === old.uid) throw new NotYet(`${old.name} is still the old pod`);
    return node;
  }, { signal });
  const ready = performance.now();
  const nodes = await meshOf(world, 3, signal);
  const linkedMs = Math.round(performance.now() - ready);
  if (fresh.ip === old.ip) throw new Error(`The replacement has the old address ${old.ip}`);
  await chainOf(nodes, signal);
  return `${old.ip} became ${fresh.ip}, linked ${linkedMs} ms after its Ready`;
}

async function scaleUp(world: DemoNetwork, signal: AbortSignal): Promise<string> {
  await world.objects(BITCOIN_NETWORKS).scale.mergePatch(world.name, { spec: { replicas: 4 } }, {
    signal,
  });
  const nodes = await meshOf(world, 4, signal);
  return `4 nodes at tip ${await chainOf(nodes, signal)}`;
}

async function scaleDown(world: DemoNetwork, signal: AbortSignal): Promise<string> {
  const leaver = (await world.readyNodes(4, signal))[3];
  await world.objects(BITCOIN_NETWORKS).scale.mergePatch(world.name, { spec: { replicas: 3 } }, {
    signal,
  });
  // The mesh of 3 has no place for a fourth: neither in a list nor as a peer.
  await meshOf(world, 3, signal);
  return `${leaver?.name} is in no list and nobody's peer`;
}

async function repairReplicas(world: DemoNetwork, signal: AbortSignal): Promise<string> {
  const sets = world.objects(STATEFUL_SETS);
  const name = `${world.name}-sts`;
  const asked = await sets.scale.mergePatch(name, { spec: { replicas: 5 } }, { signal });
  if (asked.spec?.replicas !== 5) throw new Error(`'${name}' was not scaled by hand`);
  await until("the StatefulSet to be put back", async () => {
    const { spec } = await sets.get(name, { signal });
    if (spec?.replicas !== 3) throw new NotYet(`'${name}' has ${spec?.replicas} replicas`);
  }, { signal });
  await meshOf(world, 3, signal);
  return "3 replicas again, 3 nodes linked";
}

async function repairService(world: DemoNetwork, signal: AbortSignal): Promise<string> {
  const services = world.objects(SERVICES);
  const name = `${world.name}-svc`;
  const { metadata: { uid } } = await services.get(name, { signal });
  await services.delete(name, { uid, signal });
  const fresh = await until(`Service '${name}'`, () => services.get(name, { signal }), { signal });
  if (fresh.metadata.uid === uid) throw new Error(`Service '${name}' was never deleted`);
  if (fresh.spec?.selector?.app !== world.name) {
    throw new Error(`Service '${name}' has another selector`);
  }
  return `'${name}' is back`;
}

async function remove(world: DemoNetwork, signal: AbortSignal): Promise<string> {
  await world.objects(BITCOIN_NETWORKS).delete(world.name, { signal });
  await until("everything to be gone", async () => {
    for (const type of OWNED) {
      const { items } = await world.objects(type).list({
        labelSelector: `app=${world.name}`,
        signal,
      });
      if (items[0]) throw new NotYet(`${type.kind} '${items[0].metadata.name}' is still there`);
    }
    const running = world.cluster.running();
    if (running.length > 0) throw new NotYet(`${running[0]} still runs`);
  }, { signal, timeoutMs: 60_000 });
  const left = await world.objects(BITCOIN_NETWORKS).find(world.name, { signal });
  if (left) throw new Error(`BitcoinNetwork '${world.name}' is still there`);
  return "StatefulSet, Service, Secrets, pods and processes are gone";
}

/** Waits for `count` Ready nodes in a full mesh. */
function meshOf(world: DemoNetwork, count: number, signal: AbortSignal): Promise<DemoNode[]> {
  return until(`${count} linked nodes`, async () => {
    const nodes = await world.readyNodes(count, signal);
    await checkMesh(nodes, signal);
    return nodes;
  }, { signal });
}

/** Waits for all nodes to have the mined blocks; returns the tip, shortened. */
async function chainOf(nodes: readonly DemoNode[], signal: AbortSignal): Promise<string> {
  const tip = await until("one chain", () => checkChain(nodes, BLOCKS, signal), { signal });
  return `${tip.slice(0, 8)}…${tip.slice(-8)}`;
}
