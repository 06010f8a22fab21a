/** Methods about connections (src/rpc/net.cpp). */

import {
  RPC_CLIENT_NODE_ALREADY_ADDED,
  RPC_CLIENT_NODE_NOT_ADDED,
  RPC_CLIENT_NODE_NOT_CONNECTED,
  RPC_INVALID_PARAMS,
} from "../../../rpc/mod.ts";
import type { NodeState } from "../node_state.ts";
import { VERSION } from "../settings.ts";
import { RpcFailure } from "./failure.ts";
import { type Arguments, type Method, wrongUse } from "./method.ts";
import { describePeer, PROTOCOL_VERSION, SERVICES } from "./peer_info.ts";

const ADDNODE: Method = {
  name: "addnode",
  parameters: [
    { name: "node", type: "string" },
    { name: "command", type: "string" },
    { name: "v2transport", type: "bool", isOptional: true },
  ],
  run({ added, p2p }, args) {
    const node = args.text(0);
    switch (args.text(1)) {
      case "add":
        if (added.add(node)) return null;
        throw new RpcFailure(RPC_CLIENT_NODE_ALREADY_ADDED, "Error: Node already added");
      case "remove":
        if (added.remove(node)) return null;
        throw new RpcFailure(
          RPC_CLIENT_NODE_NOT_ADDED,
          "Error: Node could not be removed. It has not been added previously.",
        );
      case "onetry":
        p2p.dial(node);
        return null;
      default:
        throw wrongUse(ADDNODE);
    }
  },
};

function disconnectNode({ p2p }: NodeState, args: Arguments): null {
  const address = args.text(0);
  const id = args.number(1);
  if ((address === "") === (id === undefined)) {
    throw new RpcFailure(
      RPC_INVALID_PARAMS,
      "Only one of address and nodeid should be provided.",
    );
  }
  const peer = p2p.peers.find((each) => id === undefined ? each.name === address : each.id === id);
  if (!peer) {
    throw new RpcFailure(RPC_CLIENT_NODE_NOT_CONNECTED, "Node not found in connected nodes");
  }
  p2p.disconnect(peer);
  return null;
}

function addedNodeInfo({ added, p2p }: NodeState, args: Arguments): object[] {
  const wanted = args.text(0);
  if (wanted !== "" && !added.names.includes(wanted)) {
    throw new RpcFailure(RPC_CLIENT_NODE_NOT_ADDED, "Error: Node has not been added.");
  }
  return added.names.filter((name) => wanted === "" || name === wanted).map((name) => {
    const peer = p2p.linkTo(name);
    const addresses = peer
      ? [{ address: peer.service, connected: peer.inbound ? "inbound" : "outbound" }]
      : [];
    return { addednode: name, connected: peer !== undefined, addresses };
  });
}

function networkInfo({ settings, p2p }: NodeState): object {
  const { peers } = p2p;
  const inbound = peers.filter((peer) => peer.inbound).length;
  return {
    version: VERSION.number,
    subversion: settings.userAgent,
    protocolversion: PROTOCOL_VERSION,
    ...SERVICES.local,
    localrelay: true,
    timeoffset: 0,
    networkactive: p2p.isActive,
    connections: peers.length,
    connections_in: inbound,
    connections_out: peers.length - inbound,
    networks: ["ipv4", "ipv6", "onion", "i2p", "cjdns"].map((name) => {
      const reachable = name.startsWith("ip");
      return { name, limited: !reachable, reachable, ...NO_PROXY };
    }),
    relayfee: 0.000001,
    incrementalfee: 0.000001,
    localaddresses: [],
    warnings: [],
  };
}

const NO_PROXY = { proxy: "", proxy_randomize_credentials: false } as const;

/** The methods. */
export const NETWORK_METHODS: readonly Method[] = [
  ADDNODE,
  {
    name: "disconnectnode",
    parameters: [
      { name: "address", type: "string", isOptional: true },
      { name: "nodeid", type: "number", isOptional: true },
    ],
    run: disconnectNode,
  },
  {
    name: "getaddednodeinfo",
    parameters: [{ name: "node", type: "string", isOptional: true }],
    run: addedNodeInfo,
  },
  {
    name: "getconnectioncount",
    parameters: [],
    run: ({ p2p }) => p2p.peers.length,
  },
  {
    name: "getnetworkinfo",
    parameters: [],
    run: networkInfo,
  },
  {
    name: "getpeerinfo",
    parameters: [],
    run: ({ p2p, clock }) => p2p.peers.map((peer) => describePeer(peer, clock.now())),
  },
  {
    name: "ping",
    parameters: [],
    run: () => null,
  },
  {
    name: "setnetworkactive",
    parameters: [{ name: "state", type: "bool" }],
    run({ p2p }, args) {
      p2p.setActive(args.flag(0, true));
      return p2p.isActive;
    },
  },
];
