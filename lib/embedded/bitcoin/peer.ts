/** One end of a connection, as the node at this end sees it. */

import type { Block } from "./block.ts";
import type { Slot } from "./slots.ts";
import type { WireNode } from "./wire.ts";

/** What is known of a connection when it is made. */
export interface Connected {
  /** Number of the connection at this node. */
  readonly id: number;
  /** The other node. */
  readonly far: WireNode;
  /** Number of the connection at the other node. */
  readonly farId: number;
  /** What the other node is called here: the name that was dialled, or the address it dials from. */
  readonly name: string;
  /** Address and port at the other end. */
  readonly service: string;
  /** Address and port at this end. */
  readonly localService: string;
  /** Whether the other node dialled. */
  readonly inbound: boolean;
  /** When the connection was made, in seconds since 1970. */
  readonly since: number;
  /** The place it takes among the connections to added nodes. */
  readonly slot?: Slot;
}

/** A peer of a node. */
export interface Peer extends Connected {
  /** What the other node said of itself; undefined until the handshake is done. */
  hello: { readonly userAgent: string; readonly height: number } | undefined;
  /** Last block that the other node is known to have. */
  known: Block | undefined;
  /** When the other node last brought a new block, in seconds since 1970; 0 if never. */
  lastBlockTime: number;
  /** Aborted when the handshake is done, or never will be. */
  readonly greeted: AbortController;
  /** Aborted when the connection is over. */
  readonly closed: AbortController;
}
