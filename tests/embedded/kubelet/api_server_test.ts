/** The kubelet on the embedded API server with real processes. */

import type { Pod, PodSpec, Secret } from "kubernetes-types/core/v1.d.ts";
import assert from "node:assert/strict";

import { ApiServer } from "../../../lib/embedded/api/mod.ts";
import { Kubelet, ProcessRuntime } from "../../../lib/embedded/kubelet/mod.ts";
import {
  KubeClient,
  PODS,
  type ResourceHandle,
  SECRETS,
  type Stored,
} from "../../../lib/kube/mod.ts";
import { eventually, until, untilGone } from "../../support/eventually.ts";
import { toolTest } from "../../support/tools.ts";
import { namesIn, temporaryFolder } from "../../support/temporary_folder.ts";

const KUBELET_TOKEN = "kubelet-token";

interface World {
  readonly server: ApiServer;
  readonly client: KubeClient;
  readonly pods: ResourceHandle<Pod>;
}

/** Runs a test in a world with an API server and a kubelet, and checks that nothing is left of it. */
async function inWorld(run: (world: World) => Promise<void>): Promise<void> {
  await using folder = await temporaryFolder();
  await using server = new ApiServer({
    tokens: new Map([["t", "admin"]]),
    kubelet: { fetch, token: KUBELET_TOKEN },
  });
  await server.start();
  const client = new KubeClient({
    server: server.url,
    credentials: { authorization: () => Promise.resolve("Bearer t"), rejected() {} },
    namespace: "default",
    description: "a test",
  });
  const kubelet = new Kubelet({
    client,
    nodeName: "n1",
    runtime: new ProcessRuntime(),
    rootDir: folder.path,
    serverToken: KUBELET_TOKEN,
  });
  const stop = new AbortController();
  const running = kubelet.run(stop.signal);
  try {
    await kubelet.ready(stop.signal);
    await run({ server, client, pods: client.resource(PODS, "default") });
  } finally {
    stop.abort(new Error("the test is over"));
    await running;
    client.close();
  }
  assert.deepEqual(await namesIn(folder.path), [], "no file is left");
}

function podOf(name: string, spec: Partial<PodSpec>): Pod {
  const full: PodSpec = {
    nodeName: "n1",
    terminationGracePeriodSeconds: 5,
    containers: [],
    ...spec,
  };
  return { apiVersion: "v1", kind: "Pod", metadata: { name, namespace: "default" }, spec: full };
}

function shellPod(name: string, script: string, spec: Partial<PodSpec> = {}): Pod {
  const containers = [{ name: "c", image: "img", command: ["sh", "-c", script] }];
  return podOf(name, { containers, ...spec });
}

async function untilReady(
  pods: ResourceHandle<Pod>,
  name: string,
  restarts = 0,
): Promise<Readonly<Stored<Pod>>> {
  return await until(pods, (all) => {
    const pod = all.find(({ metadata }) => metadata.name === name);
    const ready = pod?.status?.conditions?.find(({ type }) => type === "Ready")?.status === "True";
    return ready && pod?.status?.containerStatuses?.[0]?.restartCount === restarts && pod;
  }, { what: `pod ${name} to be ready`, timeoutMs: 20_000 });
}

function pidOf(pod: Pod): number {
  const id = pod.status?.containerStatuses?.[0]?.containerID ?? "";
  assert.match(id, /^process:\/\/\d+$/);
  return Number(id.replace("process://", ""));
}

async function isAlive(pid: number): Promise<boolean> {
  const stat = await Deno.readTextFile(`/proc/${pid}/stat`).catch(() => ") Z ");
  return !stat.includes(") Z ");
}

Deno.test("Kubelet runs a pod of the embedded API server as a process until it is deleted", async () => {
  await inWorld(async ({ pods }) => {
    await pods.create(shellPod("a", "trap 'exit 0' TERM; while :; do sleep 0.01; done"));
    const pid = pidOf(await untilReady(pods, "a"));
    assert.ok(await isAlive(pid));
    await pods.delete("a");
    await untilGone(pods);
    assert.ok(!await isAlive(pid));
  });
});

Deno.test("Kubelet ends its processes when it stops", async () => {
  let pid = 0;
  await inWorld(async ({ pods }) => {
    await pods.create(shellPod("a", "sleep 1000 & wait"));
    pid = pidOf(await untilReady(pods, "a"));
  });
  assert.ok(!await isAlive(pid));
});

Deno.test("Kubelet restarts a process that is killed from outside, and reports how it ended", async () => {
  await inWorld(async ({ pods }) => {
    await pods.create(shellPod("a", "exec sleep 1000"));
    Deno.kill(pidOf(await untilReady(pods, "a")), "SIGKILL");
    const { status } = await untilReady(pods, "a", 1);
    const { exitCode, reason } = status?.containerStatuses?.[0]?.lastState?.terminated ?? {};
    assert.deepEqual([exitCode, reason], [137, "Error"]);
  });
});

Deno.test("Kubelet serves the logs of its pods through the API server", async () => {
  await inWorld(async ({ client, pods }) => {
    const log = "/api/v1/namespaces/default/pods/a/log";
    await pods.create(shellPod("a", "echo one; echo two >&2; exec sleep 1000"));
    await untilReady(pods, "a");
    await eventually(async () => {
      const text = await client.request({ path: log });
      return typeof text === "string" && text.split("\n").sort().join(" ") === " one two";
    });
    const stream = await client.stream({ path: log, query: { follow: true, tailLines: 0 } });
    await pods.delete("a");
    assert.equal(await new Response(stream).text(), "");
  });
});

