/**
 * The README's three ways, command by command as they stand there, on a real control plane with one node. In place of
 * what a test cannot have: no container engine, so docker and kind only keep how they are called, and the node runs the
 * controller from this source; no DNS, so nodes name each other by address.
 */

import assert from "node:assert/strict";
import config from "../../deno.json" with { type: "json" };
import { CUSTOM_RESOURCE_DEFINITIONS, PODS } from "../../lib/kube/mod.ts";
import { BITCOIN_NETWORKS } from "../../lib/network/mod.ts";
import { until } from "../support/eventually.ts";
import { controlPlaneSuite } from "../support/tools.ts";
import { InstalledCluster, PRELOADED, PUSHED } from "./installed_cluster.ts";
import { commandsOf, Shell } from "./shell.ts";

const [IN_CLUSTER, FROM_SOURCE, IN_KIND] = [
  "### In a cluster",
  "### From source, against your kubeconfig",
  "### In a kind cluster on this machine",
];

function isEstablished({ type, status }: { type: string; status: string }): boolean {
  return type === "Established" && status === "True";
}

/** Programs that keep how they are called. */
function recorder(log: string, name: string, script = ""): string {
  return `echo "${name} $*" >> '${log}'\n${script}`;
}

controlPlaneSuite(["kubectl", "bash"], "the README's three ways", async (t, assets) => {
  await using cluster = await InstalledCluster.start(assets, [
    PRELOADED,
    PUSHED,
    `localhost/${PRELOADED}`,
  ]);
  const log = `${cluster.plane.folder}/calls.log`;
  await using shell = await Shell.open({
    kubeconfig: await cluster.kubeconfigWith("kind-bitcoin-controller"),
    programs: {
      docker: recorder(log, "docker"),
      kind: recorder(
        log,
        "kind",
        `[ "$1 $2" = "get clusters" ] && cat '${log}.clusters' 2>/dev/null; true`,
      ),
    },
    extra: {
      dev: ["--peer-addresses", "ip"],
      // Compiling takes minutes.
      kind: ["--image", PRELOADED],
    },
  });
  const before = await cluster.untilAtRest();
  const uninstall = async (): Promise<void> => {
    for (const commands of await commandsOf("docs/install.md", "### With all networks")) {
      await shell.run(commands);
    }
    await cluster.untilOnly(before);
  };

  await t.step("in a cluster: one replica leads, both are Ready, and the network is", async () => {
    const [commands = "", ...more] = await commandsOf("README.md", IN_CLUSTER);
    assert.deepEqual(more, []);
    await shell.run(commands);
    assert.match(await Deno.readTextFile(log), /^docker push registry\.example\.com\/bitcoin-/m);
    const replicas = (await cluster.client.resource(PODS, "bitcoin-controller").list()).items;
    assert.equal(replicas.length, 2);
    const lease = await shell.run(
      "kubectl -n bitcoin-controller get lease bitcoin-controller -o jsonpath={.spec.holderIdentity}",
    );
    assert.match(lease, /^bitcoin-controller-/);
    const leaders: string[] = [];
    for (const { status } of replicas) {
      // What an EndpointSlice would tell; but it takes no loopback addresses.
      const response = await fetch(`http://${status?.podIP}:8080/metrics`);
      const [, value = ""] = /^leader_election_master_status\{.*\} (\d)$/m
        .exec(await response.text()) ?? [];
      leaders.push(value);
    }
    assert.deepEqual(leaders.sort(), ["0", "1"]);
  });
  await t.step("in a cluster: nothing is left of it when it is removed", uninstall);

  await t.step("from source: the network becomes Ready, and Ctrl-C ends it", async () => {
    const [start = "", use = "", ...more] = await commandsOf("README.md", FROM_SOURCE);
    assert.deepEqual(more, []);
    const said = await shell.during(start, async () => {
      await until(
        cluster.client.resource(CUSTOM_RESOURCE_DEFINITIONS),
        (found) => found.some(({ status }) => status?.conditions?.some(isEstablished)),
        { what: "the CRD", timeoutMs: 30_000 },
      );
      await shell.run(use);
    });
    assert.match(said, /Stopped/);
    assert.doesNotMatch(said, /cannot be reached from here/);
  });
  await t.step("from source: nothing is left of it when it is removed", uninstall);

  await t.step("in kind: the task does all of it, and removes the cluster", async () => {
    const [task = "", byHand = "", ...more] = await commandsOf("README.md", IN_KIND);
    assert.deepEqual(more, []);
    const [up = "", get = "", down = "", ...others] = task.trim().split("\n");
    assert.deepEqual(others, []);
    await shell.run(up);
    assert.match(await shell.run(get), /^simple +3 +3 +3\/3 +\d+ +Ready /m);
    await Deno.writeTextFile(`${log}.clusters`, "bitcoin-controller\n");
    await shell.run(down);
    assert.match(
      await Deno.readTextFile(log),
      /^kind delete cluster --name=bitcoin-controller$/m,
    );
    // It was no cluster of kind's that was removed.
    await shell.run(byHand);
    assert.match(await Deno.readTextFile(log), /^kind load image-archive dist\/image\.tar$/m);
    const networks = await cluster.client.resource(BITCOIN_NETWORKS, "default").list();
    assert.equal(networks.items.length, 1);
  });
  await t.step("in kind: nothing is left of it when it is removed", uninstall);
});

Deno.test("the documentation names the version that there is", async () => {
  let found = 0;
  for (const name of ["README.md", "docs/install.md"]) {
    const text = await Deno.readTextFile(new URL(`../../${name}`, import.meta.url));
    for (const [what, version] of text.matchAll(/(?:bitcoin-controller:|newTag: )(\d[\w.-]*)/g)) {
      found++;
      assert.equal(version, config.version, `${what} in ${name}`);
    }
  }
  assert.ok(found >= 5);
});
