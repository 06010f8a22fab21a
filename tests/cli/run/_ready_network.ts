/** A network that the controller under test brings up. */

import type { KubeClient } from "../../../lib/kube/mod.ts";
import { API_VERSION, BITCOIN_NETWORKS, KIND } from "../../../lib/network/mod.ts";
import { until } from "../../support/eventually.ts";
/** Creates the network 'net' with two nodes, and waits until it is Ready. */
export async function createReadyNetwork(client: KubeClient): Promise<void> {
  const networks = client.resource(BITCOIN_NETWORKS, "default");
  await networks.create({
    apiVersion: API_VERSION,
    kind: KIND,
    metadata: { name: "net" },
    spec: { nodes: 2 },
  });
  await until(
    networks,
    ([network]) =>
      network?.status?.conditions?.some(({ type, status }) =>
        type === "Ready" && status === "True"
      ),
    { what: "the network to be Ready", timeoutMs: 30_000 },
  );
}
