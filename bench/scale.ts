/**
 * One change of `spec.nodes` while many networks are settled, on a real control plane: the time from the sending of the
 * PATCH to the event of the StatefulSet with the new replicas, at a watch of this process, which is not the controller.
 * Beside it the scale of a StatefulSet patched directly, with the same watch: what any controller adds to. The two
 * take turns, and each waits until what the last change led to is over: kube-controller-manager's pods, the dials, the
 * status. The networks are polled meanwhile as ever.
 */

import type { StatefulSet } from "kubernetes-types/apps/v1.d.ts";
import { Informer, type KubeClient, NAMESPACES, STATEFUL_SETS } from "../lib/kube/mod.ts";
import { deadline } from "../lib/time/mod.ts";
import { BITCOIN_NETWORKS, statefulSetName } from "../lib/network/mod.ts";
import { pause } from "./_process.ts";
import { type Benchmark, percentile, type Print, verdict } from "./harness.ts";
import { RealCluster } from "./real/cluster.ts";
import { createNetworks, isFinal } from "./real/networks.ts";
import { Population } from "./real/population.ts";

const NETWORKS = 200;
const CHANGES = 100;
const NODES = 3;
const NAMESPACE = "scale";
/** A StatefulSet of nobody. */
const PLAIN = "plain";
/** How long to wait for one change, in ms. */
const PATIENCE_MS = 60_000;
/** Time for the events and statuses that a change ends with to be written, in ms. */
const BETWEEN_MS = 300;

/** Measures both in turns. */
export const benchmark: Benchmark = {
  about: "one change of spec.nodes to the StatefulSet's replicas, on a real API server",
  async run(_measure, print, { share }) {
    const networks = Math.ceil(NETWORKS * share);
    await using cluster = await RealCluster.start();
    const { client } = cluster;
    await client.resource(NAMESPACES).create({ metadata: { name: NAMESPACE } });
    await createPlain(client);
    await using settled = new Population(client, NAMESPACE, {
      type: BITCOIN_NETWORKS,
      holds: isFinal,
    });
    await createNetworks(client, NAMESPACE, { count: networks, prefix: "net", nodes: NODES });
    await using _controller = cluster.startController("-n", NAMESPACE);
    await settled.reached(networks);
    await using replicas = new Replicas(client);
    await replicas.ready();
    // The events of the start are written by then.
    await pause(10_000);

    const sets = client.resource(STATEFUL_SETS, NAMESPACE);
    const own: number[] = [];
    const plain: number[] = [];
    for (let change = 0; change < Math.min(CHANGES, networks); change++) {
      const nodes = NODES + 1 - change % 2 * 2;
      const name = `net-${change}`;
      own.push(
        await replicas.timeOf(
          statefulSetName(name),
          nodes,
          () => client.resource(BITCOIN_NETWORKS, NAMESPACE).mergePatch(name, { spec: { nodes } }),
        ),
      );
      await pause(BETWEEN_MS);
      await settled.reached(networks);
      await pause(BETWEEN_MS);
      const count = 1 - change % 2;
      plain.push(
        await replicas.timeOf(
          PLAIN,
          count,
          () => sets.scale.mergePatch(PLAIN, { spec: { replicas: count } }),
        ),
      );
      await pause(BETWEEN_MS);
    }
    report(print, networks, plain, own);
  },
};

function report(
  print: Print,
  networks: number,
  plain: readonly number[],
  own: readonly number[],
): void {
  print(
    `a change's way to a StatefulSet, with ${networks} settled networks, ${own.length} changes; ms`,
  );
  const row = (name: string, part: number, target: number): void => {
    const base = percentile(plain, part);
    const value = percentile(own, part);
    print(
      `${name.padEnd(6)}  written directly ${base.toFixed(1).padStart(6)}  ` +
        `by the controller ${value.toFixed(1).padStart(6)}  ratio ${(value / base).toFixed(2)}  ` +
        verdict(target, value < target),
    );
  };
  row("p50", 0.5, 20);
  row("p99", 0.99, 100);
  print("");
}

/** Sees replicas of StatefulSets change. */
class Replicas implements AsyncDisposable {
  readonly #informer: Informer<StatefulSet>;
  readonly #stop = new AbortController();
  readonly #running: Promise<void>;
  #waiting:
    | { readonly name: string; readonly count: number; readonly seen: () => void }
    | undefined;

  constructor(client: KubeClient) {
    this.#informer = new Informer(client.resource(STATEFUL_SETS, NAMESPACE));
    this.#informer.subscribe({
      updated: ({ metadata: { name }, spec }) => {
        const { name: wanted, count, seen } = this.#waiting ?? {};
        if (name === wanted && spec?.replicas === count) seen?.();
      },
    });
    this.#running = this.#informer.run(this.#stop.signal);
  }

  async ready(): Promise<void> {
    await this.#informer.synced();
  }

  /** Makes a change and waits until the set has `count` replicas; the time that this takes, in ms. */
  async timeOf(name: string, count: number, change: () => Promise<unknown>): Promise<number> {
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    this.#waiting = { name, count, seen: () => resolve(performance.now()) };
    const start = performance.now();
    using limit = deadline(PATIENCE_MS);
    limit.signal.addEventListener("abort", () => reject(limit.signal.reason));
    const [at] = await Promise.all([promise, change()]);
    return at - start;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort(new Error("The benchmark is over"));
    await this.#running;
  }
}

/** A StatefulSet whose pods nobody admits, so that its changes cost nothing else. */
async function createPlain(client: KubeClient): Promise<void> {
  const labels = { app: PLAIN };
  await client.resource(STATEFUL_SETS, NAMESPACE).create({
    metadata: { name: PLAIN },
    spec: {
      replicas: 0,
      serviceName: PLAIN,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: { serviceAccountName: "nobody", containers: [{ name: PLAIN, image: PLAIN }] },
      },
    },
  });
}
