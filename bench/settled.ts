/**
 * A thousand networks of five nodes at rest, on a real API server: memory and CPU of the controller, and how soon it works
 * after its start.
 *
 * kube-controller-manager does not run: 5,000 pods would keep this machine busy for many minutes. The controller writes
 * its objects and statuses itself; then this program writes the pods, with the labels and owner references that they
 * would have, and the controller brings the networks to rest. Then the controller is started anew, and measured.
 *
 * What the polls cost is measured by a process that polls the same nodes at the same rate, with the same client,
 * the same checks of the answers and the same runtime, and does nothing else. What the controller takes beyond that is
 * its own: plans, statuses, Secrets, watches. The two run at the same time, so that what else the machine does hits both.
 */

import { BITCOIN_NETWORKS } from "../lib/network/mod.ts";
import { STATEFUL_SETS } from "../lib/kube/mod.ts";
import { isWrite } from "../tests/support/control_plane/mod.ts";
import { pause } from "./_process.ts";
import { type Benchmark, verdict } from "./harness.ts";
import { RealCluster } from "./real/cluster.ts";
import { createNetworks, isFinal } from "./real/networks.ts";
import { createNamespace, runPods } from "./real/pods.ts";
import { Population } from "./real/population.ts";

const NETWORKS = 1_000;
const NODES = 5;
const NAMESPACE = "settled";
/** How long to watch, in ms. */
const WATCH_MS = 60_000;
/** Time to come to rest after the start, in ms: two rounds of polls. */
const REST_MS = 25_000;
/** Time between two polls of a node, in s. */
const POLL_S = 10;

/** Sets the scene, which takes a few minutes, and measures for a minute. */
export const benchmark: Benchmark = {
  about: "1,000 networks and 5,000 pods at rest, on a real API server: memory, CPU, start",
  async run(_measure, print, { share }) {
    const networks = Math.ceil(NETWORKS * share);
    await using cluster = await RealCluster.start({ controllers: false });
    const { client } = cluster;
    await createNamespace(client, NAMESPACE);
    const final = { type: BITCOIN_NETWORKS, holds: isFinal };
    await using settled = new Population(client, NAMESPACE, final);
    await using sets = new Population(client, NAMESPACE, { type: STATEFUL_SETS });
    await createNetworks(client, NAMESPACE, { count: networks, prefix: "net", nodes: NODES });
    {
      await using _first = cluster.startController("--workers", "20");
      await sets.reached(networks);
      await runPods(client, NAMESPACE);
      await settled.reached(networks);
      await pause(REST_MS);
    }
    const records = (await cluster.plane.audit()).length;

    await using poller = await cluster.startPoller(networks * NODES, POLL_S);
    const startedAt = Date.now();
    await using controller = cluster.startController("--poll", `${POLL_S}`);
    await pause(REST_MS);
    const before = [await controller.usage(), await poller.usage()];
    await pause(WATCH_MS);
    const after = [await controller.usage(), await poller.usage()];

    const requests = (await cluster.plane.audit()).slice(records)
      .filter(({ userAgent }) => userAgent.startsWith("bitcoin-controller/"));
    const first = requests.find(({ verb }) => verb === "list")?.atMs ?? Number.NaN;
    // A run of a network begins with its Secrets.
    const atWork = requests.find(({ resource }) => resource === "secrets")?.atMs ?? Number.NaN;
    const [own = 0, polls = 0] = after.map(({ cpuMs }, index) =>
      (cpuMs - (before[index]?.cpuMs ?? 0)) / WATCH_MS * 100
    );
    const rss = after[0]?.rssMb ?? Number.NaN;
    const percent = (value: number): string => `${value.toFixed(1)} %`;
    print(`${networks} networks and ${networks * NODES} pods at rest, ${WATCH_MS / 1000} s`);
    print(
      `RSS             ${rss.toFixed(0)} MB, poller ${after[1]?.rssMb.toFixed(0)} MB, ratio ${
        (rss / (after[1]?.rssMb ?? Number.NaN)).toFixed(2)
      }  ${verdict("150 MB", rss < 150)}`,
    );
    print(
      `CPU of a core   ${percent(own)}, poller ${percent(polls)}, ratio ${
        (own / polls).toFixed(2)
      }; besides the polls ${percent(own - polls)}  ${verdict("5 %", own - polls < 5)}`,
    );
    print(
      `start to work   ${(atWork - first).toFixed(0)} ms from the first list (${
        (first - startedAt).toFixed(0)
      } ms after the process was started)  ${verdict("5000 ms", atWork - first < 5_000)}`,
    );
    print(
      `writes          ${requests.filter(isWrite).length}; reads ${
        requests.filter((one) => !isWrite(one)).length
      }`,
    );
    print("");
  },
};
