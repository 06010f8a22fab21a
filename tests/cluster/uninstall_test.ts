/** docs/install.md on removal and on one namespace, command by command, on a real control plane: what is left. */

import assert from "node:assert/strict";
import { BITCOIN_NETWORKS } from "../../lib/network/mod.ts";
import { controlPlaneSuite } from "../support/tools.ts";
import { InstalledCluster, PRELOADED, PUSHED } from "./installed_cluster.ts";
import { commandsOf, Shell } from "./shell.ts";

const DOCUMENT = "docs/install.md";

const INSTALL = `kubectl apply -f manifests/install.yaml
kubectl -n bitcoin-controller rollout status deployment/bitcoin-controller`;

const NETWORK = `kubectl apply -f manifests/samples/network.yaml
kubectl wait --for=condition=Ready btcnet/simple --timeout=2m`;

/** The garbage collector looks for new kinds every 30 s: it knows of networks once it has let one go. */
const UNTIL_COLLECTED =
  `sed 's/name: simple/name: probe/' manifests/samples/network.yaml | kubectl apply -f -
kubectl delete btcnet probe --cascade=foreground`;

/** What runs a network, by UID. */
const PARTS =
  "kubectl get btcnet,statefulset,service,secret,pod -o jsonpath='{.items[*].metadata.uid}'" +
  " -l 'app=simple'";

controlPlaneSuite(["kubectl", "bash"], "removing the controller", async (t, assets) => {
  await using cluster = await InstalledCluster.start(assets, [PRELOADED, PUSHED]);
  await using shell = await Shell.open({ kubeconfig: cluster.plane.kubeconfig });
  const before = await cluster.untilAtRest();
  const follow = async (heading: string): Promise<void> => {
    for (const commands of await commandsOf(DOCUMENT, heading)) await shell.run(commands);
  };

  await t.step(
    "alone leaves networks as they are, and one that is installed again takes them up",
    async () => {
      await shell.run(INSTALL);
      await shell.run(NETWORK);
      const parts = await shell.run(PARTS);
      assert.ok(parts.split(" ").length >= 7, parts);
      await follow("### Without the networks");
      const left = [...await cluster.inventory()].filter((object) => !before.has(object));
      assert.deepEqual(left.filter((object) => object.includes("bitcoin-controller")), []);
      assert.equal(await shell.run(PARTS), parts);
      await shell.run(INSTALL);
      await shell.run("kubectl scale btcnet/simple --replicas=2");
      await shell.run(
        "kubectl wait --for=jsonpath={.status.connections.summary}=1/1 btcnet/simple",
      );
    },
  );
  await t.step("by one kubectl delete takes all networks with it, and leaves nothing", async () => {
    await shell.run(UNTIL_COLLECTED);
    await shell.run("kubectl delete -f manifests/install.yaml");
    await cluster.untilOnly(before);
  });

  await t.step("of one namespace leaves the others' networks, and the CRD", async () => {
    await follow("## For one namespace");
    await shell.run(NETWORK.replaceAll("kubectl ", "kubectl -n team-a "));
    // Nobody serves this one: no right reaches out of the namespace.
    await shell.run("kubectl apply -f manifests/samples/network.yaml");
    await follow("### Of one namespace");
    const networks = await cluster.client.resource(BITCOIN_NETWORKS).list();
    assert.deepEqual(networks.items.map(({ metadata }) => metadata.namespace), ["default"]);
    assert.equal(networks.items[0]?.status, undefined);
    await shell.run(UNTIL_COLLECTED);
    assert.match(
      await shell.run("kubectl get clusterroles"),
      /^bitcoin-controller-networks-edit /m,
    );
    await shell.run(`kubectl delete namespace team-a
kubectl delete -f manifests/crd.yaml
kubectl delete clusterrole bitcoin-controller-networks-view bitcoin-controller-networks-edit`);
    await cluster.untilOnly(before);
  });
});
