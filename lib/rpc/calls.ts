/** The methods that are used, each with its arguments and the reader of its result. */

import * as Type from "typebox";
import { reader } from "./_reader.ts";
import type { RpcCall, RpcOutcome } from "./batch.ts";
import {
  type AddedNodeInfo,
  type BlockchainInfo,
  type NetworkInfo,
  type PeerInfo,
  readAddedNodeInfo,
  readBlockchainInfo,
  type Reader,
  readNetworkInfo,
  readPeerInfo,
} from "./results.ts";

/** A call that knows the type of its result. */
export interface TypedCall<T> extends RpcCall {
  /** Checks the result. */
  readonly read: Reader<T>;
}

/** How typed calls ended, each with the type of its result, in the order of the calls. */
export type TypedOutcomes<C extends readonly TypedCall<unknown>[]> = {
  -readonly [Index in keyof C]: C[Index] extends TypedCall<infer T> ? RpcOutcome<T> : never;
};

/** What `addnode` can do: put into the added list, take out of it (which disconnects nobody), or dial once. */
export type AddNodeCommand = "add" | "remove" | "onetry";

/** State of the chain. */
export const GET_BLOCKCHAIN_INFO: TypedCall<BlockchainInfo> = {
  method: "getblockchaininfo",
  read: readBlockchainInfo,
};

/** State of the p2p part, and the version. */
export const GET_NETWORK_INFO: TypedCall<NetworkInfo> = {
  method: "getnetworkinfo",
  read: readNetworkInfo,
};

/** All connections. */
export const GET_PEER_INFO: TypedCall<readonly PeerInfo[]> = {
  method: "getpeerinfo",
  read: readPeerInfo,
};

/** The added list. */
export const GET_ADDED_NODE_INFO: TypedCall<readonly AddedNodeInfo[]> = {
  method: "getaddednodeinfo",
  read: readAddedNodeInfo,
};

const readNothingOf = (method: string): Reader<null> => reader(method, Type.Null());
const readHashesOf = (method: string): Reader<readonly string[]> =>
  reader(method, Type.Array(Type.String()));

const readAddNode = readNothingOf("addnode");
const readDisconnectNode = readNothingOf("disconnectnode");
const readTextOf = (method: string): Reader<string> => reader(method, Type.String());
const readBlockHash = readTextOf("getblockhash");
const readBlock = readTextOf("getblock");
const readSubmitBlock = reader("submitblock", Type.Union([Type.String(), Type.Null()]));
const readGenerateToAddress = readHashesOf("generatetoaddress");
const readGenerateToDescriptor = readHashesOf("generatetodescriptor");

/** Changes the added list, or dials `node` once: success says that it was tried. */
export function addNode(node: string, command: AddNodeCommand): TypedCall<null> {
  return { method: "addnode", params: [node, command], read: readAddNode };
}

/** Ends the connection with the number `id`. */
export function disconnectNode(id: number): TypedCall<null> {
  return { method: "disconnectnode", params: ["", id], read: readDisconnectNode };
}

/** The hash of the block at a height of the node's best chain. */
export function getBlockHash(height: number): TypedCall<string> {
  return { method: "getblockhash", params: [height], read: readBlockHash };
}

/** A block as hexadecimal text. */
export function getBlock(hash: string): TypedCall<string> {
  return { method: "getblock", params: [hash, 0], read: readBlock };
}

/** Hands a block to the node, as hexadecimal text; returns null, or why it was not taken (BIP 22). */
export function submitBlock(block: string): TypedCall<string | null> {
  return { method: "submitblock", params: [block], read: readSubmitBlock };
}

/** Mines `blocks` blocks that pay to `address`; returns their hashes. */
export function generateToAddress(blocks: number, address: string): TypedCall<readonly string[]> {
  return { method: "generatetoaddress", params: [blocks, address], read: readGenerateToAddress };
}

/** Mines `blocks` blocks that pay to `descriptor`, which needs no wallet; returns their hashes. */
export function generateToDescriptor(
  blocks: number,
  descriptor: string,
): TypedCall<readonly string[]> {
  const params = [blocks, descriptor];
  return { method: "generatetodescriptor", params, read: readGenerateToDescriptor };
}
