import assert from "node:assert/strict";

import type { Container, Pod } from "kubernetes-types/core/v1.d.ts";

import {
  AddressAllocator,
  BitcoindNotFoundError,
  EmbeddedCluster,
  ListenError,
  NoFreeAddressError,
  ProcessRuntime,
} from "../../lib/embedded/mod.ts";
import {
  KubeClient,
  loadConnection,
  NAMESPACES,
  NODES,
  PODS,
  type ResourceHandle,
  STATEFUL_SETS,
  type Stored,
} from "../../lib/kube/mod.ts";
import { RpcClient } from "../../lib/rpc/mod.ts";
import { type ProgramOutput, runKubectl, startCluster } from "../support/cluster.ts";
import { eventually, until, untilGone } from "../support/eventually.ts";
import { toolTest } from "../support/tools.ts";

/** A shell that says something and waits until it is told to end. */
const PATIENT = "trap 'exit 0' TERM; echo started; while :; do sleep 60 & wait; done";

function startShells(): Promise<EmbeddedCluster> {
  return startCluster({ runtime: new ProcessRuntime() });
}

function podsOf(cluster: EmbeddedCluster): ResourceHandle<Pod> {
  return cluster.client.resource(PODS, "default");
}

/** Creates a set `web` of shells and waits until all are ready. */
async function createShells(
  cluster: EmbeddedCluster,
  replicas: number,
  script: string = PATIENT,
  container: Partial<Container> = {},
): Promise<readonly Stored<Pod>[]> {
  const labels = { app: "web" };
  await cluster.client.resource(STATEFUL_SETS, "default").create({
    metadata: { name: "web" },
    spec: {
      replicas,
      podManagementPolicy: "Parallel",
      serviceName: "web",
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          terminationGracePeriodSeconds: 5,
          automountServiceAccountToken: false,
          volumes: [{ name: "data", emptyDir: {} }],
          containers: [{
            name: "c",
            image: "shell",
            command: ["/bin/sh", "-c", script],
            ...container,
          }],
        },
      },
    },
  });
  return await readyPods(cluster, replicas);
}

async function readyPods(cluster: EmbeddedCluster, count: number): Promise<readonly Stored<Pod>[]> {
  return await until(podsOf(cluster), (pods) =>
    pods.length === count && pods.every(isReady) &&
    pods.toSorted((a, b) => a.metadata.name < b.metadata.name ? -1 : 1), {
    what: `${count} ready pods`,
  });
}

function isReady({ metadata, status }: Readonly<Stored<Pod>>): boolean {
  return !metadata.deletionTimestamp &&
    (status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True") ??
      false);
}

/** Whether a process of this machine runs; `id` is that of a container. */
async function processRuns(id: string): Promise<boolean> {
  const pid = /process:\/\/(\d+)/.exec(id)?.[1];
  assert.ok(pid);
  try {
    await Deno.stat(`/proc/${pid}`);
    return true;
  } catch {
    return false;
  }
}

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

Deno.test("EmbeddedCluster runs the pods of a set as processes, and ends them with the set", async () => {
  await using cluster = await startShells();
  const pods = await createShells(cluster, 3);
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
  await createShells(cluster, 2);
  const sets = cluster.client.resource(STATEFUL_SETS, "default");
  await sets.scale.update("web", 4);
  const before = await readyPods(cluster, 4);
  await sets.mergePatch("web", {
    spec: { template: { metadata: { annotations: { round: "2" } } } },
  });
  const { status } = await until(
    sets,
    ([web]) => web?.status?.updatedReplicas === 4 && web.status.readyReplicas === 4 && web,
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
  const [pod] = await createShells(cluster, 1);
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

Deno.test("EmbeddedCluster leaves no process and no file behind when it is closed with pods in it", async () => {
  await using folder = await emptyFolder();
  const cluster = await startCluster({ runtime: new ProcessRuntime(), directory: folder.path });
  await createShells(cluster, 2);
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
  await createShells(cluster, 2);
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

/** Runs two nodes with a readiness probe, and asks one of them for its height from outside. */
async function runNodes(cluster: EmbeddedCluster): Promise<void> {
  const anywhere = ["-bind=0.0.0.0", "-rpcbind=0.0.0.0", "-rpcallowip=0.0.0.0/0"];
  const credentials = ["-rpcuser=u", "-rpcpassword=p"];
  const pods = await createShells(cluster, 2, "", {
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
  await createShells(cluster, 2);
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

toolTest(
  ["kubectl"],
  "kubectl logs shows what a container writes, follows it, and shows its last run",
  async (kubectl) => {
    await using cluster = await startShells();
    const script =
      `trap 'echo bye; exit 0' TERM; for i in 1 2 3; do echo "line $i"; done; while [ ! -e "$GO" ]; do sleep 0.02; done; echo last; exit 3`;
    const go = await Deno.makeTempFile();
    await Deno.remove(go);
    const kubectlLogs = (...args: string[]): Promise<ProgramOutput> =>
      runKubectl(kubectl, cluster, ["logs", "web-0", ...args]);
    await createShells(cluster, 1, script, { env: [{ name: "GO", value: go }] });
    await eventually(async () => (await kubectlLogs()).stdout === "line 1\nline 2\nline 3\n");
    assert.equal((await kubectlLogs("--tail=1")).stdout, "line 3\n");
    assert.match(
      (await kubectlLogs("--timestamps", "--tail=1")).stdout,
      /^\d{4}-\d\d-\d\dT\S+Z line 3\n$/,
    );

    const following = new Deno.Command(kubectl, {
      args: ["--kubeconfig", cluster.kubeconfig, "logs", "web-0", "-f", "--tail=1"],
      stdout: "piped",
    }).spawn();
    let followed = "";
    for await (const text of following.stdout.pipeThrough(new TextDecoderStream())) {
      if (followed === "") await Deno.writeTextFile(go, "");
      followed += text;
    }
    assert.equal(followed, "line 3\nlast\n");
    assert.equal((await following.status).code, 0);
    await eventually(async () =>
      (await kubectlLogs("--previous", "--tail=2")).stdout === "line 3\nlast\n"
    );
    const nothing = await kubectlLogs("-c", "other");
    assert.equal(nothing.code, 1);
    assert.match(nothing.stderr, /container other is not valid for pod web-0/);
    await Deno.remove(go);
  },
);

toolTest(
  ["kubectl"],
  "kubectl rollout waits for, lists and undoes the revisions of a set",
  async (kubectl) => {
    await using cluster = await startShells();
    await createShells(cluster, 2);
    const run = async (...args: string[]): Promise<string> => {
      const { code, stdout, stderr } = await runKubectl(kubectl, cluster, args);
      assert.equal(code, 0, stderr);
      return stdout;
    };
    await run("set", "env", "sts/web", "ROUND=2");
    assert.match(
      await run("rollout", "status", "sts/web", "--timeout=10s"),
      /2 new pods have been updated/,
    );
    assert.match(await run("rollout", "history", "sts/web"), /^1 .*\n2 /m);
    await run("rollout", "undo", "sts/web");
    await run("rollout", "status", "sts/web", "--timeout=10s");
    assert.equal(
      await run("get", "sts", "web", "-o", "jsonpath={.spec.template.spec.containers[0].env}"),
      "",
    );
    assert.match(await run("rollout", "history", "sts/web"), /^2 .*\n3 /m);
  },
);
