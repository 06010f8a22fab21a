/** The store: how many objects a second a full list brings in. */

import type { Pod } from "kubernetes-types/core/v1.d.ts";

import { indexByController, indexByNamespace, Store, type Stored } from "../lib/kube/mod.ts";
import { samplePod } from "./_pods.ts";
import type { Benchmark } from "./harness.ts";

const OBJECTS = 10_000;
/** Lists in a run: one alone is too short to measure. */
const REPEATS = 10;
const INDEXES = { namespace: indexByNamespace, controller: indexByController };

/** Measures a first list, and one in which every object has changed; 10,000 objects in 50 ms is the target. */
export const benchmark: Benchmark = {
  about: "replace of Store with 10,000 pods and two indexes, beside a plain map",
  async run(measure) {
    const pod = await samplePod();
    const before = Array.from({ length: OBJECTS }, (_, i) => pod(i));
    const after = Array.from({ length: OBJECTS }, (_, i) => pod(i));
    for (const { metadata } of after) metadata.resourceVersion += "0";
    const size = { unit: "objects", count: OBJECTS * REPEATS, targetPerSecond: 200_000 };
    const reference = { name: "Map by key", run: () => repeat(() => plainMap(after)) };
    await measure({
      ...size,
      name: "first list",
      subject: { name: "Store", run: () => repeat(() => firstList(after)) },
      reference,
    });
    const store = new Store<Pod>(INDEXES);
    await measure({
      ...size,
      name: "list with every object changed",
      subject: { name: "Store", run: () => repeat((i) => relist(store, i % 2 ? before : after)) },
      reference,
    });
  },
};

function repeat(work: (index: number) => void): void {
  for (let i = 0; i < REPEATS; i++) work(i);
}

function firstList(pods: readonly Stored<Pod>[]): void {
  check(new Store<Pod>(INDEXES).replace(pods).length);
}

function relist(store: Store<Pod>, pods: readonly Stored<Pod>[]): void {
  check(store.replace(pods).length);
}

function plainMap(pods: readonly Stored<Pod>[]): void {
  const map = new Map<string, Stored<Pod>>();
  for (const pod of pods) map.set(`${pod.metadata.namespace}/${pod.metadata.name}`, pod);
  check(map.size);
}

function check(count: number): void {
  if (count !== OBJECTS) throw new Error(`Handled ${count} of ${OBJECTS} objects`);
}
