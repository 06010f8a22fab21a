/** Addresses that become those of another network's pods: two regtest networks that are linked become one. */

import assert from "node:assert/strict";
import { PODS, SECRETS } from "../../lib/kube/mod.ts";
import { planOf } from "./_planner.ts";
import { Rig } from "./_rig.ts";
import { dialled, entry, member, up, userAgent } from "./_samples.ts";

const NAME = "net-sts-1.net-svc";
const OTHER = userAgent("net-sts-1", "network-9999999999");

Deno.test("planConnections() forgets an entry before it cuts the link to another network under it, and dials the node", () => {
  const peers = [dialled(5, NAME, { subver: OTHER })];
  const report = up({ peers, added: [entry(NAME, "10.9.9.9:18444")] });
  const plan = planOf(2, [member(0, report), member(1)]);
  assert.deepEqual(plan.actions.get("net-sts-0")?.map(({ kind }) => kind), [
    "remove",
    "disconnect",
    "onetry",
  ]);
  assert.deepEqual(plan.misleading, [NAME]);
  assert.equal(plan.actual, 0);
  const after = planOf(2, [member(0), member(1)], { type: "Full" }, [NAME]);
  assert.deepEqual(after.actions.get("net-sts-0")?.map(({ kind }) => kind), ["onetry"]);
});

Deno.test("planConnections() cuts a link to another network whether or not its own node answers", () => {
  const peers = [dialled(5, NAME, { subver: OTHER })];
  const report = up({ peers, added: [entry(NAME, "10.0.0.2:18444")] });
  const silent = { state: "unreachable", message: "HTTP 401" } as const;
  const plan = planOf(2, [member(0, report), member(1, silent)]);
  assert.deepEqual(plan.actions.get("net-sts-0")?.map(({ kind }) => kind), [
    "remove",
    "disconnect",
  ]);
});

Deno.test("planConnections() has nobody dial an address at which somebody else answers", () => {
  const elsewhere = { state: "unreachable", message: "m", isSomebodyElse: true } as const;
  const linked = up({ peers: [dialled(5, NAME)], added: [entry(NAME, "10.0.0.2:18444")] });
  const plan = planOf(2, [member(0, linked), member(1, elsewhere)]);
  assert.deepEqual(plan.actions.get("net-sts-0")?.map(({ kind }) => kind), [
    "remove",
    "disconnect",
  ]);
  assert.equal(plan.actions.get("net-sts-1"), undefined, "it is none of ours");
  assert.deepEqual(plan.missing.get(0), ["net-sts-1"]);
});

Deno.test("planConnections() cuts off a node of another network that dialled in", () => {
  const inbound = { inbound: true, "connection_type": "inbound", subver: OTHER };
  const report = up({ peers: [dialled(5, "10.7.7.7:50000", inbound)] });
  const plan = planOf(1, [member(0, report)]);
  assert.deepEqual(plan.actions.get("net-sts-0")?.map(({ kind }) => kind), ["disconnect"]);
});

/** Two networks with the same credentials, of three nodes each, at rest. */
async function twoNetworks(rig: Rig): Promise<void> {
  const data = { BC_RPC_USER: btoa("me"), BC_RPC_PASSWORD: btoa("secret") };
  rig.cluster.put(SECRETS, { metadata: { name: "shared" }, data });
  await rig.settled({ secret: "shared" }, "net");
  await rig.settled({ secret: "shared" }, "two");
  const [net, two] = [rig.of("net").model, rig.of("two").model];
  net.others.push(two);
  two.others.push(net);
}

