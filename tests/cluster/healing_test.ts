/** What breaks in networks of real bitcoinds, and how soon it is whole again; alone they take 45 s and more. */

// deno-lint-ignore-file no-console -- figures are for the person who runs this

import assert from "node:assert/strict";
import { PODS, SECRETS } from "../../lib/kube/mod.ts";
import type { BitcoinNetworkSpec } from "../../lib/network/mod.ts";
import type { RpcClient } from "../../lib/rpc/mod.ts";
import { eventually, until } from "../support/eventually.ts";
import { toolSuite } from "../support/tools.ts";
import { Lab, RunningController } from "./lab.ts";
import { nodesOf, peersOf, wantedPeers } from "./links.ts";
import { embedded, type EmbeddedTarget } from "./target.ts";

/** Time in which everything but a restart must be whole again, in ms: the promise for half-open peers. */
const LIMIT_MS = 15_000;
const FIRST = "net-sts-0";

/** A network, and how to break it. */
class Patient {
  readonly #lab: Lab;
  readonly #target: EmbeddedTarget;
  spec: BitcoinNetworkSpec = { nodes: 4 };

  constructor(target: EmbeddedTarget, lab: Lab) {
    this.#target = target;
    this.#lab = lab;
  }

  nodes(): Promise<RpcClient[]> {
    return nodesOf(this.#lab, "net", this.spec.nodes);
  }

  async node(ordinal: number): Promise<RpcClient> {
    const node = (await this.nodes())[ordinal];
    assert.ok(node);
    return node;
  }

  /** Whether there is exactly one connection for each dial, and each node answers. */
  async isWhole(): Promise<boolean> {
    try {
      const wanted = JSON.stringify(wantedPeers(this.spec));
      return JSON.stringify(await peersOf("net", await this.nodes())) === wanted;
    } catch {
      return false;
    }
  }

  /** Waits until it is whole; prints and returns how long that took, in ms. */
  async heal(what: string, start = performance.now()): Promise<number> {
    await eventually(() => this.isWhole(), { what, timeoutMs: 60_000 });
    const ms = Math.round(performance.now() - start);
    console.info(`${what}: whole again after ${ms} ms`);
    await this.#lab.untilReady("net", this.spec.nodes);
    return ms;
  }

  /** Waits for a pod that is Ready and not the one before. */
  async untilReplaced(uid: string): Promise<void> {
    await until(
      this.#lab.objects(PODS),
      (pods) =>
        pods.some((pod) =>
          pod.metadata.name === FIRST && pod.metadata.uid !== uid &&
          pod.status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True")
        ),
      { what: "the pod's successor", timeoutMs: 30_000 },
    );
  }

  /** Number of the process of a node. */
  process(pod = FIRST): number {
    const line = this.#target.cluster.running()
      .find((text) => text.startsWith(`${this.#lab.namespace}/${pod}/`));
    return Number(/process:\/\/(\d+)/.exec(line ?? "")?.[1]);
  }

  /** Ends all connections of a node with another one, and waits until they are gone. */
  async cut(rpc: RpcClient, other: number): Promise<void> {
    const ids = (await rpc.getPeerInfo())
      .filter(({ subver }) => subver.includes(`(net-sts-${other};`)).map(({ id }) => id);
    assert.ok(ids.length > 0);
    // The other end may be faster.
    for (const id of ids) await rpc.disconnectNode(id).catch(() => {});
    await eventually(
      async () => !(await rpc.getPeerInfo()).some(({ id }) => ids.includes(id)),
      { what: "the connections to be gone" },
    );
  }
}

toolSuite(["bitcoind", "bitcoin-cli"], "networks of real bitcoinds heal", async (t) => {
  await using target = await embedded("real")();
  await using _controller = new RunningController(target);
  const [lab, other] = [new Lab(target, "healing"), new Lab(target, "bystander")];
  const [patient, bystander] = [new Patient(target, lab), new Patient(target, other)];
  for (const place of [lab, other]) {
    await place.setUp();
    await place.create("net", patient.spec);
  }
  for (const place of [lab, other]) await place.untilReady("net", patient.spec.nodes);
  const pods = lab.objects(PODS);

  await t.step("a bitcoind that is restarted in place, without its added list", async () => {
    const { metadata: { uid } } = await pods.get(FIRST);
    target.killPod(lab.namespace, FIRST);
    const node = await patient.node(0);
    await eventually(() => node.getNetworkInfo().catch(() => false), {
      what: "the RPC of the next process",
      timeoutMs: 30_000,
    });
    const start = performance.now();
    assert.ok(await patient.heal("restarted in place, from its first answer", start) < LIMIT_MS);
    assert.equal((await pods.get(FIRST)).metadata.uid, uid, "it is the same pod");
  });

  await t.step("a pod that is deleted", async () => {
    const { metadata: { uid } } = await pods.get(FIRST);
    await pods.delete(FIRST, { uid });
    await patient.untilReplaced(uid);
    assert.ok(await patient.heal("pod replaced, from its Ready") < 3_000);
  });

  await t.step("a peer that somebody disconnects", async () => {
    await patient.cut(await patient.node(0), 1);
    assert.ok(await patient.heal("disconnected by hand") < LIMIT_MS);
  });

  await t.step("a peer that somebody bans", async () => {
    const { status } = await pods.get("net-sts-1");
    const node = await patient.node(1);
    const before = (await node.getPeerInfo()).map(({ id }) => id);
    for (const rpc of await patient.nodes()) {
      await rpc.call("setban", [status?.podIP, "add"]);
      // In this cluster everybody dials from here.
      await rpc.call("setban", ["127.0.0.1", "add"]);
    }
    await eventually(
      async () => !(await node.getPeerInfo()).some(({ id }) => before.includes(id)),
      { what: "the connections to be gone" },
    );
    assert.ok(await patient.heal("banned by everybody") < LIMIT_MS);
  });

  await t.step("a node whose p2p part is switched off and on", async () => {
    const node = await patient.node(1);
    await node.call("setnetworkactive", [false]);
    await lab.untilCondition("net", "Connected", "False");
    await node.call("setnetworkactive", [true]);
    assert.ok(await patient.heal("switched on again") < LIMIT_MS);
  });

  await t.step("an added list that somebody empties", async () => {
    const node = await patient.node(2);
    for (const { addednode } of await node.getAddedNodeInfo()) {
      await node.addNode(addednode, "remove");
    }
    const start = performance.now();
    await eventually(async () => (await node.getAddedNodeInfo()).length === 3, {
      what: "the list as it was",
      timeoutMs: LIMIT_MS,
    });
    await patient.heal("added list emptied", start);
  });

  await t.step("a peer that is half open: its machine is cut off, its pod replaced", async () => {
    const { metadata: { uid } } = await pods.get(FIRST);
    const pid = patient.process();
    Deno.kill(pid, "SIGSTOP");
    target.cluster.losePod(lab.namespace, FIRST);
    try {
      const start = performance.now();
      await pods.delete(FIRST, { uid, gracePeriodSeconds: 0 });
      await patient.untilReplaced(uid);
      // Exactly: no node has a connection left to the process that hangs.
      assert.ok(await patient.heal("half open, from the pod's deletion", start) < LIMIT_MS);
    } finally {
      Deno.kill(pid, "SIGKILL");
    }
  });

  await t.step("a node that hangs holds up no other one, and no other network", async () => {
    const pid = patient.process("net-sts-3");
    const [first, second] = [await patient.node(0), await bystander.node(0)];
    Deno.kill(pid, "SIGSTOP");
    try {
      await lab.untilCondition("net", "Synced", "False", "NodesUnreachable");
      const start = performance.now();
      await bystander.cut(second, 1);
      await patient.cut(first, 1);
      await eventually(
        async () =>
          (await first.getPeerInfo()).filter(({ subver }) => subver.includes("(net-sts-1;"))
            .length === 2,
        { what: "the link of the others", timeoutMs: 5_000 },
      );
      console.info(`beside a node that hangs: ${Math.round(performance.now() - start)} ms`);
      assert.ok(await bystander.heal("in another network", start) < 5_000);
      // What is wanted is changed meanwhile.
      await lab.networks.mergePatch("net", { spec: { topology: { type: "Ring" } } });
      patient.spec = { nodes: 4, topology: { type: "Ring" } };
      await lab.untilNetwork(
        "net",
        "that has seen the change",
        ({ metadata, status }) => status?.observedGeneration === metadata.generation,
      );
    } finally {
      Deno.kill(pid, "SIGCONT");
    }
    assert.ok(await patient.heal("thawed, with another topology") < LIMIT_MS);
  });

  await t.step("nodes that refuse the credentials until their pods have the new ones", async () => {
    const { metadata: { uid } } = await lab.objects(SECRETS).get("net-rpc");
    await lab.objects(SECRETS).delete("net-rpc", { uid });
    await lab.untilNetwork(
      "net",
      "one of whose nodes refuses",
      ({ status }) => status?.nodes?.some(({ message }) => message?.includes("credentials")),
    );
    await patient.heal("new credentials, with all pods rolled");
  });

  await t.step("a network that is scaled to 0 and back", async () => {
    await lab.networks.mergePatch("net", { spec: { nodes: 0 } });
    await lab.untilCondition("net", "Ready", "False", "Suspended");
    await until(pods, (left) => left.length === 0, { what: "no pods", timeoutMs: 30_000 });
    await lab.networks.mergePatch("net", { spec: { nodes: 4 } });
    assert.ok(await patient.heal("from 0 to 4 nodes") < 30_000);
  });
});
