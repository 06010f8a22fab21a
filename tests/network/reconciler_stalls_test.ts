/** What only a person can mend: it is told once, nothing is broken, and it goes on when it is mended. */

import assert from "node:assert/strict";
import {
  type KubeObject,
  PODS,
  type ResourceType,
  SECRETS,
  SERVICES,
  STATEFUL_SETS,
} from "../../lib/kube/mod.ts";
import { BITCOIN_NETWORKS } from "../../lib/network/mod.ts";
import { captureLogs } from "../support/logs.ts";
import { failure } from "../support/scripted_server.ts";
import { Rig } from "./_rig.ts";

const FOREIGN: [kind: ResourceType<KubeObject>, name: string][] = [
  [SERVICES, "net-svc"],
  [STATEFUL_SETS, "net-sts"],
  [SECRETS, "net-conf"],
  [SECRETS, "net-rpc"],
];

for (const [type, name] of FOREIGN) {
  Deno.test(`reconcile() never touches a ${type.kind} '${name}' of somebody else, and tells of it once`, async () => {
    await using rig = new Rig();
    const before = rig.cluster.put(type, { metadata: { name, labels: { theirs: "yes" } } });
    rig.wish();
    await rig.runOften();
    assert.deepEqual(rig.cluster.get(type, name), before);
    assert.equal(rig.condition("Stalled"), "True/NameConflict");
    assert.equal(rig.condition("Ready"), "False/NameConflict");
    assert.equal(rig.count("Warning NameConflict"), 1);
    rig.cluster.remove(type, name);
    await rig.live(30_000);
    assert.equal(rig.condition("Ready"), "True/Ready");
    assert.equal(rig.condition("Stalled"), "");
  });
}

Deno.test("reconcile() does not take the pods of a StatefulSet of somebody else for its own", async () => {
  await using rig = new Rig();
  await rig.settled();
  const set = rig.cluster.get(STATEFUL_SETS, "net-sts");
  const { ownerReferences: _gone, ...metadata } = set.metadata;
  rig.cluster.put(STATEFUL_SETS, { ...set, metadata });
  await rig.run();
  assert.equal(rig.condition("Stalled"), "True/NameConflict");
  assert.deepEqual(rig.network().status?.nodes, []);
});

Deno.test("reconcile() says which right it lacks, once, and goes on when it has it", async () => {
  await using rig = new Rig();
  const message =
    'statefulsets.apps "net-sts" is forbidden: User "u" cannot patch resource "statefulsets"';
  rig.cluster.refusals.set(
    "PATCH statefulsets/net-sts",
    () => failure(403, "Forbidden", { message }),
  );
  rig.wish();
  await rig.runOften();
  assert.equal(rig.condition("Stalled"), "True/Forbidden");
  assert.equal(rig.count("Warning Forbidden"), 1);
  const ready = rig.network().status?.conditions?.find(({ type }) => type === "Ready");
  assert.match(
    ready?.message ?? "",
    /statefulsets.*grant this to the controller's service account/,
  );
  rig.cluster.refusals.clear();
  await rig.live(30_000);
  assert.equal(rig.condition("Ready"), "True/Ready");
});

Deno.test("reconcile() works on without the right to write a status, and tells the same by events", async () => {
  await using logs = await captureLogs();
  await using rig = new Rig();
  const message = 'User "u" cannot patch resource "bitcoinnetworks/status"';
  rig.cluster.refusals.set(
    "PATCH bitcoinnetworks/net/status",
    () => failure(403, "Forbidden", { message }),
  );
  rig.wish();
  await rig.runOften();
  await rig.live(30_000);
  assert.equal(rig.network().status, undefined);
  assert.equal(rig.of().model.parts(3).length, 1, "the nodes are linked");
  for (const event of ["Warning Forbidden", "Normal CreatedStatefulSet", "Normal Connected"]) {
    assert.equal(rig.count(event), 1, event);
  }
  const loud = logs.lines.filter(({ level }) => level === "warning");
  assert.deepEqual(loud.map(({ text }) => text), ["Cannot write the status of a network"]);
  rig.cluster.refusals.clear();
  await rig.live(30_000);
  assert.equal(rig.condition("Ready"), "True/Ready");
  assert.equal(rig.count("Normal Connected"), 1, "it was told already");
});

