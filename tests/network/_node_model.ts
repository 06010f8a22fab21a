/** A model of nodes and their connections: what bitcoind does with `addnode` and `disconnectnode`, without the network. */

import type { Action, Member } from "../../lib/network/connections.ts";
import { ADDED_NODE_SLOTS } from "../../lib/network/dials.ts";
import type { NodeReport } from "../../lib/network/node_report.ts";
import { dialled, entry, MARK, up, userAgent } from "./_samples.ts";

/** Addresses outside of the network that accept connections. */
export const STRANGERS = ["1.2.3.4:18444", "stranger.example"];

/** One pod with its bitcoind. */
export interface ModelNode {
  readonly ordinal: number;
  readonly ip: string;
  readonly added: string[];
  /** Who it says it is. */
  readonly userAgent: string;
}

/** One connection, which one side dialled. */
interface Connection {
  readonly from: ModelNode;
  /** Absent for a stranger. */
  readonly to: ModelNode | undefined;
  /** Number at both sides, for simplicity. */
  readonly id: number;
  readonly dialled: string;
  readonly address: string;
  /** Whether the handshake is done. */
  isDone: boolean;
}

/** All pods of a network, those that leave included. */
export class NodeModel {
  readonly nodes = new Map<number, ModelNode>();
  /** Ordinals whose RPC does not answer. */
  readonly silent = new Set<number>();
  /** Heights of nodes that have mined. */
  readonly heights = new Map<number, number>();
  /** Work of their chains, if it is not their heights. */
  readonly works = new Map<number, number>();
  /** Last blocks of nodes that are on a chain of their own. */
  readonly tips = new Map<number, string>();
  /** Ordinals whose p2p part is switched off. */
  readonly inactive = new Set<number>();
  /** Names that the name servers still have an old address for. */
  readonly oldNames = new Map<string, string>();
  /** Other networks, whose pods can be dialled too. */
  readonly others: NodeModel[] = [];
  /** What all pods that are started have in their user agents. */
  mark = MARK;
  readonly #network: string;
  #connections: Connection[] = [];
  #numbers: number;

  /** No pods yet; addresses are numbered from `start`. */
  constructor(network = "net", start = 1) {
    this.#network = network;
    this.#numbers = start;
  }

  /** How others name a node. */
  nameOf(ordinal: number): string {
    return `${this.#network}-sts-${ordinal}.${this.#network}-svc`;
  }

  /** Starts a pod, or another one in its place, by default at an address that nobody had before; old connections of the one before stay half open. */
  start(ordinal: number, address?: string): void {
    const number = this.#numbers++;
    const ip = address ?? `10.0.${Math.floor(number / 250)}.${number % 250 + 1}`;
    const pod = `${this.#network}-sts-${ordinal}`;
    this.nodes.set(ordinal, { ordinal, ip, added: [], userAgent: userAgent(pod, this.mark) });
  }

  /** Its bitcoind starts once more, at the same address: its list is empty and its connections are gone. */
  restart(ordinal: number): void {
    const node = this.nodes.get(ordinal);
    if (!node) return;
    this.#connections = this.#connections.filter(({ from, to }) => from !== node && to !== node);
    node.added.length = 0;
  }

