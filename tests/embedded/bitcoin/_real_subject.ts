/** Real bitcoinds, as processes of this machine. */

import type { RpcClient } from "../../../lib/rpc/mod.ts";
import { type RealBitcoind, startBitcoind } from "../../support/bitcoind.ts";
import type { Ended, NodeOptions, Subject, TestNode } from "./_subject.ts";

/** Real bitcoinds. */
export class RealSubject implements Subject {
  readonly isFake = false;
  readonly #bitcoind: string;
  readonly #cli: string;

  constructor(bitcoind: string, cli: string) {
    this.#bitcoind = bitcoind;
    this.#cli = cli;
  }

  async start(options: NodeOptions = {}): Promise<TestNode> {
    const node = await startBitcoind({ program: this.#bitcoind, ...options });
    return new RealTestNode(node, this.#cli);
  }

  async refuse(conf: string | undefined, ...args: string[]): Promise<Ended> {
    const folder = await Deno.makeTempDir({ prefix: "bitcoind-" });
    // As in a container: these are the paths that the case speaks of.
    const here = (text: string): string =>
      text.replaceAll("/bitcoin.conf", `${folder}/bitcoin.conf`).replaceAll(/\/data\b/g, folder);
    if (conf !== undefined) await Deno.writeTextFile(`${folder}/bitcoin.conf`, here(conf));
    const { exitCode, output } = await run(this.#bitcoind, args.map(here));
    await Deno.remove(folder, { recursive: true });
    return { exitCode, output: output.replaceAll(folder, "") };
  }
}

class RealTestNode implements TestNode {
  readonly #node: RealBitcoind;
  readonly #cli: string;

  constructor(node: RealBitcoind, cli: string) {
    this.#node = node;
    this.#cli = cli;
  }

  get ip(): string {
    return this.#node.ip;
  }

  get p2p(): string {
    return this.#node.p2p;
  }

  get rpc(): RpcClient {
    return this.#node.rpc;
  }

  cli(...args: string[]): Promise<Ended> {
    const own = [`-conf=${this.#node.folder}/bitcoin.conf`, `-rpcconnect=${this.ip}`];
    return run(this.#cli, [...own, ...args]);
  }

  freeze(): void {
    this.#node.signal("SIGSTOP");
  }

  thaw(): void {
    this.#node.signal("SIGCONT");
  }

  ended(): Promise<number> {
    return this.#node.ended();
  }

  end(signal: "SIGTERM" | "SIGKILL"): Promise<number> {
    this.#node.signal(signal);
    return this.ended();
  }

  restart(): Promise<void> {
    return this.#node.start();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#node[Symbol.asyncDispose]();
  }
}

async function run(program: string, args: readonly string[]): Promise<Ended> {
  const { code, stdout, stderr } = await new Deno.Command(program, { args: [...args] }).output();
  const decoder = new TextDecoder();
  return { exitCode: code, output: decoder.decode(stdout) + decoder.decode(stderr) };
}
