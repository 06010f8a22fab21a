import assert from "node:assert/strict";

import type { EmbeddedCluster } from "../../lib/embedded/mod.ts";
import { STATEFUL_SETS } from "../../lib/kube/mod.ts";
import { RpcClient } from "../../lib/rpc/mod.ts";
import { startCluster } from "../support/cluster.ts";
import { eventually, until, untilGone } from "../support/eventually.ts";
import { toolTest } from "../support/tools.ts";
import { createSet, isReady, podsOf, processRuns, readyPods, startShells } from "./_shells.ts";

/** Runs two nodes with a readiness probe, and asks one of them for its height from outside. */
async function runNodes(cluster: EmbeddedCluster): Promise<void> {
  const anywhere = ["-bind=0.0.0.0", "-rpcbind=0.0.0.0", "-rpcallowip=0.0.0.0/0"];
  const credentials = ["-rpcuser=u", "-rpcpassword=p"];
  const pods = await createSet(cluster, 2, {
    command: ["bitcoind", "-regtest", "-datadir=/data", ...anywhere, ...credentials],
    readinessProbe: {
      exec: {
        command: [
          "bitcoin-cli",
          "-regtest",
          "-rpcconnect=127.0.0.1",
          ...credentials,
          "getnetworkinfo",
        ],
      },
      periodSeconds: 1,
    },
    volumeMounts: [{ name: "data", mountPath: "/data" }],
  });
  const url = `http://${pods[1]?.status?.podIP}:18443/`;
  const rpc = new RpcClient({ url, username: "u", password: "p" });
  assert.equal(await rpc.call("getblockcount"), 0);
}

Deno.test("EmbeddedCluster runs the pods of a set as processes, and ends them with the set", async () => {
  await using cluster = await startShells();
  const pods = await createSet(cluster, 3);
  assert.equal(new Set(pods.map(({ status }) => status?.podIP)).size, 3);
  assert.ok(pods.every(({ status }) => status?.podIP?.startsWith("127.")));
  const running = cluster.running();
  assert.equal(running.length, 3);
  for (const id of running) assert.ok(await processRuns(id));
  await cluster.client.resource(STATEFUL_SETS, "default").delete("web");
  await untilGone(podsOf(cluster));
  assert.deepEqual(cluster.running(), []);
  for (const id of running) assert.equal(await processRuns(id), false);
});

Deno.test("EmbeddedCluster scales a set, and rolls it from the highest pod down", async () => {
  await using cluster = await startShells();
  await createSet(cluster, 2);
  const sets = cluster.client.resource(STATEFUL_SETS, "default");
  await sets.scale.update("web", 4);
  const before = await readyPods(cluster, 4);
  await sets.mergePatch("web", {
    spec: { template: { metadata: { annotations: { round: "2" } } } },
  });
  const { status } = await until(
    sets,
    ([web]) =>
      web?.status?.observedGeneration === web?.metadata.generation &&
      web?.status?.updatedReplicas === 4 && web.status.readyReplicas === 4 && web,
  );
  assert.equal(status?.currentRevision, status?.updateRevision);
  const after = await readyPods(cluster, 4);
  const old = new Set(before.map(({ metadata }) => metadata.uid));
  assert.ok(after.every(({ metadata }) => !old.has(metadata.uid)));
  await sets.scale.update("web", 1);
  const [left] = await readyPods(cluster, 1);
  assert.equal(left?.metadata.name, "web-0");
  await eventually(() => cluster.running().length === 1);
});

Deno.test("EmbeddedCluster restarts what is killed, and replaces what is deleted under another address", async () => {
  await using cluster = await startShells();
  const [pod] = await createSet(cluster, 1);
  assert.ok(pod);
  cluster.killPod("default", "web-0");
  const restarted = await until(
    podsOf(cluster),
    ([pod]) => pod && isReady(pod) && pod.status?.containerStatuses?.[0]?.restartCount === 1 && pod,
  );
  assert.equal(restarted.metadata.uid, pod.metadata.uid);
  assert.equal(restarted.status?.containerStatuses?.[0]?.lastState?.terminated?.exitCode, 137);
  await podsOf(cluster).delete("web-0");
  const replaced = await until(
    podsOf(cluster),
    ([pod]) => pod && isReady(pod) && pod.metadata.uid !== restarted.metadata.uid && pod,
  );
  assert.notEqual(replaced.status?.podIP, restarted.status?.podIP);
  assert.throws(() => cluster.killPod("default", "web-7"), {
    message: "Cannot kill pod 'default/web-7': none of its containers runs",
  });
});

Deno.test("EmbeddedCluster runs fake nodes", async () => {
  await using cluster = await startCluster({ bitcoind: "fake" });
  await runNodes(cluster);
  assert.equal(cluster.bitcoind, "fake bitcoind");
  const [pod] = (await podsOf(cluster).list()).items;
  assert.ok(cluster.fake?.nodeAt(pod?.status?.podIP ?? ""));
});

toolTest(["bitcoind", "bitcoin-cli"], "EmbeddedCluster runs real nodes", async (bitcoind) => {
  await using cluster = await startCluster({ bitcoind });
  await runNodes(cluster);
  assert.equal(cluster.bitcoind, `real bitcoind ${bitcoind}`);
  assert.equal(cluster.fake, undefined);
});

Deno.test("EmbeddedCluster writes each thing once", async () => {
  await using cluster = await startShells();
  await createSet(cluster, 2);
  const sets = cluster.client.resource(STATEFUL_SETS, "default");
  await sets.scale.update("web", 3);
  await until(sets, ([web]) => web?.status?.readyReplicas === 3);
  const writes = cluster.api.requests.filter(({ write, user }) => write && user !== "admin");
  const counts = new Map<string, number>();
  for (const { verb, resource, subresource, code } of writes) {
    const what = `${verb} ${resource}/${subresource} ${code}`;
    counts.set(what, (counts.get(what) ?? 0) + 1);
  }
  assert.equal(counts.get("create pods/ 201"), 3);
  assert.equal(counts.get("create pods/binding 201"), 3);
  assert.equal(counts.get("create controllerrevisions/ 201"), 1);
  const statusWrites = counts.get("patch statefulsets/status 200") ?? 0;
  assert.ok(statusWrites <= 7, `${statusWrites} writes for at most seven changes of the counts`);
});