  /** Switches the p2p part of a node off, or on. */
  setActive(ordinal: number, active: boolean): void {
    const node = this.nodes.get(ordinal);
    if (active) this.inactive.delete(ordinal);
    else this.inactive.add(ordinal);
    this.#connections = this.#connections.filter(({ from, to }) =>
      active || (from !== node && to !== node)
    );
  }

  /** Takes a pod away, with its connections. */
  stop(ordinal: number): void {
    const node = this.nodes.get(ordinal);
    this.#connections = this.#connections.filter(({ from, to }) => from !== node && to !== node);
    this.nodes.delete(ordinal);
  }

  /** `addnode … onetry`, or bitcoind's own dial of an entry. */
  dial(from: number, target: string): void {
    const node = this.nodes.get(from);
    const to = this.#at(target);
    if (!node || node === to || (!to && !STRANGERS.includes(target))) return;
    if ([node, to].some((one) => one && this.inactive.has(one.ordinal))) return;
    const address = to ? `${to.ip}:18444` : target;
    const isKnown = this.#connections.some((connection) =>
      connection.from === node && (connection.dialled === target || connection.address === address)
    );
    if (isKnown) return;
    const id = this.#numbers++;
    this.#connections.push({ from: node, to, id, dialled: target, address, isDone: false });
  }

  /** Cuts all connections of a node. */
  cut(ordinal: number): void {
    const node = this.nodes.get(ordinal);
    this.#connections = this.#connections.filter(({ from, to }) => from !== node && to !== node);
  }

  /** A second connection, which two dials at the same moment can make. */
  dialTwice(from: number, to: number): void {
    const node = this.nodes.get(from);
    const target = this.nodes.get(to);
    if (!node || !target || from === to) return;
    const address = `${target.ip}:18444`;
    for (const name of [this.nameOf(to), address]) {
      const id = this.#numbers++;
      this.#connections.push({ from: node, to: target, id, dialled: name, address, isDone: true });
    }
  }

  /** What one action does. */
  perform(ordinal: number, action: Action): void {
    const node = this.nodes.get(ordinal);
    if (!node) return;
    switch (action.kind) {
      case "add":
        if (!node.added.includes(action.node)) node.added.push(action.node);
        return;
      case "remove": {
        const index = node.added.indexOf(action.node);
        if (index >= 0) node.added.splice(index, 1);
        return;
      }
      case "onetry":
        return this.dial(ordinal, action.node);
      case "disconnect":
        for (const model of [this, ...this.others]) {
          model.#connections = model.#connections.filter(({ id, from, to }) =>
            id !== action.id || (from !== node && to !== node)
          );
        }
    }
  }

  /** Time passes: handshakes are done, and bitcoind dials its entries as far as it has slots. */
  tick(): void {
    for (const connection of this.#connections) connection.isDone = true;
    for (const { ordinal, added } of this.nodes.values()) {
      for (const name of added.slice(0, ADDED_NODE_SLOTS)) this.dial(ordinal, name);
    }
  }

  /** The pods of wanted ordinals, as the controller sees them. */
  members(nodes: number): Member[] {
    return [...this.nodes.values()].filter(({ ordinal }) => ordinal < nodes)
      .sort((a, b) => a.ordinal - b.ordinal)
      .map((node) => ({
        ordinal: node.ordinal,
        name: `${this.#network}-sts-${node.ordinal}`,
        ip: node.ip,
        address: this.nameOf(node.ordinal),
        report: this.report(node),
      }));
  }

  /** The sets of pods, by ordinal, that can reach each other; only those below `nodes`. */
  parts(nodes: number): number[][] {
    const left = new Set([...this.nodes.keys()].filter((ordinal) => ordinal < nodes));
    const parts: number[][] = [];
    for (const first of left) {
      const part = [first];
      left.delete(first);
      for (const ordinal of part) {
        for (const neighbour of this.#neighbours(ordinal)) {
          if (left.delete(neighbour)) part.push(neighbour);
        }
      }
      parts.push(part);
    }
    return parts;
  }

  /** The connections between pods of wanted ordinals, as `from>to`, in order. */
  links(nodes: number): string[] {
    return this.#connections.flatMap(({ from, to }) =>
      to && from.ordinal < nodes && to.ordinal < nodes && this.#isAlive(from) && this.#isAlive(to)
        ? [`${from.ordinal}>${to.ordinal}`]
        : []
    ).sort();
  }

  /** Connections of pods that are there with anybody else: strangers, and pods that are gone. */
  get strangers(): number {
    return this.#connections.filter(({ from, to }) =>
      this.#isAlive(from) ? !to || !this.#isAlive(to) : to && this.#isAlive(to)
    ).length;
  }

  /** What a node says of itself. */
  report(node: ModelNode): NodeReport {
    if (this.silent.has(node.ordinal)) return { state: "unreachable", message: "no answer" };
    const outbound = this.#connections.filter(({ from }) => from === node);
    const inbound = [this, ...this.others].flatMap((model) => model.#connections)
      .filter(({ to }) => to === node);
    const height = this.heights.get(node.ordinal) ?? 0;
    return up({
      height,
      work: this.works.get(node.ordinal) ?? height,
      tip: this.tips.get(node.ordinal) ?? `tip-${height}`,
      subversion: node.userAgent,
      active: !this.inactive.has(node.ordinal),
      peers: [
        ...outbound.map(({ id, dialled: name, to, isDone }) =>
          dialled(id, name, {
            version: isDone ? 70016 : 0,
            subver: isDone ? to?.userAgent ?? "/Satoshi:30.0.0/" : "",
          })
        ),
        ...inbound.map(({ id, from }) =>
          dialled(id, `${from.ip}:50000`, {
            inbound: true,
            connection_type: "inbound",
            subver: from.userAgent,
          })
        ),
      ],
      added: node.added.map((name) =>
        entry(name, outbound.find((connection) => connection.dialled === name)?.address)
      ),
    });
  }

  /** Who is dialled under a name or an address. */
  #at(target: string): ModelNode | undefined {
    const resolved = this.oldNames.get(target) ?? target;
    return [...this.nodes.values()].find(({ ordinal }) => this.nameOf(ordinal) === resolved) ??
      [this, ...this.others].flatMap((model) => [...model.nodes.values()])
        .find(({ ip }) => resolved === `${ip}:18444`);
  }

  #isAlive(node: ModelNode): boolean {
    return this.nodes.get(node.ordinal) === node;
  }

  #neighbours(ordinal: number): number[] {
    const node = this.nodes.get(ordinal);
    // A connection to the pod before leads nowhere.
    return this.#connections.filter(({ from, to }) =>
      to && this.#isAlive(from) && this.#isAlive(to)
    )
      .flatMap(({ from, to }) =>
        from === node && to ? [to.ordinal] : to === node ? [from.ordinal] : []
      ).filter((other) => this.nodes.has(other));
  }
}
