/** How nodes connect. */

import assert from "node:assert/strict";
import { RpcError } from "../../../lib/rpc/mod.ts";
import { freeAddress } from "../../support/bitcoind.ts";
import { eventually } from "../../support/eventually.ts";
import { type Case, link, pair, peersOf, World } from "./_world.ts";

/** A bitcoind's places for added nodes. */
const SLOTS = 8;

/** Cases about connections. */
export const NETWORK_CASES: readonly Case[] = [
  {
    name: "lists added nodes by exact name, and an address only once",
    async run(subject) {
      await using node = await subject.start();
      const { rpc } = node;
      const refused = (code: number) => (error: unknown): boolean =>
        error instanceof RpcError && error.code === code;
      const address = freeAddress();
      await rpc.addNode(address, "add");
      await assert.rejects(rpc.addNode(`${address}:18444`, "add"), refused(-23));
      await rpc.addNode(`${address}:1`, "add");
      await rpc.addNode("name.invalid", "add");
      await rpc.addNode("name.invalid:18444", "add");
      await assert.rejects(rpc.addNode("name.invalid", "add"), refused(-23));
      await assert.rejects(rpc.addNode(`${address}:18444`, "remove"), refused(-24));
      await rpc.addNode(address, "remove");
      const unconnected = { connected: false, addresses: [] };
      assert.deepEqual(await rpc.getAddedNodeInfo(), [
        { addednode: `${address}:1`, ...unconnected },
        { addednode: "name.invalid", ...unconnected },
        { addednode: "name.invalid:18444", ...unconnected },
      ]);
      assert.deepEqual(await rpc.call("getaddednodeinfo", ["name.invalid"]), [
        { addednode: "name.invalid", ...unconnected },
      ]);
    },
  },
  {
    name: "dials once, at once, and not again what is connected",
    async run(subject) {
      await using world = await pair(subject, { args: ["-uacomment=a"] }, {
        args: ["-uacomment=b"],
      });
      const { a, b } = world;
      await a.rpc.addNode(b.p2p, "onetry");
      const [dialled] = await a.rpc.getPeerInfo();
      assert.deepEqual([dialled?.addr, dialled?.inbound], [b.p2p, false]);
      assert.equal(dialled?.connection_type, "manual");
      await a.rpc.addNode(b.p2p, "onetry");
      await a.rpc.addNode(b.ip, "onetry");
      const [there] = await peersOf(a, ([peer]) => (peer?.version ?? 0) > 0);
      assert.match(there?.subver ?? "", /\(b\)/);
      const inbound = await peersOf(b, ([peer]) => (peer?.version ?? 0) > 0);
      assert.equal(inbound.length, 1);
      const [here] = inbound;
      assert.match(here?.subver ?? "", /\(a\)/);
      assert.deepEqual([here?.inbound, here?.connection_type], [true, "inbound"]);
      assert.notEqual(here?.addr.split(":")[1], "18444");
      assert.equal((await a.rpc.getPeerInfo()).length, 1);
      assert.deepEqual(await a.rpc.getAddedNodeInfo(), []);
      const counts = await a.rpc.call("getnetworkinfo");
      assert.partialDeepStrictEqual(counts, {
        connections: 1,
        connections_in: 0,
        connections_out: 1,
      });
    },
  },
  {
    name: "dials in vain, and itself, without a word and without a peer",
    async run(subject) {
      await using node = await subject.start();
      await node.rpc.addNode(`${freeAddress()}:18444`, "onetry");
      assert.deepEqual(await node.rpc.getPeerInfo(), []);
      await node.rpc.addNode(node.p2p, "onetry");
      await peersOf(node, (peers) => peers.length === 0);
    },
  },
  {
    name: "counts an entry as connected by who was dialled, not by who dialled in",
    async run(subject) {
      await using world = await pair(subject);
      const { a, b } = world;
      await link(a, b);
      await a.rpc.addNode(b.p2p, "add");
      await b.rpc.addNode(a.p2p, "add");
      assert.deepEqual(await a.rpc.getAddedNodeInfo(), [{
        addednode: b.p2p,
        connected: true,
        addresses: [{ address: b.p2p, connected: "outbound" }],
      }]);
      const [entry] = await b.rpc.getAddedNodeInfo();
      assert.equal(entry?.connected, false);
      // So a pair that lists each other has two connections.
      await peersOf(b, (peers) => peers.length === 2);
    },
  },
  {
    name: "ends connections by number and by name, at both ends",
    async run(subject) {
      await using world = await pair(subject);
      const { a, b } = world;
      await link(a, b);
      const [dialled] = await a.rpc.getPeerInfo();
      await a.rpc.disconnectNode(dialled?.id ?? -1);
      await peersOf(a, (peers) => peers.length === 0);
      await peersOf(b, (peers) => peers.length === 0);
      await link(a, b);
      const [again] = await a.rpc.getPeerInfo();
      assert.ok(again && dialled && again.id > dialled.id, "A number is not used again");
      await a.rpc.call("disconnectnode", [b.p2p]);
      await peersOf(b, (peers) => peers.length === 0);
      await link(a, b);
      const [inbound] = await b.rpc.getPeerInfo();
      await b.rpc.call("disconnectnode", [inbound?.addr]);
      await peersOf(a, (peers) => peers.length === 0);
    },
  },
  {
    name: "dials a listed node again that it has lost, but not one that was removed",
    async run(subject) {
      await using world = await pair(subject);
      const { a, b } = world;
      await link(a, b);
      await a.rpc.addNode(b.p2p, "add");
      const [first] = await a.rpc.getPeerInfo();
      await a.rpc.disconnectNode(first?.id ?? -1);
      const [second] = await peersOf(a, ([peer]) => peer !== undefined && peer.id !== first?.id);
      await a.rpc.addNode(b.p2p, "remove");
      assert.deepEqual((await a.rpc.getPeerInfo()).map(({ id }) => id), [second?.id]);
    },
  },
  {
    name: `connects to ${SLOTS} of its listed nodes, and to more only once`,
    async run(subject) {
      const starting = Array.from({ length: SLOTS + 3 }, () => subject.start());
      await using world = new World(await Promise.all(starting));
      const [hub, ...others] = world.nodes;
      if (!hub) throw new Error("There is no hub");
      for (const { p2p } of others) await hub.rpc.addNode(p2p, "add");
      await peersOf(hub, (peers) => peers.filter(({ version }) => version > 0).length === SLOTS);
      const connected = async (): Promise<boolean[]> =>
        (await hub.rpc.getAddedNodeInfo()).map((entry) => entry.connected);
      const eight = Array.from({ length: SLOTS }, () => true);
      assert.deepEqual(await connected(), [...eight, false, false]);
      await hub.rpc.addNode(others[SLOTS]?.p2p ?? "", "onetry");
      assert.deepEqual(await connected(), [...eight, true, false]);
    },
  },
  {
    name: "drops all peers and dials nobody while its network is switched off",
    async run(subject) {
      await using world = await pair(subject);
      const { a, b } = world;
      await link(a, b);
      assert.equal(await a.rpc.call("setnetworkactive", [false]), false);
      assert.equal((await a.rpc.getNetworkInfo()).networkactive, false);
      await peersOf(a, (peers) => peers.length === 0);
      await peersOf(b, (peers) => peers.length === 0);
      await a.rpc.addNode(b.p2p, "onetry");
      assert.deepEqual(await a.rpc.getPeerInfo(), []);
      await b.rpc.addNode(a.p2p, "onetry");
      await peersOf(b, (peers) => peers.length === 0);
      assert.deepEqual(await a.rpc.getPeerInfo(), []);
      await a.rpc.call("setnetworkactive", [true]);
      await link(a, b);
    },
  },
  {
    name: "keeps a peer that is frozen, and does not finish a handshake with one",
    async run(subject) {
      await using world = await pair(subject);
      const { a, b } = world;
      await link(a, b);
      const [before] = await a.rpc.getPeerInfo();
      b.freeze();
      try {
        // A signal takes effect a moment later.
        await eventually(async () => {
          const answered = b.rpc.call("uptime", [], { timeoutMs: 200 });
          return await answered.then(() => false, ({ kind }) => kind === "timeout");
        }, { what: "the node to be frozen" });
        assert.deepEqual((await a.rpc.getPeerInfo()).map(({ id }) => id), [before?.id]);
        await a.rpc.disconnectNode(before?.id ?? -1);
        await peersOf(a, (peers) => peers.length === 0);
        await a.rpc.addNode(b.p2p, "onetry");
        const [half] = await a.rpc.getPeerInfo();
        assert.deepEqual([half?.addr, half?.version, half?.subver], [b.p2p, 0, ""]);
      } finally {
        b.thaw();
      }
      await peersOf(a, ([peer]) => (peer?.version ?? 0) > 0);
      await eventually(async () => (await b.rpc.getPeerInfo()).length >= 1);
    },
  },
];
