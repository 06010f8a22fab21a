/** What the controller does on any cluster; each case has a namespace of its own. */

import assert from "node:assert/strict";
import type { Secret } from "kubernetes-types/core/v1.d.ts";
import {
  EVENTS,
  type KubeObject,
  PODS,
  type ResourceType,
  SECRETS,
  SERVICES,
  STATEFUL_SETS,
} from "../../lib/kube/mod.ts";
import {
  type BitcoinNetwork,
  type BitcoinNetworkSpec,
  GROUP,
  KIND,
} from "../../lib/network/mod.ts";
import { systemClock } from "../../lib/time/mod.ts";
import { eventually, until, untilGone } from "../support/eventually.ts";
import { TOPOLOGY_CASES } from "../network/_topology_cases.ts";
import { nodesOf, untilExact } from "./links.ts";
import { CONTROLLER, Lab, RunningController } from "./lab.ts";
import { sampleObjects } from "./samples.ts";
import type { Target } from "./target.ts";

/** One case of the suite. */
export interface Case {
  /** What must hold. */
  readonly name: string;
  /** Makes it so, and looks. */
  readonly run: (lab: Lab) => Promise<void>;
}

/** The cases that share one controller. */
export const CASES: readonly Case[] = [
  { name: "a network gets its objects, comes up and says so", run: comesUp },
  { name: "a network with a person's credentials uses those and makes none", run: ownCredentials },
  { name: "a missing Secret stalls the network until it is there", run: missingSecret },
  { name: "a Secret without a key stalls the network until it has one", run: invalidSecret },
  { name: "what is changed by hand is put back, and an event names the field", run: drift },
  { name: "a StatefulSet that is deleted comes back", run: deletedSet },
  { name: "a Service of somebody else is left alone", run: nameConflict },
  { name: "a network is scaled up and down through its scale subresource", run: scale },
  { name: "a network without nodes is suspended, and resumes", run: suspend },
  { name: "a replaced pod is linked and in sync again", run: replacedPod },
  { name: "an entry that was added by hand is removed", run: foreignEntry },
  { name: "another image rolls all pods", run: rollout },
  { name: "a topology that makes no sense is refused, with a message", run: refusedTopologies },
  { name: "the links follow the topology, exactly, when it changes", run: changedTopology },
  { name: "what the original's typed client sends is accepted", run: originalClient },
  { name: "every sample manifest comes up", run: samples },
  { name: "a deleted network leaves nothing behind", run: deletion },
];

async function comesUp(lab: Lab): Promise<void> {
  await lab.create("net", { nodes: 3 });
  const network = await lab.untilReady("net", 3);
  assert.deepEqual(Object.keys(await lab.snapshot("net")).sort(), [
    "BitcoinNetwork/net",
    "Secret/net-conf",
    "Secret/net-rpc",
    "Service/net-svc",
    "StatefulSet/net-sts",
  ]);
  const nodes = network.status?.nodes ?? [];
  assert.deepEqual(
    nodes.map(({ ordinal, ready, nodeName, dnsName }) => ({ ordinal, ready, nodeName, dnsName })),
    [
      { ordinal: 0, ready: true, nodeName: "net-sts-0", dnsName: "net-sts-0.net-svc" },
      { ordinal: 1, ready: true, nodeName: "net-sts-1", dnsName: "net-sts-1.net-svc" },
      { ordinal: 2, ready: true, nodeName: "net-sts-2", dnsName: "net-sts-2.net-svc" },
    ],
  );
  const { items } = await lab.objects(PODS).list({ labelSelector: "app=net" });
  assert.deepEqual(
    nodes.map(({ ip }) => ip).sort(),
    items.map(({ status }) => status?.podIP).sort(),
  );
  assert.equal(network.status?.observedGeneration, network.metadata.generation);
  assert.ok(
    !network.status?.conditions?.some(({ type }) => type === "Reconciling" || type === "Stalled"),
  );
  for (const reason of ["CreatedService", "CreatedStatefulSet", "Connected"]) {
    await lab.untilEvent("net", reason);
    assert.equal(await lab.countEvents("net", reason), 1, reason);
  }
}

async function ownCredentials(lab: Lab): Promise<void> {
  await lab.createSecret("mine", { BC_RPC_USER: "alice", BC_RPC_PASSWORD: "wonderland" });
  await lab.create("net", { nodes: 1, secret: "mine" });
  await lab.untilReady("net", 1);
  const rpc = await lab.rpc("net-sts-0", "mine");
  assert.equal((await rpc.getBlockchainInfo()).chain, "regtest");
  assert.ok(!("Secret/net-rpc" in await lab.snapshot("net")));
  const { data } = await lab.objects(SECRETS).get("net-conf");
  assert.doesNotMatch(atob(data?.["bitcoin.conf"] ?? ""), /wonderland/);
}

