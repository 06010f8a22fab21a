/** P2p parts of nodes in virtual time, without RPC and files. */

import type { Block } from "../../../lib/embedded/bitcoin/block.ts";
import { Chain } from "../../../lib/embedded/bitcoin/chain.ts";
import { P2p } from "../../../lib/embedded/bitcoin/p2p.ts";
import { FakeBitcoinWire } from "../../../lib/embedded/bitcoin/wire.ts";
import { FakeClock } from "../../support/fake_clock.ts";

/** A node with nothing but connections and blocks. */
export interface BareNode {
  readonly name: string;
  readonly p2p: P2p;
  readonly chain: Chain;
  readonly log: string[];
  /** Takes in blocks and tells its peers, as if it had mined them. */
  add(tip: Block): void;
}

/** Nodes on one wire; they do not survive it. */
export class P2pWorld implements Disposable {
  readonly clock = new FakeClock();
  readonly wire = new FakeBitcoinWire(this.clock);
  readonly #nodes: BareNode[] = [];

  /** Starts a node at `10.0.0.<number>`. */
  node(number: number, listening = true): BareNode {
    const address = `10.0.0.${number}`;
    const chain = new Chain();
    const log: string[] = [];
    const learn = (tip: Block): boolean => {
      const isNew = chain.add(tip).length > 0;
      if (isNew) p2p.announce();
      return isNew;
    };
    const p2p: P2p = new P2p({
      address,
      port: listening ? 18444 : undefined,
      active: true,
      userAgent: `/node-${number}/`,
      wire: this.wire,
      clock: this.clock,
      tip: () => chain.tip,
      learn,
      log: (line) => log.push(line),
    });
    p2p.listen();
    const node = {
      name: `${address}:18444`,
      p2p,
      chain,
      log,
      add: (tip: Block) => void learn(tip),
    };
    this.#nodes.push(node);
    return node;
  }

  [Symbol.dispose](): void {
    for (const { p2p } of this.#nodes) p2p.close();
  }
}

/** Peers as texts: who, and whether the handshake is done. */
export function peersOf({ p2p }: BareNode): string[] {
  return p2p.peers.map(({ id, name, inbound, hello }) =>
    `${id} ${inbound ? "from" : "to"} ${name.replace(/:.*/, "")} ${hello?.userAgent ?? "?"}`
  );
}
