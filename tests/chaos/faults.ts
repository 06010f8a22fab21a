/** What can go wrong, each as one act on the world. What is chosen depends on the seed and on the specs alone. */

import { ApiError, PODS, SERVICES, STATEFUL_SETS } from "../../lib/kube/mod.ts";
import {
  P2P_PORT,
  podName,
  serviceName,
  statefulSetName,
  type TopologySpec,
} from "../../lib/network/mod.ts";
import type { RpcClient } from "../../lib/rpc/mod.ts";
import type { NodeView } from "./observe.ts";
import type { Random } from "./random.ts";
import { pairsOf } from "./wanted_edges.ts";
import { NAMESPACE, type World } from "./world.ts";

/** Most nodes that chaos scales a network to. */
const MAX_NODES = 6;
/** How long something stays frozen or switched off, in ms: at least, at most. */
const PAUSE_MS = [500, 3_000] as const;

/** One kind of fault. */
export interface Fault {
  /** Name in the report. */
  readonly name: string;
  /** How often it comes, beside the others. */
  readonly weight: number;
  /** Time after which all must be well again, in ms. */
  readonly withinMs: number;
  /** Makes it happen, and says to whom. */
  readonly strike: (world: World, random: Random) => Promise<string>;
}

/** All of them. */
export const FAULTS: readonly Fault[] = [
  { name: "node killed", weight: 3, withinMs: 30_000, strike: killNode },
  { name: "pod deleted", weight: 3, withinMs: 30_000, strike: deletePod },
  { name: "node frozen for a while", weight: 2, withinMs: 30_000, strike: freezeNode },
  { name: "machine cut off, pod replaced", weight: 3, withinMs: 30_000, strike: unplugNode },
  { name: "peer disconnected", weight: 3, withinMs: 15_000, strike: disconnectPeer },
  { name: "peer banned", weight: 1, withinMs: 15_000, strike: banPeer },
  { name: "network switched off and on", weight: 2, withinMs: 20_000, strike: switchNetwork },
  { name: "added nodes removed by hand", weight: 1, withinMs: 15_000, strike: removeEntries },
  { name: "dialled into another network", weight: 2, withinMs: 15_000, strike: crossLink },
  { name: "block mined", weight: 2, withinMs: 15_000, strike: mineBlock },
  { name: "scaled", weight: 3, withinMs: 45_000, strike: scale },
  { name: "topology changed", weight: 4, withinMs: 30_000, strike: changeTopology },
  { name: "image changed", weight: 1, withinMs: 90_000, strike: changeImage },
  { name: "StatefulSet scaled by hand", weight: 1, withinMs: 45_000, strike: scaleByHand },
  { name: "Service deleted", weight: 1, withinMs: 15_000, strike: deleteService },
  { name: "StatefulSet deleted", weight: 1, withinMs: 60_000, strike: deleteSet },
  { name: "controller killed", weight: 3, withinMs: 20_000, strike: killController },
  { name: "controller frozen for a while", weight: 1, withinMs: 20_000, strike: freezeController },
];

/** How often a fault comes while the controller is dead, and another one with it. */
const BLIND_SHARE = 0.25;
const TWICE_SHARE = 0.2;

/** Faults that strike together, and whether the controller is dead meanwhile. */
export interface Blow {
  readonly faults: readonly Fault[];
  readonly isBlind: boolean;
}

/** Mostly one fault, sometimes two, sometimes with nobody there to see them. */
export function pickBlow(random: Random): Blow {
  const first = pickFault(FAULTS, random);
  const isAboutController = first.name.startsWith("controller");
  const isTwofold = random.next() < TWICE_SHARE;
  const isBlind = random.next() < BLIND_SHARE && !isAboutController;
  const others = FAULTS.filter(({ name }) => !name.startsWith("controller"));
  return { faults: isTwofold ? [first, pickFault(others, random)] : [first], isBlind };
}

/** A fault, the more often the greater its weight. */
function pickFault(faults: readonly Fault[], random: Random): Fault {
  return random.pick(faults.flatMap((fault) => Array.from({ length: fault.weight }, () => fault)));
}