Deno.test("reconcile() takes an address out of all lists when its pod goes, before another network's pod has it", async () => {
  await using rig = new Rig({ peerAddresses: "ip" });
  await twoNetworks(rig);
  const [net, two] = [rig.of("net").model, rig.of("two").model];
  const ip = net.nodes.get(1)?.ip ?? "";
  rig.cluster.put(PODS, {
    ...rig.cluster.get(PODS, "net-sts-1"),
    metadata: { ...rig.cluster.get(PODS, "net-sts-1").metadata, deletionTimestamp: "2026-01-01" },
  });
  await rig.run();
  net.stop(1);
  two.start(1, ip);
  for (let i = 0; i < 5; i++) net.tick();
  assert.equal(net.strangers, 0);
  for (const { added } of net.nodes.values()) assert.ok(!added.includes(`${ip}:18444`));
});

Deno.test("reconcile() cuts at once what bitcoind itself has dialled under an address that is another network's now", async () => {
  await using rig = new Rig({ peerAddresses: "ip" });
  await twoNetworks(rig);
  const [net, two] = [rig.of("net").model, rig.of("two").model];
  const ip = net.nodes.get(1)?.ip ?? "";
  // The informer still has the pod before, and both networks have the same password.
  net.stop(1);
  two.start(1, ip);
  net.tick();
  assert.ok(net.strangers > 0, "bitcoind dials what is in its list");
  await rig.run();
  for (let i = 0; i < 5; i++) net.tick();
  assert.equal(net.strangers, 0);
  const message = rig.network().status?.nodes?.[1]?.message ?? "";
  assert.match(message, /Another bitcoind answers at its address, '.*two-sts-1/);
  assert.deepEqual(
    rig.of("two").nodes.actions.filter((action) => action.startsWith("1 ")),
    [],
    "nothing is done at the other network's node",
  );
  // Its own pod comes again, elsewhere.
  net.start(1);
  const pod = rig.cluster.get(PODS, "net-sts-1");
  rig.cluster.put(PODS, {
    ...pod,
    status: { ...pod.status, podIP: net.nodes.get(1)?.ip ?? "" },
  });
  await rig.live(5_000);
  assert.equal(rig.condition("Ready"), "True/Ready");
  assert.equal(net.strangers, 0);
});

Deno.test("reconcile() keeps the other network's side clean while its own node does not answer", async () => {
  await using rig = new Rig({ peerAddresses: "ip" });
  await twoNetworks(rig);
  const [net, two] = [rig.of("net").model, rig.of("two").model];
  const ip = net.nodes.get(1)?.ip ?? "";
  net.stop(1);
  two.stop(1);
  two.start(1, ip);
  const pod = rig.cluster.get(PODS, "two-sts-1");
  rig.cluster.put(PODS, { ...pod, status: { ...pod.status, podIP: ip } });
  rig.of("net").nodes.moods.set(0, "hanging").set(2, "hanging");
  net.tick();
  assert.equal(net.strangers, 2);
  await rig.run("two");
  assert.equal(net.strangers, 0);
  rig.of("net").nodes.release();
});

Deno.test("reconcile() is not misled by a name that still has the address of another network's pod", async () => {
  await using rig = new Rig();
  await twoNetworks(rig);
  const [net, two] = [rig.of("net").model, rig.of("two").model];
  const before = net.nodes.get(1)?.ip ?? "";
  rig.cluster.remove(PODS, "net-sts-1");
  net.stop(1);
  await rig.run();
  two.start(1, before);
  net.oldNames.set(NAME, `${before}:18444`);
  rig.cluster.runPods("net", net);
  await rig.run();
  assert.ok(net.links(3).includes("0>1"), "linked at once, whatever the name servers say");
  // bitcoind's own dial of the entry goes astray, once.
  net.tick();
  for (let second = 0; second < 20; second++) {
    await rig.live(1_000);
    assert.equal(net.strangers, 0, `after ${second} s`);
  }
  assert.equal(rig.condition("Connected"), "True/AllConnected");
  net.oldNames.clear();
  await rig.live(60_000);
  for (const ordinal of [0, 2]) assert.ok(net.nodes.get(ordinal)?.added.includes(NAME));
  assert.equal(rig.condition("Connected"), "True/AllConnected");
});