async function missingSecret(lab: Lab): Promise<void> {
  await lab.create("net", { nodes: 1, secret: "later" });
  const stalled = await lab.untilCondition("net", "Stalled", "True", "SecretMissing");
  assert.match(JSON.stringify(stalled.status?.conditions), /'later' does not exist/);
  await lab.untilEvent("net", "SecretMissing");
  assert.ok(!("StatefulSet/net-sts" in await lab.snapshot("net")), "no pods without credentials");
  await lab.createSecret("later", { BC_RPC_USER: "a", BC_RPC_PASSWORD: "looking-glass" });
  await lab.untilReady("net", 1);
  assert.equal(await lab.countEvents("net", "SecretMissing"), 1);
}

async function invalidSecret(lab: Lab): Promise<void> {
  await lab.createSecret("half", { BC_RPC_USER: "a" });
  await lab.create("net", { nodes: 1, secret: "half" });
  const stalled = await lab.untilCondition("net", "Stalled", "True", "SecretInvalid");
  assert.match(JSON.stringify(stalled.status?.conditions), /BC_RPC_PASSWORD/);
  await lab.untilEvent("net", "SecretInvalid");
}

async function drift(lab: Lab): Promise<void> {
  await lab.create("net", { nodes: 1 });
  await lab.untilReady("net", 1);
  const services = lab.objects(SERVICES);
  await services.mergePatch("net-svc", { spec: { publishNotReadyAddresses: false } });
  await until(services, (found) => found.some(({ spec }) => spec?.publishNotReadyAddresses), {
    what: "the Service to be put back",
  });
  const ports = [{ name: "rpc", port: 1 }, { name: "p2p", port: 18444 }];
  await services.mergePatch("net-svc", { spec: { ports } });
  await until(
    services,
    (found) =>
      found.some(({ spec }) => spec?.ports?.map(({ port }) => port).join() === "18443,18444"),
    { what: "the port to be put back" },
  );
  await services.mergePatch("net-svc", { metadata: { labels: { app: null } } });
  await until(services, (found) => found.some(({ metadata }) => metadata.labels?.app === "net"), {
    what: "the label to be put back",
  });
  const sets = lab.objects(STATEFUL_SETS);
  await sets.scale.mergePatch("net-sts", { spec: { replicas: 3 } });
  await until(sets, (found) => found.some(({ spec }) => spec?.replicas === 1), {
    what: "the replicas to be put back",
  });
  for (
    const field of ["spec.publishNotReadyAddresses of Service", "spec.replicas of StatefulSet"]
  ) {
    const what = `the event about ${field}`;
    await until(lab.objects(EVENTS), (events) => events.some(({ note }) => note?.includes(field)), {
      what,
    });
  }
  assert.equal(await lab.countEvents("net", "Scaled"), 0);
  // What is not the controller's is left alone.
  await sets.mergePatch("net-sts", { metadata: { annotations: { mine: "yes" } } });
  await sets.scale.mergePatch("net-sts", { spec: { replicas: 2 } });
  const set = await until(sets, (found) => found.find(({ spec }) => spec?.replicas === 1), {
    what: "the replicas to be put back again",
  });
  assert.equal(set.metadata.annotations?.mine, "yes");
}

async function deletedSet(lab: Lab): Promise<void> {
  await lab.create("net", { nodes: 2 });
  await lab.untilReady("net", 2);
  const sets = lab.objects(STATEFUL_SETS);
  const { metadata: { uid } } = await sets.get("net-sts");
  await sets.delete("net-sts");
  await until(sets, (found) => found.some(({ metadata }) => metadata.uid !== uid), {
    what: "another StatefulSet",
    timeoutMs: 30_000,
  });
  await lab.untilNetwork("net", "with new pods", ({ status }) => status?.readyReplicas === 2);
  await lab.untilReady("net", 2);
}

async function nameConflict(lab: Lab): Promise<void> {
  const { metadata: { resourceVersion } } = await lab.createForeignService("net-svc");
  await lab.create("net", { nodes: 1 });
  await lab.untilCondition("net", "Stalled", "True", "NameConflict");
  await lab.untilEvent("net", "NameConflict");
  const { metadata } = await lab.objects(SERVICES).get("net-svc");
  assert.equal(metadata.resourceVersion, resourceVersion, "it was touched");
  await lab.objects(SERVICES).delete("net-svc");
  await lab.untilReady("net", 1);
  assert.equal(await lab.countEvents("net", "NameConflict"), 1);
}

