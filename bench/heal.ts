/** How fast links come up and heal, beside what bitcoind does when it is left alone in the same run. */

import { ControllerProcess } from "../tests/chaos/controller_process.ts";
import { edgeViolations } from "../tests/chaos/invariants.ts";
import { type NetworkView, Observer } from "../tests/chaos/observe.ts";
import { percentile } from "../tests/chaos/report.ts";
import { findTool } from "../tests/support/tools.ts";
import { EmbeddedCluster } from "../lib/embedded/mod.ts";
import { CUSTOM_RESOURCE_DEFINITIONS, PODS } from "../lib/kube/mod.ts";
import {
  API_VERSION,
  BITCOIN_NETWORKS,
  type BitcoinNetworkSpec,
  customResourceDefinition,
  KIND,
  P2P_PORT,
} from "../lib/network/mod.ts";
import { type PeerInfo, RpcError } from "../lib/rpc/mod.ts";
import { until } from "../lib/cli/until.ts";
import { type Benchmark, type Print, verdict } from "./harness.ts";
import {
  aloneAfterCut,
  aloneAfterFreeze,
  aloneAfterRestart,
  aloneMesh,
} from "./_bitcoind_alone.ts";
import { pause } from "./_process.ts";
import { usage } from "./_usage.ts";

/** Namespace of the networks. */
const NAMESPACE = "default";
/** How often a node is replaced, an edge cut, a peer frozen. */
const ROUNDS = 20;
const FREEZE_ROUNDS = 5;
/** The poll interval of the controller, in ms. */
const POLL_MS = 10_000;
/** How long the CPU of a settled network is watched, in ms. */
const WATCH_MS = 60_000;

/** A network to bring up, and the time from the last node's first answer in which it should be linked. */
interface MeshCase {
  readonly name: string;
  readonly spec: BitcoinNetworkSpec;
  readonly targetMs: number;
}

const MESHES: readonly MeshCase[] = [
  { name: "Full, 17 nodes, 136 edges", spec: { nodes: 17 }, targetMs: 3_000 },
  { name: "Full, 25 nodes, 300 edges", spec: { nodes: 25 }, targetMs: 5_000 },
  {
    name: "Random of degree 4, 60 nodes, 120 edges",
    spec: { nodes: 60, topology: { type: "Random", degree: 4, seed: 1 } },
    targetMs: 10_000,
  },
];

/** Real nodes, a controller of its own process. */
export const benchmark: Benchmark = {
  about: "links that come up and heal, with real bitcoind, beside bitcoind left alone",
  async run(_measure, print) {
    const bitcoind = findTool("bitcoind");
    if (!bitcoind) throw new Error("Cannot measure healing: there is no bitcoind on PATH");
    print("linked, in ms from the first answer of the last node:");
    for (const mesh of MESHES) await measureMesh(mesh, print);
    const alone = await aloneMesh(bitcoind, 17);
    print(`  bitcoind alone, 17 nodes with the same added lists${row([alone])}`);
    print("");
    await measureHealing(bitcoind, print);
    await measureRest(print);
  },
};

async function measureMesh({ name, spec, targetMs }: MeshCase, print: Print): Promise<void> {
  await using stage = await Stage.start("real");
  await stage.create("mesh", spec);
  const answered = await stage.until(
    "mesh",
    ({ nodes }) => nodes.length === spec.nodes && nodes.every(({ peers }) => peers !== undefined),
  );
  const linked = await stage.until("mesh", isLinked);
  print(`  ${name}${row([linked - answered])}${goal([linked - answered], targetMs)}`);
}

async function measureHealing(bitcoind: string, print: Print): Promise<void> {
  // They wait most of the time, and so disturb nobody.
  const alone = Promise.all([
    aloneAfterRestart(bitcoind),
    aloneAfterCut(bitcoind),
    aloneAfterFreeze(bitcoind),
  ]);
  await using stage = await Stage.start("real");
  await stage.create("net", { nodes: 5 });
  await stage.until("net", isLinked);
  const replaced = await repeat(ROUNDS, () => stage.replace("net"));
  const cut = await repeat(ROUNDS, () => stage.cut("net"));
  const frozen = await repeat(FREEZE_ROUNDS, () => stage.freeze("net"));
  const [restartAlone, cutAlone, freezeAlone] = await alone;
  print(`healed, a Full network of 5 nodes, in ms: ${HEADINGS}`);
  print(
    `  a killed and replaced node, from its pod's Ready${row(replaced)}${goal(replaced, 3_000)}`,
  );
  print(`    bitcoind alone, from the answer of the restarted node${row([restartAlone])}`);
  print(`  an edge cut by hand${row(cut)}${goal(cut, POLL_MS + 1_000)}`);
  print(`    bitcoind alone${row([cutAlone])}`);
  print(`  a half-open peer, from its pod's deletion${row(frozen)}${goal(frozen, 15_000)}`);
  print(`    bitcoind alone${row([freezeAlone])} (given up)`);
  print("");
}

/** The controller's CPU for 100 settled nodes; fakes answer, in this process. */
async function measureRest(print: Print): Promise<void> {
  await using stage = await Stage.start("fake");
  const spec: BitcoinNetworkSpec = {
    nodes: 100,
    topology: { type: "Random", degree: 4, seed: 1 },
  };
  await stage.create("rest", spec);
  await stage.until("rest", isLinked);
  await pause(2 * POLL_MS);
  const before = await usage(stage.controller.pid);
  await pause(WATCH_MS);
  const after = await usage(stage.controller.pid);
  const cpu = (after.cpuMs - before.cpuMs) / WATCH_MS * 100;
  print(
    `CPU of the controller for 100 settled nodes, polled every ${POLL_MS / 1000} s: ` +
      `${cpu.toFixed(2)} % of a core  ${verdict("1 %", cpu < 1)}`,
  );
  print("");
}

