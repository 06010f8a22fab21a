/** Bitcoin nodes that have no more than links, and answer in the shapes of a real bitcoind. As cheap as can be: nothing is checked. */

import { NOBODY, userAgentOf } from "./introduce.ts";

/** One call of a batch. */
export interface Call {
  readonly id: number;
  readonly method: string;
  readonly params: readonly unknown[];
}

/** Answers that were captured from a real bitcoind, by method. */
export interface Shapes {
  readonly getblockchaininfo: object;
  readonly getnetworkinfo: object;
  readonly getpeerinfo: readonly object[];
}

/** Port of the p2p part, in names of peers. */
const P2P_PORT = 18444;
/** First port that a node dials from. */
const FIRST_PORT = 40_000;

interface Peer {
  readonly id: number;
  readonly node: StandInNode;
  readonly addr: string;
  readonly inbound: boolean;
}

/** What is known of one node. */
interface StandInNode {
  readonly ip: string;
  userAgent: string;
  readonly added: Set<string>;
  peers: Peer[];
  nextId: number;
  /** The answer to the last poll, until something changes. */
  answer: { readonly to: string; readonly text: string } | undefined;
}

/** All nodes there can be: one at each address. */
export class StandInNodes {
  readonly #shapes: Shapes;
  readonly #nodes = new Map<string, StandInNode>();

  /** Answers are made from `shapes`. */
  constructor(shapes: Shapes) {
    this.#shapes = shapes;
  }

  /** Tells the node with this address what it is to say of itself. */
  introduce(ip: string, userAgent: string): void {
    const node = this.#node(ip);
    node.userAgent = userAgent;
    for (const one of [node, ...node.peers.map((peer) => peer.node)]) one.answer = undefined;
  }

  /** The answer of the node with this address to the body of a request. */
  answer(ip: string, body: string): string {
    const node = this.#node(ip);
    if (node.answer?.to === body) return node.answer.text;
    const request: Call | readonly Call[] = JSON.parse(body);
    const calls = Array.isArray(request) ? request : [request];
    const results = calls.map((call) => ({
      jsonrpc: "2.0",
      result: this.#run(node, call),
      id: call.id,
    }));
    const text = JSON.stringify(Array.isArray(request) ? results : results[0]);
    if (calls.every(({ method }) => method.startsWith("get"))) node.answer = { to: body, text };
    return text;
  }

  #node(ip: string): StandInNode {
    const known = this.#nodes.get(ip);
    if (known) return known;
    const node: StandInNode = {
      ip,
      userAgent: userAgentOf(NOBODY.name, NOBODY.mark),
      added: new Set(),
      peers: [],
      nextId: 0,
      answer: undefined,
    };
    this.#nodes.set(ip, node);
    return node;
  }

  #run(node: StandInNode, { method, params }: Call): unknown {
    switch (method) {
      case "getblockchaininfo":
        return this.#shapes.getblockchaininfo;
      case "getnetworkinfo":
        return { ...this.#shapes.getnetworkinfo, subversion: node.userAgent };
      case "getpeerinfo":
        return node.peers.map(({ id, node: other, addr, inbound }) => ({
          ...this.#shapes.getpeerinfo[0],
          id,
          addr,
          subver: other.userAgent,
          inbound,
          connection_type: inbound ? "inbound" : "manual",
        }));
      case "getaddednodeinfo":
        return [...node.added].map((addednode) => {
          const connected = node.peers.some(({ addr, inbound }) => !inbound && addr === addednode);
          const address = { address: addednode, connected: "outbound" };
          return { addednode, connected, addresses: connected ? [address] : [] };
        });
      case "addnode":
        return this.#addNode(node, String(params[0]), params[1]);
      case "disconnectnode":
        return this.#disconnect(node, params[1]);
      default:
        throw new Error(`The stand-in knows no method '${method}'`);
    }
  }

  #addNode(node: StandInNode, name: string, command: unknown): null {
    node.answer = undefined;
    if (command === "add") node.added.add(name);
    else if (command === "remove") node.added.delete(name);
    else if (!node.peers.some(({ addr, inbound }) => !inbound && addr === name)) {
      const target = this.#node(name.slice(0, name.lastIndexOf(":")));
      const port = name.slice(name.lastIndexOf(":") + 1);
      if (Number(port) !== P2P_PORT) throw new Error(`Nobody listens on '${name}'`);
      const from = `${node.ip}:${FIRST_PORT + node.nextId}`;
      target.peers.push({ id: target.nextId++, node, addr: from, inbound: true });
      node.peers.push({ id: node.nextId++, node: target, addr: name, inbound: false });
      target.answer = undefined;
    }
    return null;
  }

  #disconnect(node: StandInNode, id: unknown): null {
    const peer = node.peers.find((one) => one.id === id);
    if (!peer) return null;
    // The two ends: one of each direction between the two nodes.
    node.peers = node.peers.filter((one) => one !== peer);
    const { node: other } = peer;
    const end = other.peers.find((one) => one.node === node && one.inbound !== peer.inbound);
    other.peers = other.peers.filter((one) => one !== end);
    node.answer = other.answer = undefined;
    return null;
  }
}
