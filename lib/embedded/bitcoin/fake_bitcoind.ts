/** A bitcoind in this process: real RPC over HTTP, simplified blocks, connections to others of its kind. */

import { RPC_IN_WARMUP } from "../../rpc/mod.ts";
import { type Clock, isAbort } from "../../time/mod.ts";
import { dialAddedNodes } from "./added_node_dialler.ts";
import { AddedNodes } from "./added_nodes.ts";
import { type Block, mineBlock } from "./block.ts";
import { Chain } from "./chain.ts";
import { ChainFile } from "./chain_file.ts";
import type { NodeState } from "./node_state.ts";
import { logLine, tipLine } from "./node_log.ts";
import { P2p } from "./p2p.ts";
import { RpcFailure } from "./rpc/failure.ts";
import { callMethod } from "./rpc/methods.ts";
import { serveRpc } from "./rpc/server.ts";
import { type BitcoindSettings, VERSION } from "./settings.ts";
import { StartupError } from "./startup_error.ts";
import type { FakeBitcoinWire } from "./wire.ts";

/** What a {@linkcode FakeBitcoind} is made of. */
export interface FakeBitcoindOptions {
  /** What it was told to be. */
  readonly settings: BitcoindSettings;
  /** Address of its RPC and its p2p part. */
  readonly address: string;
  /** Folder on this machine for its blocks. */
  readonly dataFolder: string;
  /** Leads to the other nodes. */
  readonly wire: FakeBitcoinWire;
  /** Takes a line of its log. */
  readonly log: (line: string) => void;
  /** Time source. */
  readonly clock: Clock;
  /** How long it answers after its start that it is not ready, in ms. */
  readonly warmUpMs: number;
  /** Random number from 0 up to 1. */
  readonly random: () => number;
}

/** Exit code of a process that could not start. */
const FAILED = 1;
/** Exit code of a process that SIGKILL has ended: 128 and the signal's number. */
const KILLED = 137;

/** One run of a node, from its start to its end. */
export class FakeBitcoind implements NodeState {
  /** Its blocks. */
  readonly chain: Chain = new Chain();
  /** Its connections. */
  readonly p2p: P2p;
  /** Whom it dials again and again. */
  readonly added: AddedNodes;
  readonly #options: FakeBitcoindOptions;
  readonly #file: ChainFile;
  /** Aborted when it is to end in peace, or has been killed. */
  readonly #end = new AbortController();
  #isKilled = false;
  #startedAtMs = 0;
  /** What it is doing while it is not ready yet. */
  #warmUp: string | undefined = "Loading block index…";
  #isCatchingUp = true;
  /** There while it is frozen. */
  #thawed: PromiseWithResolvers<void> | undefined;
  #isAskedToEnd = false;

  /** Keeps what it needs; {@linkcode FakeBitcoind.run} starts it. */
  constructor(options: FakeBitcoindOptions) {
    const { settings, address, dataFolder, wire, clock } = options;
    this.#options = options;
    this.#file = new ChainFile(dataFolder);
    this.added = new AddedNodes(settings.addNodes);
    this.p2p = new P2p({
      address,
      port: settings.p2pPort,
      active: settings.networkActive,
      userAgent: settings.userAgent,
      wire,
      clock,
      tip: () => this.chain.tip,
      learn: (tip) => this.#learn(tip),
      log: (text) => this.#log(text),
    });
  }

  /** What it was told to be. */
  get settings(): BitcoindSettings {
    return this.#options.settings;
  }

  /** Time source. */
  get clock(): Clock {
    return this.#options.clock;
  }

  /** When it was started, in ms of the clock's monotonic time. */
  get startedAtMs(): number {
    return this.#startedAtMs;
  }

  /** Whether its tip has been too old since it was started. */
  get isInitialBlockDownload(): boolean {
    const ageSeconds = this.clock.now() / 1000 - this.chain.tip.time;
    if (ageSeconds <= this.settings.maxTipAgeSeconds) this.#isCatchingUp = false;
    return this.#isCatchingUp;
  }

  /** Runs the node to its end; returns the exit code of its process. Call it once. */
  async run(): Promise<number> {
    const { signal } = this.#end;
    const works: Promise<unknown>[] = [];
    try {
      this.#startedAtMs = this.clock.monotonic();
      this.#log(`Bitcoin Core version v${VERSION.text} (fake)`);
      works.push(this.#serve(signal));
      await this.#load(signal);
      works.push(dialAddedNodes(this.added, this.p2p, this.clock, signal));
      this.#warmUp = undefined;
      this.#log("init message: Done loading");
      await Promise.all(works);
    } catch (error) {
      if (!isAbort(error, signal)) return await this.#fail(error, works);
    }
    return await this.#finish(works);
  }

  /**
   * Carries out one call, as the RPC does.
   *
   * @throws {RpcFailure} if it is refused
   */
  async call(method: string, params: unknown): Promise<unknown> {
    await this.#gate();
    if (this.#warmUp !== undefined) throw new RpcFailure(RPC_IN_WARMUP, this.#warmUp);
    return callMethod(this, method, params);
  }

  /** Mines blocks and returns them. */
  mine(count: number): readonly Block[] {
    const { clock, random } = this.#options;
    const blocks: Block[] = [];
    for (let mined = 0; mined < count; mined++) {
      const nonce = Math.floor(random() * 2 ** 32);
      const block = mineBlock(this.chain.tip, Math.floor(clock.now() / 1000), nonce);
      this.#learn(block);
      blocks.push(block);
    }
    return blocks;
  }
}