async function scale(lab: Lab): Promise<void> {
  await lab.create("net", { nodes: 1 });
  await lab.untilReady("net", 1);
  await lab.networks.scale.mergePatch("net", { spec: { replicas: 3 } });
  await lab.untilReady("net", 3);
  const rpc = await lab.rpc("net-sts-0", "net-rpc");
  await lab.networks.scale.mergePatch("net", { spec: { replicas: 2 } });
  await lab.untilReady("net", 2);
  assert.equal((await rpc.getAddedNodeInfo()).length, 1);
  await eventually(async () => (await rpc.getPeerInfo()).length === 2, {
    what: "the leaver to be gone",
  });
  const { status } = await lab.networks.scale.get("net");
  assert.equal(status?.selector, "app=net");
  assert.equal(await lab.countEvents("net", "Scaled"), 2);
  const sets = lab.objects(STATEFUL_SETS);
  // The controller's way to them, which must not reach a namesake.
  const another = { metadata: { uid: "another" }, spec: { replicas: 9 } };
  await assert.rejects(
    sets.scale.mergePatch("net-sts", another),
    /statefulsets\/scale\.apps "net-sts": Precondition failed: UID in precondition: another, /,
  );
  // Of a custom kind the server takes a patch of the scale for any object of the name.
  await lab.networks.scale.mergePatch("net", {
    metadata: { uid: "another" },
    spec: { replicas: 2 },
  });
  // Whoever scales the StatefulSet itself has it put back.
  await sets.scale.mergePatch("net-sts", { spec: { replicas: 4 } });
  await until(sets, (found) => found.some(({ spec }) => spec?.replicas === 2), {
    what: "the replicas to be put back",
  });
}

async function suspend(lab: Lab): Promise<void> {
  await lab.create("net", { nodes: 0 });
  await lab.untilCondition("net", "Ready", "False", "Suspended");
  await lab.networks.mergePatch("net", { spec: { nodes: 1 } });
  await lab.untilReady("net", 1);
  await lab.networks.mergePatch("net", { spec: { nodes: 0 } });
  await lab.untilCondition("net", "Ready", "False", "Suspended");
  await untilGone(lab.objects(PODS), () => true, { timeoutMs: 30_000 });
}

async function replacedPod(lab: Lab): Promise<void> {
  await lab.create("net", { nodes: 3 });
  await lab.untilReady("net", 3);
  const { metadata: { uid }, status } = await lab.objects(PODS).get("net-sts-0");
  lab.target.killPod(lab.namespace, "net-sts-0");
  await lab.objects(PODS).delete("net-sts-0", { uid });
  await lab.untilNetwork(
    "net",
    "with another address",
    (network) => {
      const ip = network.status?.nodes?.[0]?.ip;
      return network.status?.nodes?.length === 3 && ip !== "" && ip !== status?.podIP;
    },
  );
  await lab.untilReady("net", 3);
  await lab.untilEvent("net", "NodeReplaced");
}

async function foreignEntry(lab: Lab): Promise<void> {
  await lab.create("net", { nodes: 2 });
  await lab.untilReady("net", 2);
  const rpc = await lab.rpc("net-sts-0", "net-rpc");
  await rpc.addNode("127.0.0.99:1", "add");
  await eventually(
    async () =>
      !(await rpc.getAddedNodeInfo()).some(({ addednode }) => addednode === "127.0.0.99:1"),
    { what: "the entry to be removed", timeoutMs: 30_000 },
  );
  const [event] = await lab.untilEvent("net", "Repaired");
  assert.match(event?.note ?? "", /127\.0\.0\.99:1/);
}

async function rollout(lab: Lab): Promise<void> {
  await lab.create("net", { nodes: 2 });
  await lab.untilReady("net", 2);
  await lab.networks.mergePatch("net", { spec: { image: "bitcoin/bitcoin:29.3" } });
  await lab.untilReady("net", 2);
  const { items } = await lab.objects(PODS).list();
  for (const { spec } of items) assert.equal(spec?.containers[0]?.image, "bitcoin/bitcoin:29.3");
  await lab.untilEvent("net", "RolledOut");
}

async function refusedTopologies(lab: Lab): Promise<void> {
  const metadata = { name: "net" };
  for (const { what, spec, refusal } of TOPOLOGY_CASES) {
    const answer = lab.networks.create({ metadata, spec }, { dryRun: true });
    if (!refusal) await answer;
    else {
      const message = `${KIND}.${GROUP} "net" is invalid: ${refusal}`;
      await assert.rejects(answer, (error) => String(error).includes(message), what);
    }
  }
  await lab.create("net", { nodes: 3, topology: { type: "Star", hub: 2 } });
  const scale = (replicas: number): Promise<unknown> =>
    lab.networks.scale.mergePatch("net", { spec: { replicas } });
  await assert.rejects(scale(2), /hub must be less than nodes/);
  await scale(0);
}

