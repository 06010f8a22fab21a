/** What the contract is about: something that runs bitcoinds, real ones or fake ones. */

import type { RpcClient } from "../../../lib/rpc/mod.ts";

/** How a node is configured, besides what every node of a test has. */
export interface NodeOptions {
  /** Lines of bitcoin.conf above its sections. */
  readonly config?: readonly string[];
  /** Arguments. */
  readonly args?: readonly string[];
}

/** A program that has ended. */
export interface Ended {
  readonly exitCode: number;
  readonly output: string;
}

/** One node, until it is disposed of. */
export interface TestNode extends AsyncDisposable {
  /** Address of its RPC and its p2p part. */
  readonly ip: string;
  /** Address and port of its p2p part. */
  readonly p2p: string;
  /** Calls it. */
  readonly rpc: RpcClient;
  /** Runs bitcoin-cli beside it. */
  cli(...args: string[]): Promise<Ended>;
  /** SIGSTOP. */
  freeze(): void;
  /** SIGCONT. */
  thaw(): void;
  /** Waits for its end; returns its exit code. */
  ended(): Promise<number>;
  /** SIGTERM or SIGKILL; returns its exit code. */
  end(signal: "SIGTERM" | "SIGKILL"): Promise<number>;
  /** Starts it again, with the same data, after it has ended. */
  restart(): Promise<void>;
}

/** Runs nodes. */
export interface Subject {
  /** Whether it runs fake ones. */
  readonly isFake: boolean;
  /** Starts a node and waits until it answers. */
  start(options?: NodeOptions): Promise<TestNode>;
  /** Runs bitcoind with a bitcoin.conf of this text (none if undefined), which is expected to end it at once. */
  refuse(conf: string | undefined, ...args: string[]): Promise<Ended>;
}