/** A network with at least `atLeast` nodes, and the ordinal of one of them; undefined if there is none. */
async function pickNode(
  world: World,
  random: Random,
  atLeast = 1,
): Promise<{ readonly network: string; readonly pod: string } | undefined> {
  const candidates = [];
  for (const name of world.names) {
    const { spec } = await world.networks.get(name);
    if (spec.nodes >= atLeast) candidates.push({ name, nodes: spec.nodes });
  }
  if (candidates.length === 0) return undefined;
  const { name, nodes } = random.pick(candidates);
  return { network: name, pod: podName(name, random.between(0, nodes - 1)) };
}

/** Acts on a node that was picked; says so if there is none. */
async function onNode(
  world: World,
  random: Random,
  act: (node: NodeView, network: string) => Promise<string>,
  atLeast = 1,
): Promise<string> {
  const picked = await pickNode(world, random, atLeast);
  if (!picked) return "there is no node";
  const { nodes } = await world.look(picked.network);
  const node = nodes.find(({ name }) => name === picked.pod);
  if (!node) return `${picked.pod} is not there`;
  return await act(node, picked.network);
}

function killNode(world: World, random: Random): Promise<string> {
  return onNode(world, random, ({ name }) => {
    world.cluster.killPod(NAMESPACE, name);
    return Promise.resolve(name);
  });
}

function deletePod(world: World, random: Random): Promise<string> {
  return onNode(world, random, async ({ name, uid }) => {
    await world.client.resource(PODS, NAMESPACE).delete(name, { uid });
    return name;
  });
}

function freezeNode(world: World, random: Random): Promise<string> {
  return onNode(world, random, async ({ name }) => {
    const pid = world.processOf(name);
    if (pid === undefined) return `${name} has no process`;
    const pauseMs = random.between(...PAUSE_MS);
    Deno.kill(pid, "SIGSTOP");
    await pause(pauseMs);
    Deno.kill(pid, "SIGCONT");
    return `${name} for ${pauseMs} ms`;
  });
}

/** Half-open connections: the process is there and says nothing, while its pod is another one at another address. */
function unplugNode(world: World, random: Random): Promise<string> {
  return onNode(world, random, async ({ name, uid }) => {
    if (world.processOf(name) === undefined) return `${name} has no process`;
    world.unplug(name);
    await world.client.resource(PODS, NAMESPACE).delete(name, { uid, gracePeriodSeconds: 0 });
    return name;
  });
}

function disconnectPeer(world: World, random: Random): Promise<string> {
  return onNode(world, random, async ({ name, rpc, peers = [] }) => {
    if (peers.length === 0) return `${name} has no peers`;
    const { id } = random.pick(peers);
    await rpc.disconnectNode(id);
    return `${name}, peer ${id}`;
  }, 2);
}

function banPeer(world: World, random: Random): Promise<string> {
  return onNode(world, random, async ({ name, rpc }, network) => {
    const { nodes } = await world.look(network);
    const victim = random.pick(nodes.filter((node) => node.name !== name));
    await rpc.call("setban", [victim.ip, "add"]);
    return `${victim.name} by ${name}`;
  }, 2);
}

function switchNetwork(world: World, random: Random): Promise<string> {
  return onNode(world, random, async ({ name, rpc }) => {
    const pauseMs = random.between(...PAUSE_MS);
    await rpc.call("setnetworkactive", [false]);
    await pause(pauseMs);
    await rpc.call("setnetworkactive", [true]);
    return `${name} for ${pauseMs} ms`;
  }, 2);
}

function removeEntries(world: World, random: Random): Promise<string> {
  return onNode(world, random, async ({ name, rpc }) => {
    const added = await rpc.getAddedNodeInfo();
    for (const { addednode } of added) await rpc.addNode(addednode, "remove");
    return `${added.length} of ${name}`;
  }, 2);
}

/** What must never stay: two regtest networks that are linked become one. */
function crossLink(world: World, random: Random): Promise<string> {
  return onNode(world, random, async ({ name, rpc }, network) => {
    const other = random.pick(world.names.filter((one) => one !== network));
    const [target] = (await world.look(other)).nodes;
    if (!target?.ip) return `${other} has no node`;
    const how = random.pick(["add", "onetry"] as const);
    await rpc.addNode(`${target.ip}:${P2P_PORT}`, how);
    return `${name} to ${target.name} with ${how}`;
  });
}