Deno.test("Kubelet writes nothing to the API server for pods at rest", async () => {
  await inWorld(async ({ server, pods }) => {
    await pods.create(shellPod("a", "exec sleep 1000", { restartPolicy: "Never" }));
    await pods.create(shellPod("done", "true", { restartPolicy: "Never" }));
    await untilReady(pods, "a");
    await until(
      pods,
      (all) =>
        all.some(({ status, metadata }) =>
          metadata.name === "done" && status?.phase === "Succeeded" &&
          status.conditions?.some(({ type, status }) =>
            type === "PodReadyToStartContainers" && status === "False"
          )
        ),
    );
    const writes = (): number => server.requests.filter(({ verb }) => verb === "patch").length;
    const before = writes();
    await pods.mergePatch("a", { metadata: { labels: { touched: "1" } } });
    await pods.mergePatch("done", { metadata: { labels: { touched: "1" } } });
    // The kubelet has seen both once it has run a pod that came after them.
    await pods.create(shellPod("later", "exec sleep 1000"));
    await untilReady(pods, "later");
    const paths = server.requests.filter(({ verb }) => verb === "patch").slice(before)
      .map(({ name, subresource }) => `${name}/${subresource}`);
    assert.ok(!paths.includes("a/status") && !paths.includes("done/status"), paths.join(" "));
  });
});

// Real bitcoind

const TOOLS = ["bitcoind", "bitcoin-cli"];

const CONFIG = `
regtest=1
server=1
printtoconsole=1
datadir=/data
dnsseed=0
fixedseeds=0
listenonion=0
natpmp=0
dbcache=16
par=1
[regtest]
bind=0.0.0.0
rpcbind=0.0.0.0
rpcallowip=0.0.0.0/0
rpcconnect=127.0.0.1
`;

function bitcoinPod(name: string): Pod {
  const cli = ["bitcoin-cli", "-regtest", "-conf=/bitcoin.conf"];
  return podOf(name, {
    containers: [{
      name: "c",
      image: "bitcoin/bitcoin:30.0",
      command: ["bitcoind", "-conf=/bitcoin.conf"],
      terminationMessagePolicy: "FallbackToLogsOnError",
      ports: [{ name: "rpc", containerPort: 18443 }, { name: "p2p", containerPort: 18444 }],
      volumeMounts: [
        { name: "data", mountPath: "/data" },
        { name: "conf", mountPath: "/bitcoin.conf", subPath: "bitcoin.conf", readOnly: true },
      ],
      startupProbe: {
        exec: { command: [...cli, "getblockchaininfo"] },
        periodSeconds: 1,
        timeoutSeconds: 5,
        failureThreshold: 30,
      },
      readinessProbe: { exec: { command: [...cli, "getnetworkinfo"] }, timeoutSeconds: 5 },
    }],
    volumes: [
      { name: "data", emptyDir: {} },
      { name: "conf", secret: { secretName: "conf", defaultMode: 0o440 } },
    ],
  });
}

async function createConfig(client: KubeClient, text: string): Promise<void> {
  const secret: Secret = { metadata: { name: "conf" }, data: { "bitcoin.conf": btoa(text) } };
  await client.resource(SECRETS, "default").create(secret);
}

toolTest(
  TOOLS,
  "Kubelet runs two bitcoind nodes side by side, each at the address of its pod",
  async () => {
    await inWorld(async ({ client, pods }) => {
      await createConfig(client, CONFIG);
      for (const name of ["a", "b"]) await pods.create(bitcoinPod(name));
      const ready = [await untilReady(pods, "a"), await untilReady(pods, "b")];
      for (const { status } of ready) {
        using rpc = await Deno.connect({ hostname: status?.podIP ?? "", port: 18443 });
        using p2p = await Deno.connect({ hostname: status?.podIP ?? "", port: 18444 });
        assert.equal(rpc.remoteAddr.hostname, status?.podIP);
        assert.equal(p2p.remoteAddr.hostname, status?.podIP);
      }
      Deno.kill(pidOf(ready[0] ?? {}), "SIGKILL");
      const again = await untilReady(pods, "a", 1);
      assert.equal(again.status?.podIP, ready[0]?.status?.podIP);
      for (const name of ["a", "b"]) await pods.delete(name);
      await untilGone(pods);
      for (const pod of [again, ready[1] ?? {}]) assert.ok(!await isAlive(pidOf(pod)));
    });
  },
);

toolTest(TOOLS, "Kubelet shows the last lines of a bitcoind that exits with an error", async () => {
  await inWorld(async ({ client, pods }) => {
    await createConfig(client, "regtest=1\nrpcport=1\n");
    await pods.create(bitcoinPod("a"));
    const message = await until(pods, ([pod]) => {
      const { state, lastState } = pod?.status?.containerStatuses?.[0] ?? {};
      return (state?.terminated ?? lastState?.terminated)?.message;
    });
    assert.match(message, /rpcport only applied on regtest network when in \[regtest\] section/);
  });
});
