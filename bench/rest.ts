/** The controller at rest: what it writes, and what it costs, while nothing happens to a settled network. */

import { EmbeddedCluster } from "../lib/embedded/mod.ts";
import { CUSTOM_RESOURCE_DEFINITIONS } from "../lib/kube/mod.ts";
import {
  API_VERSION,
  BITCOIN_NETWORKS,
  customResourceDefinition,
  KIND,
} from "../lib/network/mod.ts";
import { until } from "../lib/cli/until.ts";
import { pause } from "./_process.ts";
import { usage } from "./_usage.ts";
import { type Benchmark, verdict } from "./harness.ts";

/** How long to watch, in ms. */
const WATCH_MS = 60_000;
/** Watches a controller of its own process for a minute, and an idle runtime beside it. */
export const benchmark: Benchmark = {
  about: "the controller at rest for a minute: writes, memory, CPU",
  async run(_measure, print) {
    await using cluster = new EmbeddedCluster();
    await cluster.start();
    const { client } = cluster;
    await client.resource(CUSTOM_RESOURCE_DEFINITIONS)
      .apply(customResourceDefinition(), { fieldManager: "bench" });
    const run = ["main.ts", "run", "--kubeconfig", cluster.kubeconfig, "--peer-addresses", "ip"];
    using controller = start(["run", "-A", "--quiet", ...run]);
    using idle = start(["eval", "await new Promise((resolve) => setTimeout(resolve, 1e9))"]);

    const networks = client.resource(BITCOIN_NETWORKS, "default");
    await until(
      "the CRD",
      () =>
        networks.create({
          apiVersion: API_VERSION,
          kind: KIND,
          metadata: { name: "rest" },
          spec: { nodes: 3 },
        }),
    );
    await until("a settled network", async () => {
      const { status } = await networks.get("rest");
      const ready = status?.conditions?.find(({ type }) => type === "Ready");
      if (ready?.status !== "True") throw new Error(ready?.message ?? "no status");
    }, { timeoutMs: 60_000 });
    // Events are written behind the status; they are no part of the rest.
    await pause(5_000);

    cluster.api.clearRequests();
    const before = await usage(controller.pid);
    const idleBefore = await usage(idle.pid);
    await pause(WATCH_MS);
    const after = await usage(controller.pid);
    const idleAfter = await usage(idle.pid);
    const requests = cluster.api.requests.filter(({ userAgent }) =>
      userAgent.startsWith("bitcoin-controller/")
    );
    const writes = requests.filter(({ write }) => write);

    const cpu = (after.cpuMs - before.cpuMs) / WATCH_MS * 100;
    const idleCpu = (idleAfter.cpuMs - idleBefore.cpuMs) / WATCH_MS * 100;
    print(
      `the controller at rest: 1 network of 3 nodes, ${
        WATCH_MS / 1000
      } s, with ${cluster.bitcoind}`,
    );
    print(`writes to the API     ${writes.length}  ${verdict(0, writes.length === 0)}`);
    print(
      `reads from the API    ${
        requests.length - writes.length
      }  (Secrets by name; watches stay open)`,
    );
    print(
      `RSS                   ${after.rssMb.toFixed(0)} MB, idle runtime ${
        idleAfter.rssMb.toFixed(0)
      } MB, ` +
        `ratio ${(after.rssMb / idleAfter.rssMb).toFixed(2)}  ${
          verdict("120 MB", after.rssMb < 120)
        }`,
    );
    print(
      `CPU                   ${cpu.toFixed(2)} % of a core, idle runtime ${
        idleCpu.toFixed(2)
      } %  ` +
        verdict("1 %", cpu < 1),
    );
    print("");
  },
};

function start(args: readonly string[]): Disposable & { readonly pid: number } {
  const child = new Deno.Command(Deno.execPath(), {
    args: [...args],
    stdout: "null",
    stderr: "null",
  }).spawn();
  return { pid: child.pid, [Symbol.dispose]: () => child.kill("SIGKILL") };
}