Deno.test("reconcile() writes the status of a network at rest once it can, though nothing else happens", async () => {
  const answers = [
    () => failure(403, "Forbidden", { message: "no right to write a status" }),
    () => failure(409, "Conflict"),
  ];
  for (const answer of answers) {
    await using _logs = await captureLogs();
    await using rig = new Rig();
    await rig.settled();
    spoilStatus(rig, 7);
    rig.cluster.refusals.set("PATCH bitcoinnetworks/net/status", answer);
    await pollOften(rig);
    assert.equal(rig.network().status?.replicas, 7);
    rig.cluster.refusals.clear();
    await pollOften(rig);
    assert.equal(rig.network().status?.replicas, 3);
  }
});

Deno.test("reconcile() puts back a status that somebody wrote right over its own", async () => {
  await using rig = new Rig();
  await rig.settled();
  spoilStatus(rig, 7);
  await rig.run();
  assert.equal(rig.network().status?.replicas, 3);
  // The watch may not have shown the write before.
  spoilStatus(rig, 8);
  await pollOften(rig);
  assert.equal(rig.network().status?.replicas, 3);
});

Deno.test("reconcile() is loud about what a person must mend once, and quiet while it lasts", async () => {
  await using logs = await captureLogs();
  await using rig = new Rig();
  rig.wish({ secret: "mine" });
  await rig.runOften();
  await rig.live(30_000);
  const lines = logs.lines.filter(({ text }) => text.startsWith("Cannot keep the objects"));
  assert.deepEqual(lines.map(({ level }) => level).slice(0, 2), ["warning", "debug"]);
  assert.equal(lines.filter(({ level }) => level === "warning").length, 1);
});

for (
  const [what, answer] of [
    ["busy", () => failure(429, "TooManyRequests")],
    ["unavailable", () => failure(503, "ServiceUnavailable")],
    ["answering with a page of HTML", () => new Response("<html>Please log in</html>")],
  ] as const
) {
  Deno.test(`reconcile() says nothing bad of a network while the API server is ${what}`, async () => {
    await using logs = await captureLogs();
    await using rig = new Rig();
    await rig.settled();
    rig.forget();
    for (const name of ["net-conf", "net-rpc"]) {
      rig.cluster.refusals.set(`GET secrets/${name}`, answer);
    }
    const { nodes } = rig.of();
    const polls = nodes.polls.length;
    await rig.live(90_000);
    assert.ok(nodes.polls.length > polls, "nobody was polled");
    assert.deepEqual(rig.events, []);
    assert.equal(rig.condition("Ready"), "True/Ready");
    const loud = logs.lines.filter(({ level }) => level === "warning");
    assert.equal(loud.length, 1, "it is logged once");
  });
}

Deno.test("reconcile() is quiet about a namespace that is being deleted", async () => {
  await using logs = await captureLogs();
  await using rig = new Rig();
  rig.wish();
  const details = { causes: [{ reason: "NamespaceTerminating", field: "metadata.namespace" }] };
  rig.cluster.refusals.set(
    "PATCH services/net-svc",
    () => failure(403, "Forbidden", { details }),
  );
  await rig.runOften();
  assert.deepEqual(rig.events, []);
  assert.deepEqual(logs.lines.filter(({ level }) => level !== "debug"), []);
});

Deno.test("reconcile() tells of a failed write once, however often it fails, and of the next one again", async () => {
  await using rig = new Rig();
  rig.wish();
  rig.cluster.refusals.set("PATCH services/net-svc", () => failure(409, "Conflict"));
  await rig.runOften();
  assert.equal(rig.condition("Ready"), "False/CreationError");
  assert.equal(rig.count("Warning CreationError"), 1);
  rig.cluster.refusals.clear();
  // It is made in the first run, and seen in the second.
  await rig.run();
  await rig.run();
  rig.cluster.remove(SERVICES, "net-svc");
  rig.cluster.refusals.set("PATCH services/net-svc", () => failure(409, "Conflict"));
  await rig.run();
  assert.equal(rig.count("Warning CreationError"), 2);
});

for (
  const [code, reason, ready] of [[500, "InternalError", "CreationError"], [
    403,
    "Forbidden",
    "Forbidden",
  ]] as const
) {
  Deno.test(`reconcile() goes on to poll and mend the nodes while a write is answered with ${code}`, async () => {
    await using rig = new Rig();
    await rig.settled();
    rig.cluster.refusals.set("PATCH services/net-svc", () => failure(code, reason));
    const service = rig.cluster.get(SERVICES, "net-svc");
    rig.cluster.put(SERVICES, {
      ...service,
      spec: { ...service.spec, publishNotReadyAddresses: false },
    });
    const { nodes } = rig.of();
    const polls = nodes.polls.length;
    await rig.live(30_000);
    assert.ok(nodes.polls.length > polls, "nobody was polled");
    assert.equal(rig.condition("Ready"), `False/${ready}`);
    assert.equal(rig.condition("Connected"), "True/AllConnected");
    rig.cluster.refusals.clear();
    await rig.live(30_000);
    assert.equal(rig.condition("Ready"), "True/Ready");
  });
}

