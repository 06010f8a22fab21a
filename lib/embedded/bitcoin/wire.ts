/** The network between fake nodes: who listens where, and what names mean. It is all in this process. */

import { type Clock, isAbort } from "../../time/mod.ts";
import { parseNodeName, serviceOf } from "./addresses.ts";
import type { Block } from "./block.ts";

/** What nodes tell each other. */
export type WireMessage =
  /** Who I am: the first message of either side. */
  | { readonly kind: "hello"; readonly userAgent: string; readonly height: number }
  /** The chain that I hold for the best. */
  | { readonly kind: "chain"; readonly tip: Block }
  /** The connection is over. */
  | { readonly kind: "bye" };

/** A node, as others reach it. */
export interface WireNode {
  /**
   * Takes a connection of `dialler`, which comes from the address and port `from` and has the number `id` there.
   *
   * @returns the number of the connection here; undefined if it is refused
   */
  accept(dialler: WireNode, id: number, from: string): number | undefined;
  /** Takes a message that came over the connection with this number. */
  receive(id: number, message: WireMessage): void;
}

/** How long a message takes, in ms. */
const LATENCY_MS = 1;
/** The ports that systems give to the dialling side (Linux, `ip_local_port_range`). */
const FIRST_EPHEMERAL_PORT = 32_768;
const EPHEMERAL_PORTS = 28_232;

/** Connects the nodes that were given the same wire. */
export class FakeBitcoinWire {
  /** What DNS would say: the addresses of host names. */
  readonly hosts = new Map<string, string>();
  readonly #clock: Clock;
  readonly #listeners = new Map<string, WireNode>();
  #dials = 0;

  /** Keeps the clock on which messages travel. */
  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Lets a node be reached at an address and port; false if another one is there. */
  listen(service: string, node: WireNode): boolean {
    if (this.#listeners.has(service)) return false;
    this.#listeners.set(service, node);
    return true;
  }

  /** Ends {@linkcode FakeBitcoinWire.listen}. */
  unlisten(service: string, node: WireNode): void {
    if (this.#listeners.get(service) === node) this.#listeners.delete(service);
  }

  /** Who listens at an address and port. */
  nodeAt(service: string): WireNode | undefined {
    return this.#listeners.get(service);
  }

  /** The address and port that a name stands for; undefined if nobody knows the host. */
  resolve(name: string): string | undefined {
    const { host, port, isAddress } = parseNodeName(name);
    const address = isAddress ? host : this.hosts.get(host);
    return address === undefined ? undefined : serviceOf(address, port);
  }

  /** A port for the dialling side of a connection. */
  ephemeralPort(): number {
    return FIRST_EPHEMERAL_PORT + this.#dials++ % EPHEMERAL_PORTS;
  }

  /** Brings a message to a node's connection, unless the signal is aborted before it has arrived. */
  send(to: WireNode, id: number, message: WireMessage, signal: AbortSignal): void {
    this.#clock.sleep(LATENCY_MS, signal).then(
      () => to.receive(id, message),
      (error) => {
        if (!isAbort(error, signal)) throw error;
      },
    );
  }
}
