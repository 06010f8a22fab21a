/** Two networks of one name and one password, whose pods get each other's addresses: their chains stay apart. */

import assert from "node:assert/strict";
import { AddressAllocator } from "../../lib/embedded/mod.ts";
import { PODS } from "../../lib/kube/mod.ts";
import { P2P_PORT } from "../../lib/network/mod.ts";
import type { RpcClient } from "../../lib/rpc/mod.ts";
import { eventually, until } from "../support/eventually.ts";
import { toolSuite } from "../support/tools.ts";
import { Lab, RunningController } from "./lab.ts";
import { embedded } from "./target.ts";

/** Pays to an output that anyone can spend: it needs no wallet. */
const DESCRIPTOR = "raw(51)#8lvh9jxk";
/** Blocks of each network. */
const HEIGHTS = { one: 5, two: 12 };
const NODES = 3;
const SECRET = "shared";

/** Hands out the address that a test wants next. */
class ScriptedAddresses extends AddressAllocator {
  /** The next address, if it is not to be any. */
  next: string | undefined;

  override allocate(ports: readonly number[]): string {
    const { next } = this;
    this.next = undefined;
    return next ?? super.allocate(ports);
  }
}

/** A network with blocks of its own. */
async function bringUp(lab: Lab, height: number): Promise<void> {
  await lab.setUp();
  await lab.createSecret(SECRET, { BC_RPC_USER: "me", BC_RPC_PASSWORD: "the same" });
  await lab.create("net", { nodes: NODES, secret: SECRET });
  await lab.untilReady("net", NODES);
  await (await lab.rpc("net-sts-0", SECRET)).generateToDescriptor(height, DESCRIPTOR);
  await untilAt(lab, height);
}

async function nodesOf(lab: Lab): Promise<RpcClient[]> {
  const { items } = await lab.objects(PODS).list();
  return await Promise.all(items.map(({ metadata }) => lab.rpc(metadata.name, SECRET)));
}

async function untilAt(lab: Lab, height: number): Promise<void> {
  const isThere = async (): Promise<boolean> => {
    const nodes = await nodesOf(lab);
    const infos = await Promise.all(nodes.map((rpc) => rpc.getBlockchainInfo()));
    return infos.length === NODES && infos.every(({ blocks }) => blocks === height);
  };
  // A pod that is being replaced does not answer.
  await eventually(() => isThere().catch(() => false), {
    what: `height ${height} everywhere in ${lab.namespace}`,
    timeoutMs: 30_000,
  });
}

/** Replaces the second pod by one at the address `next`; returns the address that it had. */
async function replacePod(
  lab: Lab,
  addresses: ScriptedAddresses,
  next: string | undefined,
): Promise<string> {
  const pods = lab.objects(PODS);
  const { metadata: { uid }, status } = await pods.get("net-sts-1");
  addresses.next = next;
  await pods.delete("net-sts-1", { uid });
  await until(
    pods,
    (all) =>
      all.some((pod) =>
        pod.metadata.name === "net-sts-1" && pod.metadata.uid !== uid &&
        pod.status?.conditions?.some(({ type, status: is }) => type === "Ready" && is === "True")
      ),
    { what: "another pod that is Ready", timeoutMs: 30_000 },
  );
  return status?.podIP ?? "";
}

/** Looks at the peers of all nodes until it is told to stop, and notes each that is of another network. */
class Guard implements AsyncDisposable {
  looks = 0;
  readonly strangers: string[] = [];
  readonly #labs: readonly Lab[];
  readonly #watching: Promise<void>;
  #isOver = false;

  constructor(labs: readonly Lab[]) {
    this.#labs = labs;
    this.#watching = this.#watch();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOver = true;
    await this.#watching;
  }

  async #watch(): Promise<void> {
    while (!this.#isOver) {
      await Promise.all(this.#labs.map((lab) => this.#look(lab)));
      this.looks++;
    }
  }

