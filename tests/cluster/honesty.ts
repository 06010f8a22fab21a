/** Watches what a network's status claims, and holds every version of it against the pods that there were. */

import assert from "node:assert/strict";
import type { Pod } from "kubernetes-types/core/v1.d.ts";
import { Informer, PODS, type Stored } from "../../lib/kube/mod.ts";
import type { BitcoinNetwork } from "../../lib/network/mod.ts";
import { edgesOf, topologyOf } from "../../lib/network/topology.ts";
import type { Lab } from "./lab.ts";

/** The pods at one moment: `image` of each that is Ready. */
type Snapshot = readonly (string | undefined)[];

/** Listens to one network from its creation until it is disposed of. */
export class Watchman implements AsyncDisposable {
  /** Versions that were seen. */
  versions = 0;
  /** Versions in which a condition was True of the spec that they had. */
  claims = 0;
  /** Claims that were not true. */
  readonly lies: string[] = [];
  readonly #stop = new AbortController();
  readonly #running: readonly Promise<void>[];
  /** What the pods were since the generation of the network is what it is. */
  #snapshots: Snapshot[] = [];
  #generation = 0;

  /** Begins to listen. */
  constructor(lab: Lab) {
    const pods = new Informer(lab.objects(PODS));
    const look = (): void => {
      this.#snapshots.push(pods.store.list().map(readyImage));
    };
    pods.subscribe({ added: look, updated: look, deleted: look });
    const networks = new Informer(lab.networks);
    const check = (network: Readonly<Stored<BitcoinNetwork>>): void => {
      if (network.metadata.generation !== this.#generation) {
        this.#generation = network.metadata.generation ?? 0;
        this.#snapshots = [pods.store.list().map(readyImage)];
      }
      this.#check(network);
    };
    networks.subscribe({ added: check, updated: check, deleted: () => {} });
    this.#running = [pods.run(this.#stop.signal), networks.run(this.#stop.signal)];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await Promise.all(this.#running);
  }

  #check({ metadata, spec, status }: Readonly<Stored<BitcoinNetwork>>): void {
    this.versions++;
    const holds = (type: string): boolean =>
      status?.conditions?.some((condition) =>
        condition.type === type && condition.status === "True" &&
        condition.observedGeneration === metadata.generation
      ) ?? false;
    const claim = (what: string, isTrue: boolean): void => {
      this.claims++;
      if (!isTrue) {
        this.lies.push(`${what} of generation ${metadata.generation}: ${JSON.stringify(spec)}`);
      }
    };
    const nodes = status?.nodes ?? [];
    const edges = edgesOf(spec.nodes, topologyOf(spec.topology)).length;
    if (holds("NodesReady")) {
      claim("NodesReady without the pods", this.#hadPods(spec));
      claim(
        "NodesReady without the nodes",
        nodes.filter(({ ready }) => ready).length === spec.nodes,
      );
    }
    if (holds("Connected")) {
      const { desired, actual } = status?.connections ?? {};
      claim("Connected without the links", desired === edges && actual === edges);
    }
    if (holds("Synced")) {
      const tips = new Set(nodes.map(({ tip }) => tip));
      claim("Synced without the nodes", nodes.length === spec.nodes && tips.size <= 1);
    }
    if (holds("Ready")) {
      const parts = ["NodesReady", "Connected", "Synced"];
      claim("Ready without its parts", parts.every(holds) && !holds("Reconciling"));
    }
  }

  #hadPods({ nodes, image }: BitcoinNetwork["spec"]): boolean {
    return this.#snapshots.some((images) => images.filter((one) => one === image).length === nodes);
  }
}

function readyImage({ metadata, spec, status }: Readonly<Stored<Pod>>): string | undefined {
  const isReady = !metadata.deletionTimestamp &&
    status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True");
  return isReady ? spec?.containers[0]?.image : undefined;
}

/** Fails if a claim was not true, or if there was nothing to see. */
export function assertHonest({ versions, claims, lies }: Watchman): void {
  assert.deepEqual(lies, []);
  assert.ok(versions > 10 && claims > 10, `${claims} claims in ${versions} versions`);
}
