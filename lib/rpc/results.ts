/** The shapes of results: only the fields that are used, and all of those are checked when a result arrives. */

import * as Type from "typebox";
import { reader } from "./_reader.ts";

/** What `getblockchaininfo` says. */
export interface BlockchainInfo {
  /** `regtest`, `signet`, … */
  readonly chain: string;
  /** Height of the node's best chain. */
  readonly blocks: number;
  /** Hash of its last block. */
  readonly bestblockhash: string;
  /** Work of that chain, as a hexadecimal number of 64 digits: compares as text. */
  readonly chainwork: string;
  /** Whether the node is still catching up, and so relays no transactions. */
  readonly initialblockdownload: boolean;
}

/** What `getnetworkinfo` says. */
export interface NetworkInfo {
  /** Version as a number: 300000 is 30.0. */
  readonly version: number;
  /** User agent, such as `/Satoshi:30.0.0(my-network-0)/`. */
  readonly subversion: string;
  /** Whether the p2p part is switched on (`setnetworkactive`). */
  readonly networkactive: boolean;
}

/** One peer, as `getpeerinfo` has it. */
export interface PeerInfo {
  /** Number of the connection, for `disconnectnode`. */
  readonly id: number;
  /** Address and port of the peer; for an outbound connection the name that was dialled. */
  readonly addr: string;
  /** Whether the peer dialled. */
  readonly inbound: boolean;
  /** Protocol version; 0 until the handshake is done, and so no peer yet. */
  readonly version: number;
  /** User agent of the peer. */
  readonly subver: string;
  /** `manual` for `addnode`, `inbound`, … */
  readonly "connection_type": string;
}

/** One entry of the added list, as `getaddednodeinfo` has it. */
export interface AddedNodeInfo {
  /** The node as it was added. */
  readonly addednode: string;
  /** Whether this node dialled it and is connected. */
  readonly connected: boolean;
  /** The connection, with the address that a name was resolved to. */
  readonly addresses: readonly {
    /** Address and port in use. */
    readonly address: string;
    /** Who dialled. */
    readonly connected: "inbound" | "outbound";
  }[];
}

/** Turns a result into its type, or throws an `RpcTransportError` that names the method and the field that is not as expected. */
export type Reader<T> = (result: unknown) => T;

/** Reads a result of `getblockchaininfo`. */
export const readBlockchainInfo: Reader<BlockchainInfo> = reader(
  "getblockchaininfo",
  Type.Object({
    chain: Type.String(),
    blocks: Type.Integer(),
    bestblockhash: Type.String(),
    chainwork: Type.String(),
    initialblockdownload: Type.Boolean(),
  }),
);

/** Reads a result of `getnetworkinfo`. */
export const readNetworkInfo: Reader<NetworkInfo> = reader(
  "getnetworkinfo",
  Type.Object({
    version: Type.Integer(),
    subversion: Type.String(),
    networkactive: Type.Boolean(),
  }),
);

/** Reads a result of `getpeerinfo`. */
export const readPeerInfo: Reader<readonly PeerInfo[]> = reader(
  "getpeerinfo",
  Type.Array(Type.Object({
    id: Type.Integer(),
    addr: Type.String(),
    inbound: Type.Boolean(),
    version: Type.Integer(),
    subver: Type.String(),
    connection_type: Type.String(),
  })),
);

/** Reads a result of `getaddednodeinfo`. */
export const readAddedNodeInfo: Reader<readonly AddedNodeInfo[]> = reader(
  "getaddednodeinfo",
  Type.Array(Type.Object({
    addednode: Type.String(),
    connected: Type.Boolean(),
    addresses: Type.Array(Type.Object({
      address: Type.String(),
      connected: Type.Union([Type.Literal("inbound"), Type.Literal("outbound")]),
    })),
  })),
);