  async #look(lab: Lab): Promise<void> {
    // A pod that is being replaced is not there for a moment, or does not answer.
    for (const rpc of await nodesOf(lab).catch(() => [])) {
      const [own = "", ...peers] = await marksAt(rpc).catch(() => []);
      for (const mark of peers.filter((peer) => peer !== own)) {
        this.strangers.push(`a node of ${own} has a peer of ${mark}`);
      }
    }
  }
}

/** The mark of a node and those of its peers. */
async function marksAt(rpc: RpcClient): Promise<string[]> {
  const { subversion } = await rpc.getNetworkInfo({ timeoutMs: 1_000 });
  const peers = await rpc.getPeerInfo({ timeoutMs: 1_000 });
  const done = peers.filter(({ subver }) => subver !== "");
  return [subversion, ...done.map(({ subver }) => subver)]
    .map((userAgent) => /network-\w+/.exec(userAgent)?.[0] ?? userAgent);
}

toolSuite(["bitcoind", "bitcoin-cli"], "networks of one name and one password", async (t) => {
  const addresses = new ScriptedAddresses();
  await using target = await embedded("real", { addresses })();
  await using _controller = new RunningController(target);
  const one = new Lab(target, "one");
  const two = new Lab(target, "two");
  await Promise.all([bringUp(one, HEIGHTS.one), bringUp(two, HEIGHTS.two)]);

  /** Both are as they were. */
  async function untilApart(): Promise<void> {
    await Promise.all([one.untilReady("net", NODES), two.untilReady("net", NODES)]);
    await untilAt(one, HEIGHTS.one);
    await untilAt(two, HEIGHTS.two);
  }

  await t.step("a pod of one gets the address of a pod of the other", async () => {
    const guard = new Guard([one, two]);
    {
      await using _guard = guard;
      const left = await replacePod(one, addresses, undefined);
      await replacePod(two, addresses, left);
      const { status } = await two.objects(PODS).get("net-sts-1");
      assert.equal(status?.podIP, left);
      await untilApart();
    }
    assert.ok(guard.looks > 2);
    assert.deepEqual(guard.strangers, []);
  });

  await t.step("the API server has the address of the other's pod for a pod of one", async () => {
    const guard = new Guard([one, two]);
    {
      await using _guard = guard;
      const pods = one.objects(PODS);
      const own = (await pods.get("net-sts-1")).status?.podIP ?? "";
      const theirs = (await two.objects(PODS).get("net-sts-1")).status?.podIP ?? "";
      const setIp = (ip: string) =>
        pods.status.mergePatch("net-sts-1", { status: { podIP: ip, podIPs: [{ ip }] } });
      await setIp(theirs);
      const { status } = await one.untilNetwork(
        "net",
        "whose second node is somebody else",
        ({ status: now }) => now?.nodes?.[1]?.message?.startsWith("Another bitcoind"),
      );
      assert.match(status?.nodes?.[1]?.message ?? "", /'\/.*net-sts-1; network-/);
      await setIp(own);
      await untilApart();
    }
    assert.deepEqual(guard.strangers, []);
    const { status } = await two.networks.get("net");
    const events = await two.countEvents("net", "ConnectionsLost");
    assert.deepEqual([status?.connections?.summary, events <= 1], ["3/3", true]);
  });

  await t.step("a link that somebody makes between them is cut", async () => {
    const [first] = await nodesOf(one);
    const theirs = (await two.objects(PODS).get("net-sts-2")).status?.podIP ?? "";
    const address = `${theirs}:${P2P_PORT}`;
    const isLinked = async (): Promise<boolean> =>
      (await first?.getPeerInfo() ?? []).some(({ addr }) => addr === address);
    await first?.addNode(address, "onetry");
    assert.ok(await isLinked());
    await eventually(async () => !await isLinked(), {
      what: "the link to be cut",
      timeoutMs: 5_000,
    });
    await Promise.all([one.untilReady("net", NODES), two.untilReady("net", NODES)]);
  });
});
