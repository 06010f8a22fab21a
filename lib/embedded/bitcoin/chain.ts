/** The blocks that one node knows, and which of them make its chain. */

import { type Block, GENESIS } from "./block.ts";

/**
 * What a node knows of a block, in the words of `getchaintips`:
 *
 * - `headers-only`: that it exists; it was never worth fetching
 * - `valid-headers`: all of it, but it was never part of the node's chain
 * - `valid-fork`: all of it; it is or was part of the chain
 */
type Knowledge = "headers-only" | "valid-headers" | "valid-fork";

interface Entry {
  readonly block: Block;
  knowledge: Knowledge;
}

/** The end of a branch. */
export interface ChainTip {
  /** Its last block. */
  readonly block: Block;
  /** How many blocks it has that the node's chain has not. */
  readonly branchLength: number;
  /** What the node knows of it. */
  readonly status: "active" | Knowledge;
}

/** A tree of blocks. The chain with the most work is the node's; of two with the same work, the one that came first. */
export class Chain {
  readonly #entries = new Map<string, Entry>([
    [GENESIS.hash, { block: GENESIS, knowledge: "valid-fork" }],
  ]);
  /** Last blocks of all branches, by hash. */
  readonly #ends = new Map<string, Block>([[GENESIS.hash, GENESIS]]);
  /** The node's chain, by height. */
  readonly #active: Block[] = [GENESIS];

  /** Last block of the node's chain. */
  get tip(): Block {
    return this.#active.at(-1) ?? GENESIS;
  }

  /** How many blocks there are on all branches. */
  get size(): number {
    return this.#entries.size;
  }

  /** The block of the node's chain at a height. */
  at(height: number): Block | undefined {
    return this.#active[height];
  }

  /** Any known block. */
  find(hash: string): Block | undefined {
    return this.#entries.get(hash)?.block;
  }

  /** Whether a block is part of the node's chain. */
  isActive({ height, hash }: Block): boolean {
    return this.#active[height]?.hash === hash;
  }

  /**
   * Takes in the chain that ends with `tip`.
   *
   * @returns the blocks that became part of the node's chain, in order; none if it has no more work
   */
  add(tip: Block): readonly Block[] {
    this.#remember(tip);
    if (tip.height < this.tip.height) return [];
    this.#fetch(tip);
    return tip.height > this.tip.height ? this.#activate(tip) : [];
  }

  /** The ends of all branches, highest first. */
  tips(): ChainTip[] {
    const ends = [...this.#ends.values()].sort((a, b) => b.height - a.height);
    return ends.map((block) => {
      if (block.hash === this.tip.hash) return { block, branchLength: 0, status: "active" };
      const status = this.#entries.get(block.hash)?.knowledge ?? "headers-only";
      return { block, branchLength: block.height - this.#forkHeight(block), status };
    });
  }

  #remember(tip: Block): void {
    const unknown: Block[] = [];
    for (
      let block: Block | undefined = tip;
      block && !this.#entries.has(block.hash);
      block = block.parent
    ) unknown.push(block);
    for (const block of unknown.reverse()) {
      this.#entries.set(block.hash, { block, knowledge: "headers-only" });
      if (block.parent) this.#ends.delete(block.parent.hash);
      this.#ends.set(block.hash, block);
    }
  }

  #fetch(tip: Block): void {
    for (
      let entry = this.#entries.get(tip.hash);
      entry?.knowledge === "headers-only";
      entry = this.#entries.get(entry.block.parent?.hash ?? "")
    ) entry.knowledge = "valid-headers";
  }

  #activate(tip: Block): Block[] {
    const blocks: Block[] = [];
    for (
      let block: Block | undefined = tip;
      block && !this.isActive(block);
      block = block.parent
    ) blocks.push(block);
    blocks.reverse();
    this.#active.length = blocks[0]?.height ?? this.#active.length;
    for (const block of blocks) {
      this.#active.push(block);
      const entry = this.#entries.get(block.hash);
      if (entry) entry.knowledge = "valid-fork";
    }
    return blocks;
  }

  /** Height of the last block that a branch shares with the node's chain. */
  #forkHeight(end: Block): number {
    let block: Block | undefined = end;
    while (block && !this.isActive(block)) block = block.parent;
    return block?.height ?? 0;
  }
}
