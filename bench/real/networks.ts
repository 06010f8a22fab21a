/** Networks for benchmarks: creates them, and knows when they are settled. */

import type { KubeClient } from "../../lib/kube/mod.ts";
import { API_VERSION, BITCOIN_NETWORKS, type BitcoinNetwork, KIND } from "../../lib/network/mod.ts";

/** Requests under way at once while a scene is set: enough to keep the machine busy. */
const REQUESTS = 16;

/** Creates networks called `<prefix>-0` and so on. */
export async function createNetworks(
  client: KubeClient,
  namespace: string,
  { count, prefix, nodes }: {
    readonly count: number;
    readonly prefix: string;
    readonly nodes: number;
  },
): Promise<void> {
  const networks = client.resource(BITCOIN_NETWORKS, namespace);
  await forEach(Array.from({ length: count }, (_, index) => index), async (index) => {
    const metadata = { name: `${prefix}-${index}` };
    await networks.create({ apiVersion: API_VERSION, kind: KIND, metadata, spec: { nodes } });
  });
}

/** Whether there is nothing left to be done. */
export function isFinal({ metadata, status }: BitcoinNetwork): boolean {
  const ready = status?.conditions?.find(({ type }) => type === "Ready");
  return ready?.status === "True" && ready.observedGeneration === metadata?.generation;
}

/** Does something for each value, several at once. */
export async function forEach<T>(
  values: Iterable<T>,
  work: (value: T) => Promise<void>,
): Promise<void> {
  const todo = [...values].values();
  await Promise.all(Array.from({ length: REQUESTS }, async () => {
    for (const value of todo) await work(value);
  }));
}
