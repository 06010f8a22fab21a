/** Several nodes, and the states of theirs that cases wait for. */

import type { PeerInfo } from "../../../lib/rpc/mod.ts";
import { eventually } from "../../support/eventually.ts";
import type { NodeOptions, Subject, TestNode } from "./_subject.ts";

/** A descriptor to mine to: anyone can spend it. */
export const ANYONE = "raw(51)#8lvh9jxk";

/** A behaviour that the real bitcoind and the fake one share. */
export interface Case {
  /** What it is, as a sentence. */
  readonly name: string;
  /** Tries it. */
  readonly run: (subject: Subject) => Promise<void>;
}

/** Nodes that are disposed of together. */
export class World implements AsyncDisposable {
  readonly nodes: readonly TestNode[];

  constructor(nodes: readonly TestNode[]) {
    this.nodes = nodes;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.nodes.map((node) => node[Symbol.asyncDispose]()));
  }
}

/** Starts two nodes. */
export async function pair(
  subject: Subject,
  first?: NodeOptions,
  second?: NodeOptions,
): Promise<World & { readonly a: TestNode; readonly b: TestNode }> {
  const [a, b] = await Promise.all([subject.start(first), subject.start(second)]);
  return Object.assign(new World([a, b]), { a, b });
}

/** Connects `from` to `to` and waits for the end of the handshake at both ends. */
export async function link(from: TestNode, to: TestNode): Promise<void> {
  const before = (await to.rpc.getPeerInfo()).length;
  await from.rpc.addNode(to.p2p, "onetry");
  await peersOf(from, (peers) => peers.some(({ addr, version }) => addr === to.p2p && version > 0));
  await peersOf(to, (peers) => peers.length > before && peers.every(({ version }) => version > 0));
}

/** Waits for a node's peers to be as they should. */
export async function peersOf(
  node: TestNode,
  isRight: (peers: readonly PeerInfo[]) => boolean,
): Promise<readonly PeerInfo[]> {
  return await eventually(async () => {
    const peers = await node.rpc.getPeerInfo();
    return isRight(peers) && peers;
  }, { what: "the peers to be as they should", timeoutMs: 10_000 });
}

/** Waits until all nodes have the same last block, that of `height`; returns it. */
export async function oneTip(nodes: readonly TestNode[], height: number): Promise<string> {
  return await eventually(async () => {
    const chains = await Promise.all(nodes.map((node) => node.rpc.getBlockchainInfo()));
    const tips = new Set(chains.map(({ bestblockhash }) => bestblockhash));
    const isReached = tips.size === 1 && chains[0]?.blocks === height;
    return isReached && chains[0]?.bestblockhash;
  }, { what: `one chain of height ${height}`, timeoutMs: 10_000 });
}

/** Mines blocks, which are all of this node's own: real ones that two nodes mine in the same second would be the same. */
export async function mine(node: TestNode, count: number): Promise<readonly string[]> {
  const own = [...node.ip].map((char) => char.charCodeAt(0).toString(16)).join("");
  // OP_RETURN <the node's address>
  const script = `6a${(own.length / 2).toString(16).padStart(2, "0")}${own}`;
  return await node.rpc.generateToDescriptor(count, `raw(${script})`);
}

/** Height, length and status of a node's branches, sorted: of two with the same height any may come first. */
export async function tipsOf(node: TestNode): Promise<string[]> {
  const tips: unknown = await node.rpc.call("getchaintips");
  if (!Array.isArray(tips)) throw new TypeError("getchaintips returned no list");
  return tips.map(({ height, branchlen, status }) => `${height} ${branchlen} ${status}`).sort();
}

/** Waits for a node's branches to be as they should. */
export async function tipsAre(node: TestNode, tips: readonly string[]): Promise<void> {
  await eventually(async () => String(await tipsOf(node)) === String(tips), {
    what: `branches ${tips.join(", ")}`,
  });
}
