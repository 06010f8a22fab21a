/** The connections of one node: dials, handshakes, relay of blocks. */

import type { Clock } from "../../time/mod.ts";
import { numericService, serviceOf } from "./addresses.ts";
import type { Block } from "./block.ts";
import type { Connected, Peer } from "./peer.ts";
import type { Slot } from "./slots.ts";
import type { FakeBitcoinWire, WireMessage, WireNode } from "./wire.ts";

/** How long the other node may take to greet, in ms (src/net.h, `DEFAULT_PEER_CONNECT_TIMEOUT`). */
const HANDSHAKE_MS = 60_000;

/** What a {@linkcode P2p} needs of its node. */
export interface P2pOptions {
  /** Address of the node. */
  readonly address: string;
  /** Port to listen on; undefined if nobody can dial in. */
  readonly port: number | undefined;
  /** Whether it is switched on at the start. */
  readonly active: boolean;
  /** User agent of the node. */
  readonly userAgent: string;
  /** Leads to the other nodes. */
  readonly wire: FakeBitcoinWire;
  /** Time source. */
  readonly clock: Clock;
  /** Last block of the node's chain. */
  readonly tip: () => Block;
  /** Takes in another node's chain; true if it brought new blocks. */
  readonly learn: (tip: Block) => boolean;
  /** Takes a line of the log. */
  readonly log: (line: string) => void;
}

/** The p2p part of a node. */
export class P2p implements WireNode {
  readonly #options: P2pOptions;
  readonly #peers = new Map<number, Peer>();
  /** What came while the node was frozen. */
  readonly #inbox: [id: number, message: WireMessage][] = [];
  #nextId = 0;
  #isActive: boolean;
  #isFrozen = false;
  #isAnnouncing = false;

  /** Keeps what it needs; nobody can dial in before {@linkcode P2p.listen}. */
  constructor(options: P2pOptions) {
    this.#options = options;
    this.#isActive = options.active;
  }

  /** All connections, oldest first. */
  get peers(): readonly Peer[] {
    return [...this.#peers.values()];
  }

  /** Whether it is switched on. */
  get isActive(): boolean {
    return this.#isActive;
  }

  /** Lets others dial in; false if the address and port are taken. */
  listen(): boolean {
    const { wire } = this.#options;
    const service = this.#service;
    return service === undefined || wire.listen(service, this);
  }

  /** Ends all connections and takes no new ones. */
  close(): void {
    const service = this.#service;
    if (service !== undefined) this.#options.wire.unlisten(service, this);
    this.setActive(false);
  }

  /** Switches it on or off; off ends all connections. */
  setActive(active: boolean): void {
    this.#isActive = active;
    if (!active) { for (const peer of this.peers) this.disconnect(peer); }
  }

  /** Stops to react, as a process does that is sent SIGSTOP: connections stay up, and what comes in waits. */
  freeze(): void {
    this.#isFrozen = true;
  }

  /** Ends {@linkcode P2p.freeze}. */
  thaw(): void {
    this.#isFrozen = false;
    for (const [id, message] of this.#inbox.splice(0)) this.receive(id, message);
  }

  /**
   * Dials a node once.
   *
   * @param slot goes back when the connection ends
   * @returns the connection; undefined if there is none, or if it is there already
   */
  dial(name: string, slot?: Slot): Peer | undefined {
    const { wire, address } = this.#options;
    if (!this.#isActive || this.#isFrozen) return undefined;
    const service = wire.resolve(name);
    const isConnected = this.peers.some((peer) => peer.name === name || peer.service === service);
    const far = service === undefined ? undefined : wire.nodeAt(service);
    if (service === undefined || isConnected || !far) return undefined;
    const localService = serviceOf(address, wire.ephemeralPort());
    const id = this.#nextId++;
    const farId = far.accept(this, id, localService);
    if (farId === undefined) return undefined;
    const peer = this.#connect({
      id,
      far,
      farId,
      name,
      service,
      localService,
      inbound: false,
      ...(slot && { slot }),
    });
    this.#greet(peer);
    return peer;
  }

  /** Takes a connection. */
  accept(dialler: WireNode, id: number, from: string): number | undefined {
    const localService = this.#service;
    if (!this.#isActive || localService === undefined) return undefined;
    return this.#connect({
      id: this.#nextId++,
      far: dialler,
      farId: id,
      name: from,
      service: from,
      localService,
      inbound: true,
    }).id;
  }

  /** Ends a connection. */
  disconnect(peer: Peer): void {
    this.#forget(peer);
    peer.far.receive(peer.farId, { kind: "bye" });
  }

  /** The connection that an entry of the added list stands for. */
  linkTo(addedNode: string): Peer | undefined {
    const service = numericService(addedNode);
    return this.peers.find((peer) =>
      service === undefined ? peer.name === addedNode : peer.service === service
    );
  }

  /** Tells all peers of the node's chain, once the present work is done. */
  announce(): void {
    if (this.#isAnnouncing) return;
    this.#isAnnouncing = true;
    queueMicrotask(() => {
      this.#isAnnouncing = false;
      for (const peer of this.#peers.values()) this.#announceTo(peer);
    });
  }

  /** Takes a message. */
  receive(id: number, message: WireMessage): void {
    if (this.#isFrozen) {
      this.#inbox.push([id, message]);
      return;
    }
    const peer = this.#peers.get(id);
    if (!peer) return;
    if (message.kind === "bye") this.#forget(peer);
    else if (message.kind === "hello") this.#shakeHands(peer, message);
    else this.#learn(peer, message.tip);
  }

  get #service(): string | undefined {
    const { address, port } = this.#options;
    return port === undefined ? undefined : serviceOf(address, port);
  }

  #connect(connected: Omit<Connected, "since">): Peer {
    const { clock } = this.#options;
    const peer: Peer = {
      ...connected,
      since: Math.floor(clock.now() / 1000),
      hello: undefined,
      known: undefined,
      lastBlockTime: 0,
      greeted: new AbortController(),
      closed: new AbortController(),
    };
    this.#peers.set(peer.id, peer);
    clock.sleep(HANDSHAKE_MS, peer.greeted.signal).then(() => this.disconnect(peer), () => {});
    return peer;
  }

  #forget(peer: Peer): void {
    this.#peers.delete(peer.id);
    peer.greeted.abort();
    peer.closed.abort();
    peer.slot?.release();
  }

  #shakeHands(peer: Peer, hello: NonNullable<Peer["hello"]>): void {
    if (peer.far === this) {
      this.disconnect(peer);
      return;
    }
    peer.hello = hello;
    peer.greeted.abort();
    if (peer.inbound) this.#greet(peer);
    else {
      const about = `version: 70016, blocks=${hello.height}, peer=${peer.id}`;
      this.#options.log(`New manual v2 peer connected: ${about}`);
    }
    this.#announceTo(peer);
  }

  #greet(peer: Peer): void {
    const { userAgent, tip } = this.#options;
    this.#send(peer, { kind: "hello", userAgent, height: tip().height });
  }

  #announceTo(peer: Peer): void {
    const tip = this.#options.tip();
    if (!peer.hello || peer.known?.hash === tip.hash) return;
    peer.known = tip;
    this.#send(peer, { kind: "chain", tip });
  }

  #learn(peer: Peer, tip: Block): void {
    const { clock, learn } = this.#options;
    peer.known = tip;
    if (learn(tip)) peer.lastBlockTime = Math.floor(clock.now() / 1000);
  }

  #send({ far, farId, closed }: Peer, message: WireMessage): void {
    this.#options.wire.send(far, farId, message, closed.signal);
  }
}
