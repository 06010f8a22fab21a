/** What the methods of the RPC see of their node, and may do to it. */

import type { Clock } from "../../time/mod.ts";
import type { AddedNodes } from "./added_nodes.ts";
import type { Block } from "./block.ts";
import type { Chain } from "./chain.ts";
import type { P2p } from "./p2p.ts";
import type { BitcoindSettings } from "./settings.ts";

/** One node. */
export interface NodeState {
  /** What it was told to be. */
  readonly settings: BitcoindSettings;
  /** Its blocks. */
  readonly chain: Chain;
  /** Its connections. */
  readonly p2p: P2p;
  /** Whom it dials again and again. */
  readonly added: AddedNodes;
  /** Time source. */
  readonly clock: Clock;
  /** When it was started, in ms of the clock's {@linkcode Clock.monotonic}. */
  readonly startedAtMs: number;
  /** Whether it is still catching up. */
  readonly isInitialBlockDownload: boolean;
  /** Mines blocks and returns them. */
  mine(count: number): readonly Block[];
  /** Ends the node in peace, as SIGTERM does. */
  terminate(): void;
}
