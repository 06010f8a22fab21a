/** Fake bitcoinds, in containers such as the kubelet makes. */

import { FakeBitcoinRuntime } from "../../../lib/embedded/bitcoin/mod.ts";
import type { ContainerConfig, RunningContainer } from "../../../lib/embedded/kubelet/runtime.ts";
import { RpcClient, RpcError, RpcTransportError, rpcUrl } from "../../../lib/rpc/mod.ts";
import { type Clock, systemClock } from "../../../lib/time/mod.ts";
import { freeAddress } from "../../support/bitcoind.ts";
import { eventually } from "../../support/eventually.ts";
import type { Ended, NodeOptions, Subject, TestNode } from "./_subject.ts";

/** Time for the fakes' waits, at 20 times the speed: their patience is not what the contract is about. */
const fastClock: Clock = {
  ...systemClock,
  sleep: (ms, signal) => systemClock.sleep(ms / 20, signal),
};

const never = new AbortController().signal;

/** Fake bitcoinds that can reach each other. */
export class FakeSubject implements Subject {
  readonly isFake = true;
  readonly #runtime = new FakeBitcoinRuntime({ clock: fastClock });

  async start({ config = [], args = [] }: NodeOptions = {}): Promise<TestNode> {
    const conf = [
      "regtest=1",
      "datadir=/data",
      "rpcuser=user",
      "rpcpassword=password",
      "rpcallowip=0.0.0.0/0",
      "maxtipage=1000000000",
      ...config,
      "[regtest]",
      "bind=0.0.0.0",
      "rpcbind=0.0.0.0",
    ].join("\n");
    const container = await containerOf(conf, ["bitcoind", "-conf=/bitcoin.conf", ...args]);
    const node = new FakeTestNode(this.#runtime, container);
    await node.restart();
    return node;
  }

  async refuse(conf: string | undefined, ...args: string[]): Promise<Ended> {
    const lines: string[] = [];
    const log = (line: string): void => void lines.push(line);
    const container = { ...await containerOf(conf, ["bitcoind", ...args]), log };
    const { exitCode } = await (await this.#runtime.start(container, never)).exited;
    await Deno.remove(container.hostDir, { recursive: true });
    return { exitCode, output: `${lines.join("\n")}\n` };
  }
}

async function containerOf(
  conf: string | undefined,
  command: readonly string[],
): Promise<ContainerConfig> {
  const hostDir = await Deno.makeTempDir({ prefix: "fake-bitcoind-" });
  await Deno.mkdir(`${hostDir}/data`);
  if (conf !== undefined) await Deno.writeTextFile(`${hostDir}/bitcoin.conf`, conf);
  return {
    pod: { namespace: "default", name: "net-0", uid: "1" },
    name: "bitcoind",
    image: "bitcoin/bitcoin:30.0",
    command,
    env: {},
    ip: freeAddress(),
    hostDir,
    mounts: [
      { containerPath: "/data", hostPath: `${hostDir}/data` },
      { containerPath: "/bitcoin.conf", hostPath: `${hostDir}/bitcoin.conf` },
    ],
    log: () => {},
  };
}

class FakeTestNode implements TestNode {
  readonly #runtime: FakeBitcoinRuntime;
  readonly #container: ContainerConfig;
  #running: RunningContainer | undefined;

  constructor(runtime: FakeBitcoinRuntime, container: ContainerConfig) {
    this.#runtime = runtime;
    this.#container = container;
  }

  get ip(): string {
    return this.#container.ip;
  }

  get p2p(): string {
    return `${this.ip}:18444`;
  }

  get rpc(): RpcClient {
    const url = rpcUrl(this.ip, 18443);
    return new RpcClient({ url, username: "user", password: "password" });
  }

  async cli(...args: string[]): Promise<Ended> {
    const command = ["bitcoin-cli", "-conf=/bitcoin.conf", ...args];
    return await this.#process.exec(command, never);
  }

  freeze(): void {
    this.#runtime.nodeAt(this.ip)?.freeze();
  }

  thaw(): void {
    this.#runtime.nodeAt(this.ip)?.thaw();
  }

  async ended(): Promise<number> {
    return (await this.#process.exited).exitCode;
  }

  end(signal: "SIGTERM" | "SIGKILL"): Promise<number> {
    this.#process.kill(signal);
    return this.ended();
  }

  async restart(): Promise<void> {
    this.#running = await this.#runtime.start(this.#container, never);
    await eventually(async () => {
      try {
        return Boolean(await this.rpc.getNetworkInfo());
      } catch (error) {
        // A connection that was kept open ends with the process before.
        if (error instanceof RpcTransportError) return false;
        if (error instanceof RpcError && error.isWarmingUp) return false;
        throw error;
      }
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end("SIGKILL");
    await Deno.remove(this.#container.hostDir, { recursive: true });
  }

  get #process(): RunningContainer {
    if (!this.#running) throw new Error("The node was never started");
    return this.#running;
  }
}