function mineBlock(world: World, random: Random): Promise<string> {
  return onNode(world, random, async ({ name, rpc }) => {
    await mine(rpc);
    return `by ${name}`;
  });
}

async function scale(world: World, random: Random): Promise<string> {
  const name = random.pick(world.names);
  const nodes = random.between(0, MAX_NODES);
  const { spec } = await world.networks.get(name);
  try {
    const { type, edges = [] } = spec.topology ?? {};
    if (type === "Edges" && nodes > spec.nodes) {
      // Nodes that no edge names would have no links, and a chain of their own.
      const more = pairsOf(nodes).filter(([a, b]) => b - a === 1 && b >= spec.nodes);
      const topology = { edges: [...edges, ...more.map(([a, b]) => [a, b])] };
      await world.networks.mergePatch(name, { spec: { nodes, topology } });
    } else {
      await world.networks.scale.mergePatch(name, { spec: { replicas: nodes } });
    }
  } catch (error) {
    // Its topology names a node that would go: the API server says no, and nothing has happened.
    if (!(error instanceof ApiError && error.isInvalid)) throw error;
    return `${name} from ${spec.nodes} to ${nodes} nodes, refused`;
  }
  return `${name} from ${spec.nodes} to ${nodes} nodes`;
}

async function changeTopology(world: World, random: Random): Promise<string> {
  const name = random.pick(world.names);
  const { spec: { nodes } } = await world.networks.get(name);
  const topology = topologyFor(nodes, random);
  // Of the old topology nothing may stay.
  const none = { hub: null, degree: null, seed: null, edges: null };
  await world.networks.mergePatch(name, { spec: { topology: { ...none, ...topology } } });
  return `${name} to ${JSON.stringify(topology)}`;
}

/** A topology that so many nodes can have. */
function topologyFor(nodes: number, random: Random): TopologySpec {
  const types = ["Full", "Ring", "Line", "Star", "Random", "Edges"] as const;
  const type = random.pick(nodes > 2 ? types : types.slice(0, 3));
  if (type === "Star") return { type, hub: random.between(0, nodes - 1) };
  if (type === "Random") {
    return { type, degree: random.between(2, nodes - 1), seed: random.between(0, 999) };
  }
  if (type !== "Edges") return { type };
  // A line, so that it is connected, and some further edges.
  const edges = pairsOf(nodes).filter(([a, b]) => b - a === 1 || random.next() < 0.3);
  return { type, edges: edges.map(([a, b]) => [a, b]) };
}

async function changeImage(world: World, random: Random): Promise<string> {
  const name = random.pick(world.names);
  const image = `bitcoin/bitcoin:30.${random.between(0, 99)}`;
  await world.networks.mergePatch(name, { spec: { image } });
  return `${name} to ${image}`;
}

async function scaleByHand(world: World, random: Random): Promise<string> {
  const name = random.pick(world.names);
  const replicas = random.between(0, MAX_NODES);
  const sets = world.client.resource(STATEFUL_SETS, NAMESPACE);
  await sets.scale.mergePatch(statefulSetName(name), { spec: { replicas } });
  return `${name} to ${replicas}`;
}

async function deleteService(world: World, random: Random): Promise<string> {
  const name = random.pick(world.names);
  await world.client.resource(SERVICES, NAMESPACE).delete(serviceName(name));
  return name;
}

async function deleteSet(world: World, random: Random): Promise<string> {
  const name = random.pick(world.names);
  await world.client.resource(STATEFUL_SETS, NAMESPACE).delete(statefulSetName(name));
  return name;
}

async function killController(world: World, random: Random): Promise<string> {
  const pauseMs = random.between(0, PAUSE_MS[1]);
  await world.controller.kill();
  await pause(pauseMs);
  world.controller.start();
  return `started again after ${pauseMs} ms`;
}

async function freezeController(world: World, random: Random): Promise<string> {
  const pauseMs = random.between(...PAUSE_MS);
  world.controller.signal("SIGSTOP");
  await pause(pauseMs);
  world.controller.signal("SIGCONT");
  return `for ${pauseMs} ms`;
}

/** Mines a block that pays to an output that anyone can spend: it needs no wallet. */
async function mine(rpc: RpcClient): Promise<void> {
  await rpc.generateToDescriptor(1, "raw(51)#8lvh9jxk");
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
