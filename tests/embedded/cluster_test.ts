import assert from "node:assert/strict";

import {
  AddressAllocator,
  BitcoindNotFoundError,
  EmbeddedCluster,
  ListenError,
  NoFreeAddressError,
  ProcessRuntime,
} from "../../lib/embedded/mod.ts";
import { KubeClient, loadConnection, NAMESPACES, NODES } from "../../lib/kube/mod.ts";
import { startCluster } from "../support/cluster.ts";
import { eventually } from "../support/eventually.ts";
import { createSet, processRuns } from "./_shells.ts";

async function entriesOf(folder: string): Promise<readonly string[]> {
  return (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name);
}

/** A folder for the files of clusters, which must be empty in the end. */
async function emptyFolder(): Promise<{ path: string } & AsyncDisposable> {
  const path = await Deno.makeTempDir();
  return {
    path,
    async [Symbol.asyncDispose]() {
      assert.deepEqual(await entriesOf(path), [], "nothing is left behind");
      await Deno.remove(path);
    },
  };
}

Deno.test("EmbeddedCluster starts with its namespaces and a ready node, and its kubeconfig opens it", async () => {
  await using folder = await emptyFolder();
  await using cluster = await startCluster({
    runtime: new ProcessRuntime(),
    directory: folder.path,
  });
  const { mode } = await Deno.stat(cluster.kubeconfig);
  assert.equal((mode ?? 0) & 0o777, 0o600);
  const connection = await loadConnection({ kubeconfig: cluster.kubeconfig });
  const client = new KubeClient(connection);
  const namespaces = (await client.resource(NAMESPACES).list()).items;
  assert.deepEqual(namespaces.map(({ metadata }) => metadata.name), [
    "default",
    "kube-node-lease",
    "kube-public",
    "kube-system",
  ]);
  const { items: [node, ...others] } = await client.resource(NODES).list();
  assert.deepEqual(others, []);
  const ready = node?.status?.conditions?.find(({ type }) => type === "Ready");
  assert.equal(ready?.status, "True");
  client.close();
});

Deno.test("EmbeddedCluster leaves no process and no file behind when it is closed with pods in it", async () => {
  await using folder = await emptyFolder();
  const cluster = await startCluster({ runtime: new ProcessRuntime(), directory: folder.path });
  await createSet(cluster, 2);
  const running = cluster.running();
  const { server } = cluster.connection;
  const { ended } = cluster;
  await cluster.close();
  await ended;
  for (const id of running) assert.equal(await processRuns(id), false);
  await assert.rejects(fetch(`${server}/version`), TypeError);
  await cluster.close();
  assert.throws(() => cluster.client, { message: "Cannot use the cluster: it does not run" });
  await assert.rejects(cluster.start(), TypeError);
});

Deno.test("EmbeddedCluster.abandon() kills everything and removes its files at once", async () => {
  await using folder = await emptyFolder();
  const cluster = await startCluster({ runtime: new ProcessRuntime(), directory: folder.path });
  await createSet(cluster, 2);
  const running = cluster.running();
  cluster.abandon();
  assert.deepEqual(await entriesOf(folder.path), []);
  for (const id of running) await eventually(async () => !await processRuns(id));
  await cluster.close();
});

Deno.test("EmbeddedCluster.start() leaves nothing behind when its port is taken", async () => {
  await using folder = await emptyFolder();
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  const cluster = new EmbeddedCluster({
    runtime: new ProcessRuntime(),
    directory: folder.path,
    port,
  });
  await assert.rejects(cluster.start(), ListenError);
});

Deno.test("EmbeddedCluster.start() leaves nothing behind when a part of it fails", async () => {
  await using folder = await emptyFolder();
  const cluster = new EmbeddedCluster({
    runtime: new ProcessRuntime(),
    directory: folder.path,
    addresses: new AddressAllocator({ isFree: () => false }),
  });
  await assert.rejects(cluster.start(), NoFreeAddressError);
});

for (const delayMs of [0, 5, 20, 40]) {
  Deno.test(`EmbeddedCluster.start() leaves nothing behind when it is aborted after ${delayMs} ms`, async () => {
    await using folder = await emptyFolder();
    await using cluster = new EmbeddedCluster({
      runtime: new ProcessRuntime(),
      directory: folder.path,
    });
    const reason = new Error("Enough");
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(reason), delayMs);
    // A machine that is fast enough may be through by then; nothing may be left in either case.
    await cluster.start(stop.signal).catch((error) => assert.equal(error, reason));
    clearTimeout(timer);
  });
}

Deno.test("EmbeddedCluster.start() throws the reason of a signal that is aborted already", async () => {
  const reason = new Error("Enough");
  const cluster = new EmbeddedCluster({ runtime: new ProcessRuntime() });
  await assert.rejects(cluster.start(AbortSignal.abort(reason)), reason);
});

Deno.test("EmbeddedCluster.start() says what to do when there is no such bitcoind", async () => {
  await using folder = await emptyFolder();
  const cluster = new EmbeddedCluster({ bitcoind: "/nowhere/bitcoind", directory: folder.path });
  await assert.rejects(cluster.start(), BitcoindNotFoundError);
});
