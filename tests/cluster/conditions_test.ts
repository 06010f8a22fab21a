/** Conditions as scripts use them: with the stock kubectl, on the embedded cluster and on a real control plane. */

import assert from "node:assert/strict";
import { PODS } from "../../lib/kube/mod.ts";
import type { BitcoinNetworkSpec } from "../../lib/network/mod.ts";
import { eventually } from "../support/eventually.ts";
import { type Kubectl, openKubectlWith } from "../support/kubectl.ts";
import { controlPlaneSuite, toolSuite } from "../support/tools.ts";
import { assertHonest, Watchman } from "./honesty.ts";
import { Lab, RunningController } from "./lab.ts";
import { nodesOf, peersOf, wantedPeers } from "./links.ts";
import { embedded, real, type Target } from "./target.ts";

const OLD = "bitcoin/bitcoin:30.0";
const NEW = "bitcoin/bitcoin:31.0";

/** Changes of the spec, one after the other, after each of which a script waits. */
const CHANGES: readonly (readonly [what: string, spec: BitcoinNetworkSpec])[] = [
  ["more nodes", { nodes: 4, image: OLD, topology: { type: "Full" } }],
  ["another topology", { nodes: 4, image: OLD, topology: { type: "Line" } }],
  ["another image", { nodes: 4, image: NEW, topology: { type: "Line" } }],
  ["fewer nodes", { nodes: 2, image: NEW, topology: { type: "Line" } }],
  ["all of it", { nodes: 3, image: OLD, topology: { type: "Ring" } }],
];

/** One kubectl for one namespace. */
function kubectlOf(program: Kubectl, lab: Lab): (...args: string[]) => Promise<string> {
  return (...args) => program.ok(["-n", lab.namespace, ...args]);
}

async function newLab(target: Target, namespace: string): Promise<Lab> {
  const lab = new Lab(target, namespace);
  await lab.setUp();
  return lab;
}

async function runCases(t: Deno.TestContext, target: Target, path: string): Promise<void> {
  await using program = await openKubectlWith(path, await Deno.readTextFile(target.kubeconfig));
  await using _controller = new RunningController(target);

  await t.step("kubectl wait, started right after a change, waits for that change", async () => {
    const lab = await newLab(target, "wait");
    const kubectl = kubectlOf(program, lab);
    await using watchman = new Watchman(lab);
    const wait = (condition: string): Promise<string> =>
      kubectl("wait", "btcnet/net", `--for=condition=${condition}`, "--timeout=90s");
    await lab.create("net", { nodes: 2, image: OLD });
    // A condition that is not there yet is waited for, too.
    await Promise.all(["NodesReady", "Connected", "Synced", "Ready"].map(wait));
    for (const [what, spec] of CHANGES) {
      await kubectl("patch", "btcnet/net", "--type=merge", "-p", JSON.stringify({ spec }));
      await wait("Connected");
      await wait("Synced");
      assert.match(await wait("Ready"), /condition met/, what);
      const { items } = await lab.objects(PODS).list();
      const images = items.filter(({ metadata, status }) =>
        !metadata.deletionTimestamp &&
        status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True")
      ).map(({ spec }) => spec?.containers[0]?.image);
      assert.deepEqual(images, Array.from({ length: spec.nodes }, () => spec.image), what);
      const peers = await peersOf("net", await nodesOf(lab, "net", spec.nodes));
      const wanted = wantedPeers(spec);
      for (const [ordinal, list] of wanted.entries()) {
        for (const peer of list) assert.ok(peers[ordinal]?.includes(peer), `${what}: ${peers}`);
      }
    }
    assertHonest(watchman);
  });

  await t.step(
    "no version of a status claims too early what a spec wants that changes all the time",
    async () => {
      const lab = await newLab(target, "hasty");
      await using watchman = new Watchman(lab);
      await lab.create("net", { nodes: 2, image: OLD });
      await lab.untilReady("net", 2);
      for (let round = 0; round < 3; round++) {
        for (const [, spec] of CHANGES) {
          const { metadata } = await lab.networks.mergePatch("net", { spec });
          // Sometimes the next change comes at once, sometimes when the controller has begun.
          if ((metadata.generation ?? 0) % 2) continue;
          await lab.untilNetwork(
            "net",
            "that was looked at",
            ({ metadata, status }) => status?.observedGeneration === metadata.generation,
          );
        }
      }
      await lab.untilReady("net", 3);
      assertHonest(watchman);
    },
  );

  await t.step("a status at rest is what the nodes say", async () => {
    const lab = await newLab(target, "at-rest");
    await lab.create("net", { nodes: 3 });
    await lab.untilReady("net", 3);
    const nodes = await nodesOf(lab, "net", 3);
    const [first] = nodes;
    await first?.call("generatetodescriptor", [5, "raw(51)"]);
    await eventually(async () => {
      const { status } = await lab.networks.get("net");
      const said = await Promise.all(nodes.map(async (rpc) => {
        const [{ blocks, bestblockhash }, peers] = await Promise.all([
          rpc.getBlockchainInfo(),
          rpc.getPeerInfo(),
        ]);
        return { height: blocks, tip: bestblockhash, peers: peers.length };
      }));
      const known = status?.nodes?.map(({ height, tip, peers }) => ({ height, tip, peers }));
      return status?.height === 5 && JSON.stringify(known) === JSON.stringify(said);
    }, { what: "the status to be what the nodes say", timeoutMs: 30_000 });
  });

  await t.step("kubectl get and describe show what a person looks for", async () => {
    const lab = await newLab(target, "shown");
    const kubectl = kubectlOf(program, lab);
    await lab.create("net", { nodes: 2 });
    await lab.untilReady("net", 2);
    await lab.untilEvent("net", "Connected");
    const [head = "", row = ""] = (await kubectl("get", "btcnet", "-o", "wide")).split("\n");
    assert.deepEqual(head.split(/\s+/).filter(Boolean), [
      "NAME",
      "NODES",
      "READY",
      "CONNECTIONS",
      "HEIGHT",
      "STATUS",
      "AGE",
      "TOPOLOGY",
      "IMAGE",
      "TIP",
    ]);
    assert.match(
      row,
      /^net +2 +2 +1\/1 +0 +Ready +\S+ +Full +bitcoin\/bitcoin:30\.0 +[0-9a-f]{64}$/,
    );
    const text = await kubectl("describe", "btcnet", "net");
    assert.match(text, /Message: +All 2 nodes are Ready\n/);
    assert.match(text, /Message: +The only connection is up\n/);
    assert.match(text, /Message: +All 2 nodes are at height 0\n/);
    assert.match(text, /Events:\n +Type +Reason +Age +From +Message\n/);
    assert.match(text, /Normal +CreatedStatefulSet .* Created StatefulSet 'net-sts'/);
    assert.match(text, /Normal +Connected .* The only connection is up/);
  });
}

toolSuite(
  ["kubectl"],
  "conditions on the embedded cluster with the fake bitcoind",
  async (t, [kubectl = ""]) => {
    await using target = await embedded("fake")();
    await runCases(t, target, kubectl);
  },
);

controlPlaneSuite(
  ["kubectl", "bitcoind", "bitcoin-cli"],
  "conditions on a real control plane with real bitcoinds",
  async (t, assets, [kubectl = ""]) => {
    await using target = await real(assets, "real")();
    await runCases(t, target, kubectl);
  },
);
