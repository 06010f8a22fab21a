/**
 * Many networks created at once on a real control plane: how soon their objects exist, and how soon their statuses are
 * final, beside a plain loop that writes the same objects.
 *
 * What is fair here, where kube-controller-manager, the stand-in kubelet, etcd and kube-apiserver share the machine with
 * what is measured:
 *
 * - Both sides start from the same state: the networks exist, in a namespace of their own that was empty, and pods
 *   of earlier rounds are at rest. The controller is held up by SIGSTOP while they are created, so that it finds all
 *   of them at once; the loop waits for a word. Both are processes of their own that have just started: the compiled
 *   controller, which has brought up one network, and a Deno with the loop, which has listed all.
 * - On both sides kube-controller-manager makes pods of the StatefulSets, and the stand-in marks them Ready, from the
 *   first StatefulSet on: they take from both what they take.
 * - The loop is the same account, sends the same server-side applies with the same field manager, and has as many requests
 *   under way as the controller at most. It reads nothing, decides nothing and tells nobody anything: the
 *   controller's events and statuses are extra.
 * - Time ends with a watch of this process, which is the same for both sides. The loop and the controller take turns.
 *
 * The second reference, "all pods Ready", is what no controller can be faster than: the loop's StatefulSets have come
 * up. A status can be final only after that.
 */

import type { StatefulSet } from "kubernetes-types/apps/v1.d.ts";
import type { Pod, Secret, Service } from "kubernetes-types/core/v1.d.ts";
import {
  type KubeClient,
  NAMESPACES,
  PODS,
  SECRETS,
  SERVICES,
  STATEFUL_SETS,
} from "../lib/kube/mod.ts";
import { BITCOIN_NETWORKS, type BitcoinNetwork } from "../lib/network/mod.ts";
import { isReady } from "../lib/network/pods.ts";
import { type Benchmark, type Print, summarize, verdict } from "./harness.ts";
import { pause } from "./_process.ts";
import { RealCluster } from "./real/cluster.ts";
import { createNetworks, isFinal } from "./real/networks.ts";
import { Population } from "./real/population.ts";

const NETWORKS = 200;
const NODES = 3;
/** Requests of the loop under way at once; the controller has one for each of its workers. */
const WORKERS = 5;

/** Times of one side in one round, in ms from its start. */
interface Times {
  /** All Services, Secrets and StatefulSets exist. */
  readonly objects: number;
  /** All pods are Ready. */
  readonly pods: number;
  /** All statuses are final; of the loop, which writes none, when all pods are Ready. */
  readonly statuses: number;
}

/** Measures both sides in turns. */
export const benchmark: Benchmark = {
  about: `${NETWORKS} networks at once on a real API server, beside a plain loop`,
  async run(_measure, print, { rounds, share }) {
    await using cluster = await RealCluster.start();
    const networks = Math.ceil(NETWORKS * share);
    const own: Times[] = [];
    const loop: Times[] = [];
    for (let round = 0; round < rounds; round++) {
      const sides = [
        async () => own.push(await ofController(cluster, `own-${round}`, networks)),
        async () => loop.push(await ofLoop(cluster, `loop-${round}`, networks)),
      ];
      for (const side of round % 2 === 0 ? sides : sides.reverse()) await side();
    }
    print(`${networks} networks of ${NODES} nodes at once, ${rounds} rounds; ms: median, min, max`);
    report(print, own, loop);
  },
};

function report(print: Print, own: readonly Times[], loop: readonly Times[]): void {
  const base = summarize(loop.map(({ objects }) => objects)).median;
  const row = (name: string, values: readonly number[], target?: number): void => {
    const { median, min, max } = summarize(values);
    const ratio = median / base;
    const figures = [median, min, max].map((value) => value.toFixed(0).padStart(8)).join("");
    const goal = target === undefined ? "" : `  ${verdict(target, ratio <= target)}`;
    print(`${name.padEnd(30)}${figures}  ratio ${ratio.toFixed(2)}${goal}`);
  };
  row("plain loop: objects written", loop.map(({ objects }) => objects));
  row("controller: objects exist", own.map(({ objects }) => objects), 1.3);
  row("plain loop: all pods Ready", loop.map(({ pods }) => pods));
  row("controller: all pods Ready", own.map(({ pods }) => pods));
  row("controller: all statuses final", own.map(({ statuses }) => statuses), 2);
  print("");
}

async function ofController(
  cluster: RealCluster,
  namespace: string,
  count: number,
): Promise<Times> {
  const { client } = cluster;
  await client.resource(NAMESPACES).create({ metadata: { name: namespace } });
  await using watch = new Watch(client, namespace);
  await using controller = cluster.startController("-n", namespace, "--workers", `${WORKERS}`);
  await createNetworks(client, namespace, { count: 1, prefix: "first", nodes: NODES });
  await watch.networks.reached(1);
  await pause(1_000);
  controller.pause();
  await createNetworks(client, namespace, { count, prefix: "net", nodes: NODES });
  await pause(1_000);
  const start = performance.now();
  controller.resume();
  const [times, statuses] = await Promise.all([
    watch.timesFrom(start, count + 1),
    watch.networks.reached(count + 1),
  ]);
  return { ...times, statuses: statuses - start };
}

async function ofLoop(cluster: RealCluster, namespace: string, count: number): Promise<Times> {
  const { client } = cluster;
  await client.resource(NAMESPACES).create({ metadata: { name: namespace } });
  await createNetworks(client, namespace, { count, prefix: "net", nodes: NODES });
  await using watch = new Watch(client, namespace);
  await using loop = cluster.startPlainLoop(namespace, WORKERS);
  await loop.line();
  await pause(1_000);
  const start = performance.now();
  await loop.tell("go");
  const times = await watch.timesFrom(start, count);
  return { ...times, statuses: times.pods };
}

/** Sees what comes into being in a namespace. */
class Watch implements AsyncDisposable {
  readonly networks: Population<BitcoinNetwork>;
  readonly #services: Population<Service>;
  readonly #secrets: Population<Secret>;
  readonly #sets: Population<StatefulSet>;
  readonly #pods: Population<Pod>;

  constructor(client: KubeClient, namespace: string) {
    this.networks = new Population(client, namespace, { type: BITCOIN_NETWORKS, holds: isFinal });
    this.#services = new Population(client, namespace, { type: SERVICES });
    this.#secrets = new Population(client, namespace, { type: SECRETS });
    this.#sets = new Population(client, namespace, { type: STATEFUL_SETS });
    this.#pods = new Population(client, namespace, { type: PODS, holds: isReady });
  }

  /** Times of so many networks, once all their pods are Ready. */
  async timesFrom(start: number, networks: number): Promise<Pick<Times, "objects" | "pods">> {
    const [pods, ...objects] = await Promise.all([
      this.#pods.reached(NODES * networks),
      this.#services.reached(networks),
      this.#secrets.reached(2 * networks),
      this.#sets.reached(networks),
    ]);
    return { objects: Math.max(...objects) - start, pods: pods - start };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const all = [this.networks, this.#services, this.#secrets, this.#sets, this.#pods];
    await Promise.all(all.map((one) => one[Symbol.asyncDispose]()));
  }
}
