/** Blocks of the fake: what a header says, without transactions and without work. Pure. */

import { createHash } from "node:crypto";

/** A block and, through its parent, the chain that it ends. */
export interface Block {
  /** Hash, 64 hexadecimal digits. */
  readonly hash: string;
  /** Number of blocks before it. */
  readonly height: number;
  /** When it was mined, in seconds since 1970. */
  readonly time: number;
  /** Median of the times of the last blocks up to this one, in seconds since 1970. */
  readonly medianTime: number;
  /** Tells it from every other block with the same parent and time. */
  readonly nonce: number;
  /** The block before it; undefined for the first one. */
  readonly parent: Block | undefined;
}

/** The first block of regtest (src/kernel/chainparams.cpp). */
export const GENESIS: Block = {
  hash: "0f9188f13cb7b2c71f2a335e3a4fc328bf5beb436012afca590b1a11466e2206",
  height: 0,
  time: 1_296_688_602,
  medianTime: 1_296_688_602,
  nonce: 2,
  parent: undefined,
};

/** How many blocks the median time is of (src/chain.h, `nMedianTimeSpan`). */
const MEDIAN_TIME_SPAN = 11;
/** Hashes that a regtest block takes on average (src/chain.cpp, `GetBlockProof`). */
const WORK_OF_A_BLOCK = 2;

/** The block with these contents. */
export function blockOf(parent: Block, time: number, nonce: number): Block {
  const height = parent.height + 1;
  const hash = sha256(`${parent.hash}:${height}:${time}:${nonce}`);
  return { hash, height, time, medianTime: medianTime(parent, time), nonce, parent };
}

/** The block that a miner makes at `now` (in seconds since 1970): its time is later than its parent's median time. */
export function mineBlock(parent: Block, now: number, nonce: number): Block {
  return blockOf(parent, Math.max(now, parent.medianTime + 1), nonce);
}

/** All work of the chain that ends with `block`, as 64 hexadecimal digits. */
export function chainWork({ height }: Block): string {
  return (WORK_OF_A_BLOCK * (height + 1)).toString(16).padStart(64, "0");
}

/** Stands in for the hash of a block's transactions. */
export function merkleRoot({ hash }: Block): string {
  return sha256(`transactions of ${hash}`);
}

function medianTime(parent: Block, time: number): number {
  const times = [time];
  for (
    let block: Block | undefined = parent;
    block && times.length < MEDIAN_TIME_SPAN;
    block = block.parent
  ) times.push(block.time);
  times.sort((a, b) => a - b);
  return times[Math.floor(times.length / 2)] ?? time;
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