const HEADINGS = "median, p99, max";

function row(values: readonly number[]): string {
  const sorted = values.toSorted((a, b) => a - b);
  const figures = sorted.length === 1
    ? [percentile(sorted, 1)]
    : [0.5, 0.99, 1].map((share) => percentile(sorted, share));
  return `: ${figures.map((value) => Math.round(value)).join(", ")}`;
}

function goal(values: readonly number[], targetMs: number): string {
  return `  ${verdict(targetMs, Math.max(...values) <= targetMs)}`;
}

async function repeat(count: number, one: () => Promise<number>): Promise<number[]> {
  const values: number[] = [];
  for (let round = 0; round < count; round++) values.push(await one());
  return values;
}

function isLinked(view: NetworkView): boolean {
  const { network: { spec }, nodes } = view;
  if (nodes.length !== spec.nodes || nodes.some(({ peers }) => !peers)) return false;
  const owners = new Map(nodes.map(({ ip, name }) => [`${ip}:${P2P_PORT}`, name]));
  return edgeViolations(view, owners).length === 0;
}

/** A cluster with a controller, and what is done to its networks. */
class Stage implements AsyncDisposable {
  readonly controller: ControllerProcess;
  readonly #cluster: EmbeddedCluster;
  readonly #folder: string;
  readonly #observer: Observer;

  private constructor(cluster: EmbeddedCluster, folder: string) {
    this.#cluster = cluster;
    this.#folder = folder;
    this.#observer = new Observer(cluster.client, NAMESPACE);
    this.controller = new ControllerProcess(
      cluster.kubeconfig,
      `${folder}/controller.log`,
      POLL_MS,
    );
  }

  static async start(bitcoind: "real" | "fake"): Promise<Stage> {
    const folder = await Deno.makeTempDir({ prefix: "heal-" });
    const cluster = new EmbeddedCluster({ bitcoind, directory: folder, stopGraceMs: 1_000 });
    await cluster.start();
    await cluster.client.resource(CUSTOM_RESOURCE_DEFINITIONS)
      .apply(customResourceDefinition(), { fieldManager: "bench" });
    const stage = new Stage(cluster, folder);
    stage.controller.start();
    return stage;
  }

  async create(name: string, spec: BitcoinNetworkSpec): Promise<void> {
    const networks = this.#cluster.client.resource(BITCOIN_NETWORKS, NAMESPACE);
    const network = { apiVersion: API_VERSION, kind: KIND, metadata: { name }, spec };
    await until("the CRD", () => networks.create(network));
  }

  /** Looks until it is so; returns when that was. */
  async until(name: string, holds: (view: NetworkView) => boolean): Promise<number> {
    const end = performance.now() + 180_000;
    for (;;) {
      const view = await this.#observer.look(name);
      const now = performance.now();
      if (holds(view)) return now;
      if (now > end) throw new Error(`Network '${name}' does not come to where it should`);
      await pause(20);
    }
  }

  /** Kills a node and deletes its pod; returns the time from the Ready of the next one until all is linked. */
  async replace(name: string): Promise<number> {
    const { uid, name: pod } = await this.#first(name);
    this.#cluster.killPod(NAMESPACE, pod);
    await this.#cluster.client.resource(PODS, NAMESPACE).delete(pod, { uid });
    const ready = await this.until(
      name,
      ({ nodes }) => nodes.some((node) => node.name === pod && node.uid !== uid && node.isReady),
    );
    return await this.until(name, isLinked) - ready;
  }

  /** Ends all connections between two nodes, as a person could; returns the time until all is linked. */
  async cut(name: string): Promise<number> {
    const { rpc, name: pod } = await this.#first(name);
    const peers = await rpc.getPeerInfo();
    const other = peers.map(commentOf).find((comment) => comment !== pod);
    const start = performance.now();
    for (const peer of peers.filter((one) => commentOf(one) === other)) {
      await rpc.disconnectNode(peer.id).catch((error) => {
        // The other end was faster, or the controller.
        if (!(error instanceof RpcError && error.isNodeNotConnected)) throw error;
      });
    }
    return await this.until(name, isLinked) - start;
  }

  /** Cuts off the machine of a node while its pod is replaced; returns the time until all is linked. */
  async freeze(name: string): Promise<number> {
    const { uid, name: pod } = await this.#first(name);
    const pid = this.#processOf(pod);
    Deno.kill(pid, "SIGSTOP");
    this.#cluster.losePod(NAMESPACE, pod);
    const start = performance.now();
    await this.#cluster.client.resource(PODS, NAMESPACE).delete(pod, {
      uid,
      gracePeriodSeconds: 0,
    });
    await this.until(
      name,
      ({ nodes }) => nodes.some((node) => node.name === pod && node.uid !== uid),
    );
    const linked = await this.until(name, isLinked);
    Deno.kill(pid, "SIGKILL");
    return linked - start;
  }

  async #first(name: string): Promise<NetworkView["nodes"][number]> {
    const [node] = (await this.#observer.look(name)).nodes;
    if (!node) throw new Error(`Network '${name}' has no node`);
    return node;
  }

  #processOf(pod: string): number {
    const line = this.#cluster.running().find((text) => text.startsWith(`${NAMESPACE}/${pod}/`));
    return Number(/process:\/\/(\d+)/.exec(line ?? "")?.[1]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.controller.kill();
    await this.#cluster.close();
    await Deno.remove(this.#folder, { recursive: true });
  }
}

/** What a peer calls itself: the name of its pod. */
function commentOf({ subver }: PeerInfo): string | undefined {
  return /\(([^;)]+)[;)]/.exec(subver)?.[1];
}
