/** A bitcoind in this process: real RPC over HTTP, simplified blocks, connections to others of its kind. */

import { RPC_IN_WARMUP } from "../../rpc/mod.ts";
import { type Clock, isAbort } from "../../time/mod.ts";
import { dialAddedNodes } from "./added_node_dialler.ts";
import { AddedNodes } from "./added_nodes.ts";
import { type Block, mineBlock } from "./block.ts";
import { Chain } from "./chain.ts";
import { ChainFile } from "./chain_file.ts";
import { logLine, tipText } from "./node_log.ts";
import type { NodeState } from "./node_state.ts";
import { P2p } from "./p2p.ts";
import { RpcFailure } from "./rpc/failure.ts";
import { callMethod } from "./rpc/methods.ts";
import { type RpcServer, serveRpc } from "./rpc/server.ts";
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
export const KILLED = 137;

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
  readonly #ended = new AbortController();
  readonly #killed = new AbortController();
  /** Unresolved while it is frozen, and for ever if it is killed meanwhile. */
  #thawed: PromiseWithResolvers<void> | undefined;
  #isAskedToEnd = false;
  #isWarmingUp = true;
  #isCatchingUp = true;
  #startedAtMs = 0;

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

  /** Whether its tip has been too old ever since it was started. */
  get isInitialBlockDownload(): boolean {
    const ageSeconds = this.clock.now() / 1000 - this.chain.tip.time;
    if (ageSeconds <= this.settings.maxTipAgeSeconds) this.#isCatchingUp = false;
    return this.#isCatchingUp;
  }

  /** Runs the node to its end; returns the exit code of its process. Call it once. */
  async run(): Promise<number> {
    const { signal } = this.#ended;
    let server: RpcServer | undefined;
    let exitCode = 0;
    try {
      this.#startedAtMs = this.clock.monotonic();
      this.#log(`Bitcoin Core version v${VERSION.text} (fake)`);
      server = this.#serve();
      await this.#warmUp(signal);
      await dialAddedNodes(this.added, this.p2p, this.clock, signal);
    } catch (error) {
      if (!isAbort(error, signal)) exitCode = this.#fail(error);
    }
    return await this.#shutDown(server, exitCode);
  }

  /**
   * Carries out one call, as the RPC does.
   *
   * @throws {RpcFailure} if it is refused
   */
  async call(method: string, params: unknown): Promise<unknown> {
    await this.#thawed?.promise;
    if (this.#isWarmingUp) throw new RpcFailure(RPC_IN_WARMUP, "Loading block index…");
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

  /** Ends the node in peace, as SIGTERM does: once it is thawed, if it is frozen. */
  terminate(): void {
    this.#isAskedToEnd = true;
    if (!this.#thawed) this.#ended.abort();
  }

  /** Ends the node at once, as SIGKILL does. */
  kill(): void {
    this.#killed.abort();
    this.#ended.abort();
  }

  /** Stops it from reacting, as SIGSTOP does: nothing is answered, and connections stay up as far as others can tell. */
  freeze(): void {
    this.#thawed ??= Promise.withResolvers();
    this.p2p.freeze();
  }

  /** Ends {@linkcode FakeBitcoind.freeze}, as SIGCONT does. */
  thaw(): void {
    this.#thawed?.resolve();
    this.#thawed = undefined;
    this.p2p.thaw();
    if (this.#isAskedToEnd) this.#ended.abort();
  }

  #serve(): RpcServer | undefined {
    const { settings: { rpc }, address, clock } = this.#options;
    if (rpc.port === undefined) return undefined;
    this.#log(`Binding RPC on address ${address} port ${rpc.port}`);
    try {
      return serveRpc({
        hostname: address,
        port: rpc.port,
        users: rpc,
        execute: (method, params) => this.call(method, params),
        gate: async () => await this.#thawed?.promise,
        clock,
        killed: this.#killed.signal,
      });
    } catch (cause) {
      throw new StartupError("Unable to start HTTP server. See debug log for details.", { cause });
    }
  }

  async #warmUp(signal: AbortSignal): Promise<void> {
    const { clock, warmUpMs, settings: { p2pPort }, address } = this.#options;
    this.#log("init message: Loading block index…");
    for (const block of await this.#file.load()) this.chain.add(block);
    await clock.sleep(warmUpMs, signal);
    this.#log(tipText(this.chain.tip));
    if (!this.p2p.listen()) {
      throw new StartupError(
        `Unable to bind to ${address}:${p2pPort} on this computer. Bitcoin Core is probably already running.`,
      );
    }
    if (p2pPort !== undefined) this.#log(`Bound to ${address}:${p2pPort}`);
    this.#isWarmingUp = false;
    this.#log("init message: Done loading");
  }

  #fail(error: unknown): number {
    this.#log(`Error: ${error instanceof Error ? error.message : String(error)}`);
    return FAILED;
  }

  async #shutDown(server: RpcServer | undefined, exitCode: number): Promise<number> {
    this.p2p.close();
    if (!this.#killed.signal.aborted) this.#log("Shutdown: In progress...");
    await server?.close();
    let code = exitCode;
    try {
      await this.#file.close();
    } catch (error) {
      code = this.#fail(error);
    }
    if (this.#killed.signal.aborted) return KILLED;
    this.#log("Shutdown: done");
    return code;
  }

  /** Takes in a chain; true if the node's own has become another one. */
  #learn(tip: Block): boolean {
    const blocks = this.chain.add(tip);
    if (blocks.length === 0) return false;
    for (const block of blocks) this.#log(tipText(block));
    this.#file.append(blocks);
    this.p2p.announce();
    return true;
  }

  #log(text: string): void {
    this.#options.log(logLine(this.clock.now(), text));
  }
}
