/** What one network costs the API server; docs/operations.md explains the figures. */

import assert from "node:assert/strict";
import { tallyOf } from "../support/control_plane/mod.ts";
import { eventually } from "../support/eventually.ts";
import { controlPlaneSuite } from "../support/tools.ts";
import { startController } from "./controller_process.ts";
import { Lab } from "./lab.ts";
import { RealCluster } from "./real_cluster.ts";

/** At its start, whatever there is. */
const START = {
  "get /version": 1,
  "list bitcoinnetworks": 1,
  "list pods": 1,
  "list services": 1,
  "list statefulsets": 1,
  "watch bitcoinnetworks": 1,
  "watch pods": 1,
  "watch services": 1,
  "watch statefulsets": 1,
};

/** From nothing to Ready, but for the status. */
const NETWORK = {
  "patch services": 1,
  "create secrets": 1,
  "patch secrets": 1,
  "patch statefulsets": 1,
  "create events": 3,
};

/** Another number of nodes, but for the status. */
const CHANGE = {
  "patch statefulsets/scale": 1,
  "create events": 1,
  "patch events": 1,
};

/**
 * Status writes on the way. Three at least: nothing is there, all is starting, all is well. At most three more, as it
 * happens to show: the chain and the links before or after the pods are Ready, and details in between.
 */
const STATUS = { atLeast: 3, atMost: 6 };

async function countRequests(cluster: RealCluster): Promise<void> {
  const lab = new Lab(cluster, "requests");
  await lab.setUp();
  await using _controller = await startController(cluster);
  const isWatching = async (): Promise<boolean> =>
    (await cluster.controllerRequests()).filter(({ verb }) => verb === "watch").length === 4;
  await eventually(isWatching, { what: "the controller to watch", timeoutMs: 30_000 });
  assert.deepEqual(tallyOf(await cluster.controllerRequests()), START);
  const before = (await cluster.controllerRequests()).length;

  await lab.create("net", { nodes: 3 });
  await lab.untilReady("net", 3);
  await lab.untilNetwork(
    "net",
    "with all peers",
    ({ status }) => status?.nodes?.every(({ peers }) => peers === 4),
  );
  for (const reason of ["CreatedService", "CreatedStatefulSet", "Connected"]) {
    await lab.untilEvent("net", reason);
  }
  const { "patch bitcoinnetworks/status": statuses = 0, ...others } = tallyOf(
    (await cluster.controllerRequests()).slice(before),
  );
  assert.deepEqual(others, NETWORK);
  const { atLeast, atMost } = STATUS;
  assert.ok(statuses >= atLeast && statuses <= atMost, `${statuses} writes of the status`);

  const grown = (await cluster.controllerRequests()).length;
  await lab.networks.mergePatch("net", { spec: { nodes: 4 } });
  await lab.untilReady("net", 4);
  await lab.untilEvent("net", "Scaled");
  await eventually(async () => await lab.countEvents("net", "Connected") === 2, {
    what: "the event that all are connected once more",
  });
  // The Secrets are read by age, whatever else happens.
  const {
    "patch bitcoinnetworks/status": _some,
    "get secrets": _reads,
    ...change
  } = tallyOf((await cluster.controllerRequests()).slice(grown));
  assert.deepEqual(change, CHANGE);
}

controlPlaneSuite(
  ["bitcoind", "bitcoin-cli"],
  "one network of 3 nodes costs the API server 7 requests and its status, and another number of nodes 3",
  async (t, assets) => {
    for (const bitcoind of ["fake", "real"] as const) {
      await t.step(`with ${bitcoind} bitcoinds`, async () => {
        await using cluster = await RealCluster.start({ assets, bitcoind });
        await countRequests(cluster);
      });
    }
  },
);