Deno.test("reconcile() says what to do about an object that the server will not change, once", async () => {
  await using rig = new Rig();
  rig.cluster.refusals.set("PATCH statefulsets/net-sts", () => failure(422, "Invalid"));
  rig.wish();
  await rig.runOften();
  assert.equal(rig.condition("Stalled"), "True/InvalidConfig");
  assert.equal(rig.count("Warning InvalidConfig"), 1);
  const ready = rig.network().status?.conditions?.find(({ type }) => type === "Ready");
  assert.match(ready?.message ?? "", /statefulsets\/net-sts.*delete the object/);
  rig.cluster.refusals.clear();
  await rig.live(30_000);
  assert.equal(rig.condition("Ready"), "True/Ready");
});

Deno.test("reconcile() asks nobody to do anything about a namespace that is being deleted", async () => {
  await using rig = new Rig();
  const details = { causes: [{ reason: "NamespaceTerminating" }] };
  rig.cluster.refusals.set("POST secrets", () => failure(403, "Forbidden", { details }));
  rig.wish();
  await rig.runOften(3);
  assert.equal(rig.condition("Stalled"), "");
  assert.deepEqual(rig.events.filter((event) => event.startsWith("Warning")), []);
});

Deno.test("reconcile() refuses a spec that makes no sense without touching what runs, and never throws", async () => {
  await using rig = new Rig();
  await rig.settled();
  const { spec } = rig.cluster.get(STATEFUL_SETS, "net-sts");
  rig.wish({ nodes: 500 });
  for (let i = 0; i < 5; i++) assert.equal((await rig.run()).requeueAfterMs, undefined);
  assert.equal(rig.condition("Stalled"), "True/InvalidConfig");
  assert.deepEqual(rig.events, ["Warning InvalidConfig"]);
  assert.deepEqual(rig.cluster.get(STATEFUL_SETS, "net-sts").spec, spec);
  assert.deepEqual(rig.of().nodes.actions, []);
  rig.wish({ nodes: 3 });
  await rig.live(20_000);
  assert.equal(rig.condition("Ready"), "True/Ready");
});

Deno.test("reconcile() waits for the leftovers of a deleted network of the same name, and stalls for none", async () => {
  await using rig = new Rig();
  await rig.settled();
  const old = rig.network().metadata?.uid;
  // Between two runs: nobody has seen that it was gone.
  rig.cluster.remove(BITCOIN_NETWORKS, "net");
  const { spec } = rig.cluster.get(STATEFUL_SETS, "net-sts");
  rig.cluster.put(BITCOIN_NETWORKS, {
    metadata: { name: "net", uid: "uid-new", generation: 1 },
    spec: { nodes: 2 },
  });
  await rig.runOften(3);
  assert.notEqual(rig.network().metadata?.uid, old);
  assert.equal(rig.condition("Stalled"), "");
  assert.equal(rig.condition("Ready"), "False/NodesMissing");
  assert.deepEqual(rig.cluster.get(STATEFUL_SETS, "net-sts").spec, spec, "not its own");
  assert.equal(rig.events.filter((event) => event.startsWith("Warning")).length, 0);
  // The garbage collector comes.
  for (const [type, name] of FOREIGN) rig.cluster.remove(type, name);
  for (const ordinal of [0, 1, 2]) {
    rig.cluster.remove(PODS, `net-sts-${ordinal}`);
    rig.of().model.stop(ordinal);
  }
  await rig.live(60_000);
  assert.equal(rig.condition("Ready"), "True/Ready");
  assert.equal(rig.network().status?.replicas, 2);
  assert.equal(rig.count("Normal NodeReplaced"), 0, "nothing is remembered of the one before");
});

/** Polls of a network to which nothing happens: all that the informers have stays the same. */
async function pollOften(rig: Rig): Promise<void> {
  for (let polls = 0; polls < 4; polls++) {
    await rig.run();
    await rig.clock.advance(10_000);
  }
}

/** Somebody changes the status; that a generation was observed stays, or the network would be taken for a new one. */
function spoilStatus(rig: Rig, replicas: number): void {
  const network = rig.network();
  rig.cluster.put(BITCOIN_NETWORKS, { ...network, status: { ...network.status, replicas } });
}
