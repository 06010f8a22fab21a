/** What makes the controller look at a network, and what does not. */

import assert from "node:assert/strict";
import { PODS, SERVICES, STATEFUL_SETS } from "../../lib/kube/mod.ts";
import { BITCOIN_NETWORKS, NetworkController } from "../../lib/network/mod.ts";
import { settle } from "../support/fake_clock.ts";
import { captureLogs } from "../support/logs.ts";
import { failure } from "../support/scripted_server.ts";
import { Rig } from "./_rig.ts";
import { Running } from "./_running.ts";

Deno.test("NetworkController brings a network up, tells of it, and rests", async () => {
  await using rig = new Rig();
  await using running = new Running(rig);
  rig.wish();
  await running.pass(500);
  rig.cluster.runPods("net", rig.of().model);
  await running.pass(20_000);
  assert.equal(rig.condition("Ready"), "True/Ready");
  const told = rig.cluster.writes.filter(({ what }) => what === "POST events");
  assert.deepEqual(told.map(({ body }) => body["reason"]).toSorted(), [
    "Connected",
    "CreatedService",
    "CreatedStatefulSet",
  ]);
  assert.equal(told[0]?.body["reportingController"], "bitcoin-controller");
  rig.forget();
  await running.pass(60_000);
  assert.deepEqual(rig.writes, []);
  const polls = rig.of().nodes.polls.filter((ordinal) => ordinal === 0).length;
  assert.ok(polls >= 5 && polls <= 7, `${polls} polls in a minute`);
});

Deno.test("NetworkController looks at once at what a person or another controller changed", async () => {
  await using rig = new Rig();
  await using running = new Running(rig);
  await running.bringUp();
  const { cluster } = rig;
  const changes: [what: string, change: () => void][] = [
    ["the spec", () => rig.wish({ image: "bitcoin/bitcoin:30.1" })],
    ["the Service", () => cluster.put(SERVICES, cluster.get(SERVICES, "net-svc"))],
    ["the StatefulSet", () => cluster.put(STATEFUL_SETS, cluster.get(STATEFUL_SETS, "net-sts"))],
    ["a pod", () => cluster.put(PODS, cluster.get(PODS, "net-sts-1"))],
    ["a Service that is gone", () => cluster.remove(SERVICES, "net-svc")],
  ];
  for (const [what, change] of changes) {
    assert.ok(await running.pollsAfter(change) >= 1, what);
  }
  assert.ok(cluster.find(SERVICES, "net-svc"), "made anew");
});

Deno.test("NetworkController looks at all networks once the API server is back, however long they would wait", async () => {
  await using rig = new Rig();
  await using running = new Running(rig, ["test"]);
  await running.bringUp();
  const { cluster } = rig;
  const away = (): Response => failure(503, "ServiceUnavailable");
  cluster.refusals.set("GET bitcoinnetworks", away);
  cluster.refusals.set("PATCH bitcoinnetworks/net/status", away);
  const pod = cluster.get(PODS, "net-sts-0");
  cluster.put(PODS, { ...pod, status: { ...pod.status, conditions: [] } });
  // After so many failures the next try is due in more than three minutes.
  await running.pass(400_000);
  cluster.refusals.clear();
  await running.pass(61_000);
  assert.equal(rig.condition("Ready"), "False/NodesStarting");
});

Deno.test("NetworkController notices at once that somebody took the owner off an object", async () => {
  await using rig = new Rig();
  await using running = new Running(rig);
  await running.bringUp();
  const service = rig.cluster.get(SERVICES, "net-svc");
  const { ownerReferences: _gone, ...metadata } = service.metadata;
  rig.cluster.put(SERVICES, { ...service, metadata });
  await running.pass(300);
  assert.equal(rig.condition("Stalled"), "True/NameConflict");
});

