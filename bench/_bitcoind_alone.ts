/** What bitcoind does by itself when a link goes, without anybody to help it. */

import { type RealBitcoind, startBitcoind } from "../tests/support/bitcoind.ts";
import { pause } from "./_process.ts";

/** When to give up, in ms: it may take 20 minutes. */
const GIVE_UP_MS = 90_000;
/** How long a node is away, in ms: longer than the 2 s after which its peer tries again, and then waits a minute. */
const AWAY_MS = 8_000;

/** Time until a node is linked again that was killed and started 8 s later, from its first answer. */
export async function aloneAfterRestart(program: string): Promise<number> {
  await using a = await startBitcoind({ program });
  await using b = await startBitcoind({ program });
  await link(a, b);
  b.signal("SIGKILL");
  await b.ended();
  await pause(AWAY_MS);
  await b.start();
  return await timeUntilLinked(a, 1);
}

/** Time until an added node that was disconnected by hand is linked again. */
export async function aloneAfterCut(program: string): Promise<number> {
  await using a = await startBitcoind({ program });
  await using b = await startBitcoind({ program });
  await link(a, b);
  const [old] = await a.rpc.getPeerInfo();
  const start = performance.now();
  if (old) await a.rpc.disconnectNode(old.id);
  // For a moment the old connection is still listed.
  while (performance.now() - start < GIVE_UP_MS) {
    const peers = await a.rpc.getPeerInfo();
    if (peers.some(({ id, version }) => id !== old?.id && version > 0)) break;
    await pause(20);
  }
  return performance.now() - start;
}

/** Time until a node notices that its peer is frozen and has moved to another address, if it ever does. */
export async function aloneAfterFreeze(program: string): Promise<number> {
  await using a = await startBitcoind({ program });
  await using b = await startBitcoind({ program });
  await link(a, b);
  b.signal("SIGSTOP");
  const start = performance.now();
  while (await linksOf(a) > 0 && performance.now() - start < GIVE_UP_MS) await pause(100);
  return performance.now() - start;
}

/** Time until as many nodes are all linked to all, from when all answer: each edge in the added list of one end. */
export async function aloneMesh(program: string, count: number): Promise<number> {
  await using nodes = new Nodes();
  for (let started = 0; started < count; started++) {
    nodes.all.push(await startBitcoind({ program }));
  }
  const start = performance.now();
  await Promise.all(nodes.all.map(async ({ rpc }, i) => {
    for (const [j, { p2p }] of nodes.all.entries()) {
      const dials = i < j ? (j - i) % 2 === 1 : i > j && (i - j) % 2 === 0;
      if (dials) await rpc.addNode(p2p, "add");
    }
  }));
  await Promise.all(nodes.all.map((node) => timeUntilLinked(node, count - 1)));
  return performance.now() - start;
}

/** Nodes that end together. */
class Nodes implements AsyncDisposable {
  readonly all: RealBitcoind[] = [];

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.all.map((node) => node[Symbol.asyncDispose]()));
  }
}

async function link(a: RealBitcoind, b: RealBitcoind): Promise<void> {
  await a.rpc.addNode(b.p2p, "add");
  await timeUntilLinked(a, 1);
}

async function timeUntilLinked(node: RealBitcoind, count: number): Promise<number> {
  const start = performance.now();
  while (await linksOf(node) < count && performance.now() - start < GIVE_UP_MS) await pause(20);
  return performance.now() - start;
}

async function linksOf({ rpc }: RealBitcoind): Promise<number> {
  return (await rpc.getPeerInfo()).filter(({ version }) => version > 0).length;
}
