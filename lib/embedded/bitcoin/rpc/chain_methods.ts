/** Methods about blocks (src/rpc/blockchain.cpp, src/rpc/mempool.cpp). */

import { RPC_INVALID_ADDRESS_OR_KEY, RPC_INVALID_PARAMETER } from "../../../rpc/mod.ts";
import { type Block, chainWork, GENESIS, merkleRoot } from "../block.ts";
import type { Chain } from "../chain.ts";
import type { NodeState } from "../node_state.ts";
import { RpcFailure } from "./failure.ts";
import type { Arguments, Method } from "./method.ts";

/** How hard a block is to find, on regtest: hardly. */
const DIFFICULTY = {
  bits: "207fffff",
  target: "7fffff0000000000000000000000000000000000000000000000000000000000",
  difficulty: 4.656542373906925e-10,
} as const;

/** About what a block with nothing but a coinbase takes on disk, in bytes. */
const BLOCK_BYTES = 293;
/** `versionHex` of a mined block as a number. */
const BLOCK_VERSION = 0x2000_0000;

function blockchainInfo({ chain, isInitialBlockDownload }: NodeState): object {
  const { tip } = chain;
  return {
    chain: "regtest",
    blocks: tip.height,
    headers: tip.height,
    bestblockhash: tip.hash,
    ...DIFFICULTY,
    time: tip.time,
    mediantime: tip.medianTime,
    verificationprogress: 1,
    initialblockdownload: isInitialBlockDownload,
    chainwork: chainWork(tip),
    size_on_disk: chain.size * BLOCK_BYTES,
    pruned: false,
    warnings: [],
  };
}

function chainTips({ chain }: NodeState): object[] {
  return chain.tips().map(({ block: { height, hash }, branchLength, status }) => ({
    height,
    hash,
    branchlen: branchLength,
    status,
  }));
}

function blockHash({ chain }: NodeState, args: Arguments): string {
  const block = chain.at(args.integer(0));
  if (!block) throw new RpcFailure(RPC_INVALID_PARAMETER, "Block height out of range");
  return block.hash;
}

function blockHeader({ chain }: NodeState, args: Arguments): object {
  const hash = args.text(0);
  if (hash.length !== 64) {
    throw new RpcFailure(
      RPC_INVALID_PARAMETER,
      `hash must be of length 64 (not ${hash.length}, for '${hash}')`,
    );
  }
  if (!args.flag(1, true)) {
    throw new RpcFailure(RPC_INVALID_PARAMETER, "The blocks of this bitcoind have no bytes");
  }
  const block = chain.find(hash.toLowerCase());
  if (!block) throw new RpcFailure(RPC_INVALID_ADDRESS_OR_KEY, "Block not found");
  return headerOf(block, chain);
}

function headerOf(block: Block, chain: Chain): object {
  const isActive = chain.isActive(block);
  const next = isActive ? chain.at(block.height + 1) : undefined;
  const version = block === GENESIS ? 1 : BLOCK_VERSION;
  return {
    hash: block.hash,
    confirmations: isActive ? chain.tip.height - block.height + 1 : -1,
    height: block.height,
    version,
    versionHex: version.toString(16).padStart(8, "0"),
    merkleroot: merkleRoot(block),
    time: block.time,
    mediantime: block.medianTime,
    nonce: block.nonce,
    ...DIFFICULTY,
    chainwork: chainWork(block),
    nTx: 1,
    ...(block.parent && { previousblockhash: block.parent.hash }),
    ...(next && { nextblockhash: next.hash }),
  };
}

/** The fake has no transactions. */
const MEMPOOL_INFO = {
  loaded: true,
  size: 0,
  bytes: 0,
  usage: 0,
  total_fee: 0,
  maxmempool: 300_000_000,
  mempoolminfee: 0.000001,
  minrelaytxfee: 0.000001,
  incrementalrelayfee: 0.000001,
  unbroadcastcount: 0,
  fullrbf: true,
  permitbaremultisig: true,
  maxdatacarriersize: 100_000,
  limitclustercount: 64,
  limitclustersize: 101_000,
} as const;

/** The methods. */
export const CHAIN_METHODS: readonly Method[] = [
  { name: "getbestblockhash", parameters: [], run: ({ chain }) => chain.tip.hash },
  { name: "getblockchaininfo", parameters: [], run: blockchainInfo },
  { name: "getblockcount", parameters: [], run: ({ chain }) => chain.tip.height },
  { name: "getblockhash", parameters: [{ name: "height", type: "number" }], run: blockHash },
  {
    name: "getblockheader",
    parameters: [
      { name: "blockhash", type: "string" },
      { name: "verbose", type: "bool", isOptional: true },
    ],
    run: blockHeader,
  },
  { name: "getchaintips", parameters: [], run: chainTips },
  { name: "getmempoolinfo", parameters: [], run: () => MEMPOOL_INFO },
];