async function changedTopology(lab: Lab): Promise<void> {
  const topologies: NonNullable<BitcoinNetworkSpec["topology"]>[] = [
    { type: "Star", hub: 4 },
    { type: "Edges", edges: [[0, 1], [3, 2]] },
    { type: "Random", degree: 3, seed: 1 },
  ];
  await lab.create("net", { nodes: 5, topology: { type: "Ring" } });
  await lab.untilReady("net", 5);
  const nodes = await nodesOf(lab, "net", 5);
  await untilExact(lab, { nodes: 5, topology: { type: "Ring" } }, nodes);
  for (const topology of topologies) {
    // The whole of it: fields of the topology before do not go with the new one.
    await lab.networks.jsonPatch("net", [{
      op: "replace",
      path: "/spec/topology",
      value: topology,
    }]);
    await untilExact(lab, { nodes: 5, topology }, nodes);
  }
  assert.equal(await lab.countEvents("net", "ConnectionsLost"), 0);
}

async function originalClient(lab: Lab): Promise<void> {
  const path =
    `/apis/bitcoincontroller.christianb93.github.com/v1/namespaces/${lab.namespace}/bitcoinnetworks`;
  const { client } = lab.target;
  const body = (resourceVersion?: string) => ({
    apiVersion: "bitcoincontroller.christianb93.github.com/v1",
    kind: "BitcoinNetwork",
    metadata: { name: "net", ...(resourceVersion && { resourceVersion }) },
    spec: { nodes: 1, secret: "" },
    status: { nodes: null },
  });
  await client.request({ method: "POST", path, body: body() });
  const network = await lab.untilReady("net", 1);
  await client.request({
    method: "PUT",
    path: `${path}/net`,
    body: body(network.metadata.resourceVersion),
  });
  await lab.untilReady("net", 1);
}

async function samples(lab: Lab): Promise<void> {
  let networks = 0;
  for await (const { objects } of sampleObjects()) {
    for (const object of objects) {
      // as: the samples hold networks and their Secrets.
      if (object.kind === "Secret") await lab.objects(SECRETS).create(object as Secret);
      else {
        networks++;
        await sample(lab, object as BitcoinNetwork);
      }
    }
  }
  assert.ok(networks > 0);
}

/** One at a time: all of them at once are more bitcoinds than a small machine starts in a minute. */
async function sample(lab: Lab, network: BitcoinNetwork): Promise<void> {
  const { metadata, spec } = await lab.networks.create(network);
  await lab.untilReady(metadata.name, spec.nodes);
  await lab.networks.delete(metadata.name);
}

async function deletion(lab: Lab): Promise<void> {
  await lab.create("net", { nodes: 2 });
  await lab.untilReady("net", 2);
  await lab.networks.delete("net");
  await untilGone(lab.networks);
  const isOurs = (object: { metadata: { labels?: Readonly<Record<string, string>> } }): boolean =>
    object.metadata.labels?.app === "net";
  const types: readonly ResourceType<KubeObject>[] = [PODS, STATEFUL_SETS, SERVICES, SECRETS];
  for (const type of types) {
    await untilGone(lab.objects(type), isOurs, { timeoutMs: 30_000 });
  }
  await eventually(() => lab.target.running(lab.namespace) === 0, { what: "the processes to end" });
}

/** A settled network costs no writes: neither by itself, nor when the controller starts anew. */
export async function restsWithoutWrites(target: Target): Promise<void> {
  const lab = new Lab(target, "at-rest");
  await lab.setUp();
  let before: Readonly<Record<string, string>>;
  {
    await using _controller = new RunningController(target);
    await lab.create("net", { nodes: 3 });
    await lab.untilReady("net", 3);
    // Ready takes one link an edge; each pair makes a second one, whose peers are counted a poll later.
    await lab.untilNetwork(
      "net",
      "with all peers",
      ({ status }) => status?.nodes?.every(({ peers }) => peers === 4),
    );
    before = await lab.snapshot("net");
    const writes = (await target.writesOf(CONTROLLER)).length;
    // Several polls of a second each; that nothing happens can only be seen by waiting.
    await systemClock.sleep(5_000);
    assert.deepEqual((await target.writesOf(CONTROLLER)).slice(writes), []);
  }
  const writes = (await target.writesOf(CONTROLLER)).length;
  await using _controller = new RunningController(target);
  await systemClock.sleep(3_000);
  assert.deepEqual((await target.writesOf(CONTROLLER)).slice(writes), [], "a restart wrote");
  assert.deepEqual(await lab.snapshot("net"), before);
}
