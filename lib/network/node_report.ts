/** What one node says of itself in one poll. Pure: from the outcomes of a batch to a report. */

import {
  type AddedNodeInfo,
  type BlockchainInfo,
  GET_ADDED_NODE_INFO,
  GET_BLOCKCHAIN_INFO,
  GET_NETWORK_INFO,
  GET_PEER_INFO,
  type NetworkInfo,
  type PeerInfo,
  readAddedNodeInfo,
  readBlockchainInfo,
  readNetworkInfo,
  readPeerInfo,
  type RpcCall,
  RpcError,
  type RpcOutcome,
  RpcTransportError,
} from "../rpc/mod.ts";
import { messageOf } from "./_message_of.ts";
import { type Identity, isNode } from "./identity.ts";
import { Strings } from "./strings.ts";

/** A node that answered. */
export interface NodeUp {
  /** It answered. */
  readonly state: "up";
  /** State of its chain. */
  readonly chain: BlockchainInfo;
  /** Its version. */
  readonly network: NetworkInfo;
  /** Its connections. */
  readonly peers: readonly PeerInfo[];
  /** Its added list. */
  readonly added: readonly AddedNodeInfo[];
}

/** A node that did not. */
export interface NodeDown {
  /** `starting`: it will answer soon. `unreachable`: something is wrong. */
  readonly state: "starting" | "unreachable";
  /** Why, and what to do. */
  readonly message: string;
  /** Whether somebody else answered in its place: its address is another pod's by now. */
  readonly isSomebodyElse?: true;
  /** Whether nothing at all came from its address, neither an answer nor a refusal that could be read. */
  readonly isMute?: true;
}

/** A node that says nothing. */
export const SILENT: NodeDown = {
  state: "unreachable",
  message: "Its RPC does not answer",
  isMute: true,
};

/** What one node says of itself in one poll. */
export type NodeReport = NodeUp | NodeDown;

/** The calls of a poll: one batch. */
export const POLL_CALLS: readonly RpcCall[] = [
  GET_BLOCKCHAIN_INFO,
  GET_NETWORK_INFO,
  GET_PEER_INFO,
  GET_ADDED_NODE_INFO,
];

/**
 * The report of a node that answered {@linkcode POLL_CALLS}, if it is the one that is expected: credentials do not tell,
 * two networks may have the same. Only what is read, for it is kept until the next poll, with its texts from `strings`.
 */
export function reportOf(
  outcomes: readonly RpcOutcome[],
  expected: Identity,
  strings: Strings = new Strings(),
): NodeReport {
  try {
    const [chainInfo, networkInfo, peerInfo, addedNodeInfo] = outcomes.map((outcome) => {
      if (outcome.error) throw outcome.error;
      return outcome.result;
    });
    const network = readNetworkInfo(networkInfo);
    if (!isNode(network.subversion, expected)) {
      return {
        state: "unreachable",
        message: `Another bitcoind answers at its address, '${network.subversion}': ` +
          "nothing is done there until its pod has an address of its own again",
        isSomebodyElse: true,
      };
    }
    const chain = readBlockchainInfo(chainInfo);
    if (chain.chain !== "regtest") {
      return {
        state: "unreachable",
        message: `Its bitcoind runs on chain '${chain.chain}' instead of 'regtest'`,
      };
    }
    return {
      state: "up",
      chain: chainInBrief(chain, strings),
      network: networkInBrief(network, strings),
      peers: readPeerInfo(peerInfo).map((peer) => peerInBrief(peer, strings)),
      added: readAddedNodeInfo(addedNodeInfo).map((node) => addedInBrief(node, strings)),
    };
  } catch (error) {
    return failureReport(error);
  }
}

function chainInBrief(info: BlockchainInfo, strings: Strings): BlockchainInfo {
  const { chain, blocks, bestblockhash, chainwork, initialblockdownload } = info;
  return {
    chain: strings.one(chain),
    blocks,
    bestblockhash: strings.one(bestblockhash),
    chainwork: strings.one(chainwork),
    initialblockdownload,
  };
}

function networkInBrief(
  { version, subversion, networkactive }: NetworkInfo,
  strings: Strings,
): NetworkInfo {
  return { version, subversion: strings.one(subversion), networkactive };
}

function peerInBrief(peer: PeerInfo, strings: Strings): PeerInfo {
  const { id, addr, inbound, version, subver, connection_type } = peer;
  return {
    id,
    // Each connection of somebody else comes from a port of its own.
    addr: inbound ? addr : strings.one(addr),
    inbound,
    version,
    subver: strings.one(subver),
    connection_type: strings.one(connection_type),
  };
}

function addedInBrief(
  { addednode, connected, addresses }: AddedNodeInfo,
  strings: Strings,
): AddedNodeInfo {
  return {
    addednode: strings.one(addednode),
    connected,
    addresses: addresses.map(({ address, connected }) => ({
      address: strings.one(address),
      connected,
    })),
  };
}

/** The report of a node whose poll failed. */
export function failureReport(error: unknown): NodeDown {
  if (error instanceof RpcError && error.isWarmingUp) {
    return { state: "starting", message: `bitcoind is starting: ${error.message}` };
  }
  if (error instanceof RpcTransportError && error.kind === "timeout") return SILENT;
  if (error instanceof RpcTransportError && error.kind === "unauthorized") {
    return {
      state: "unreachable",
      message:
        "Its bitcoind refuses the credentials; it may still run with older ones: delete its pod if this lasts",
    };
  }
  if (error instanceof RpcTransportError && error.kind === "forbidden") {
    return {
      state: "unreachable",
      message: "Its bitcoind does not let the controller in (HTTP 403): " +
        "it does not run with the controller's configuration; delete its pod if this lasts",
    };
  }
  const isMute = error instanceof RpcTransportError && error.kind === "unreachable";
  return { state: "unreachable", message: messageOf(error), ...(isMute && { isMute }) };
}

/** The report of a node whose pod is starting: that it cannot be reached is nothing wrong then. */
export function reportWhileStarting(report: NodeReport | undefined): NodeReport | undefined {
  return report?.state === "unreachable" ? { ...report, state: "starting" } : report;
}