Deno.test("NetworkController does not look at what is its own doing, or nobody's business of its own", async () => {
  await using rig = new Rig();
  await using running = new Running(rig);
  await running.bringUp();
  const { cluster } = rig;
  const network = cluster.get(BITCOIN_NETWORKS, "net");
  const changes: [what: string, change: () => void][] = [
    ["a status", () => cluster.put(BITCOIN_NETWORKS, { ...network, status: {} })],
    [
      "a Service of somebody else",
      () => cluster.put(SERVICES, { metadata: { name: "other-svc" } }),
    ],
    ["a pod of somebody else", () => cluster.put(PODS, { metadata: { name: "net-sts-77" } })],
    [
      "a StatefulSet of another kind of owner",
      () =>
        cluster.put(STATEFUL_SETS, {
          metadata: {
            name: "other",
            ownerReferences: [{
              apiVersion: "example.com/v1",
              kind: "BitcoinNetwork",
              name: "net",
              uid: "u",
              controller: true,
            }],
          },
        }),
    ],
  ];
  for (const [what, change] of changes) assert.equal(await running.pollsAfter(change), 0, what);
});

Deno.test("NetworkController leaves the nodes of a deleted network alone", async () => {
  await using rig = new Rig();
  await using running = new Running(rig);
  await running.bringUp();
  rig.cluster.remove(BITCOIN_NETWORKS, "net");
  await running.pass(30_000);
  assert.deepEqual([rig.of().nodes.polls, rig.writes], [[], []]);
});

Deno.test("NetworkController says once that its CRD is missing and once that it is there, and starts", async () => {
  await using logs = await captureLogs();
  await using rig = new Rig();
  const list = "GET /apis/bitcoincontroller.christianb93.github.com/v1/bitcoinnetworks";
  rig.cluster.refusals.set(list, () => failure(404, "NotFound"));
  await using running = new Running(rig);
  rig.wish();
  await running.pass(30_000);
  const said = logs.lines.filter(({ text }) => /apply the CustomResourceDefinition/.test(text));
  assert.equal(said.length, 1);
  assert.ok(rig.cluster.requests.filter((what) => what === list).length > 3, "it tries again");
  assert.deepEqual(rig.writes, []);
  const found = (): number =>
    logs.lines.filter(({ text }) => /knows BitcoinNetwork/.test(text)).length;
  assert.equal(found(), 0);
  rig.cluster.refusals.clear();
  await running.pass(60_000);
  assert.ok(rig.cluster.find(STATEFUL_SETS, "net-sts"));
  assert.equal(found(), 1, "a person learns that it goes on");
});

Deno.test("NetworkController asks for nothing outside of the namespaces that it serves", async () => {
  await using rig = new Rig();
  await using running = new Running(rig, ["test", "other"]);
  rig.wish();
  await running.pass(500);
  assert.ok(rig.cluster.find(STATEFUL_SETS, "net-sts"));
  const everywhere = rig.cluster.requests.filter((what) => /^GET \/api/.test(what));
  assert.deepEqual(everywhere, []);
  assert.equal(rig.cluster.requests.filter((what) => what === "GET bitcoinnetworks").length, 4);
});

Deno.test("NetworkController's workers have ended only when what they noted as events is written, too", async () => {
  await using rig = new Rig();
  const { client } = rig.cluster;
  const { clock, rpcFetch } = rig;
  const controller = new NetworkController({ client, clock, rpcFetch, random: () => 0.5 });
  const { watching, workers } = controller.parts();
  const [stopWatching, stopWorkers] = [new AbortController(), new AbortController()];
  const watched = watching.map((part) => part.run(stopWatching.signal));
  rig.cluster.refusals.set("POST events", () => failure(503, "ServiceUnavailable"));
  rig.wish();
  await settle();
  const working = workers.run(stopWorkers.signal);
  await settle();
  await controller.idle();
  stopWorkers.abort();
  let isOver = false;
  working.finally(() => isOver = true);
  await settle();
  assert.equal(isOver, false);
  rig.cluster.refusals.clear();
  await clock.advance(10_000);
  await working;
  assert.ok(rig.cluster.writes.some(({ what }) => what === "POST events"));
  stopWatching.abort();
  await Promise.all(watched);
});

Deno.test("NetworkController.run() ends when it is told to, also while a node hangs", async () => {
  await using rig = new Rig();
  const running = new Running(rig);
  await running.bringUp();
  rig.of().nodes.moods.set(1, "hanging");
  rig.wish({ image: "bitcoin/bitcoin:30.1" });
  await settle();
  await running[Symbol.asyncDispose]();
});
