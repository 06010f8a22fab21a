/** A real bitcoind on regtest, on a loopback address of its own. */

import { RpcClient, RpcError, rpcUrl } from "../../lib/rpc/mod.ts";
import { eventually } from "./eventually.ts";

/** Port of the RPC, as a pod has it. */
const RPC_PORT = 18443;
/** Port of the p2p part, as a pod has it. */
const P2P_PORT = 18444;
/** How long a node may take to start, in ms. */
const PATIENCE_MS = 20_000;

/** How to start it. */
export interface BitcoindOptions {
  /** Path of the program. */
  readonly program: string;
  /** Further lines of bitcoin.conf, in front of its sections. */
  readonly config?: readonly string[];
  /** Further arguments. */
  readonly args?: readonly string[];
  /** The whole of bitcoin.conf instead; it lets in `user` with `password`. */
  readonly file?: (ip: string, folder: string) => string;
}

/** A running node with a data folder of its own, which goes when it is disposed of. */
export class RealBitcoind implements AsyncDisposable {
  /** Where it listens. */
  readonly ip: string;
  /** Its data folder, with `bitcoin.conf` in it. */
  readonly folder: string;
  /** User of its RPC. */
  readonly username = "user";
  /** Password of that user. */
  readonly password = "password";
  readonly #options: BitcoindOptions;
  #process: Deno.ChildProcess;

  /** Use {@linkcode startBitcoind}. */
  constructor(ip: string, folder: string, options: BitcoindOptions) {
    this.ip = ip;
    this.folder = folder;
    this.#options = options;
    this.#process = this.#spawn();
  }

  /** Host and port of its p2p part. */
  get p2p(): string {
    return `${this.ip}:${P2P_PORT}`;
  }

  /** A client of its RPC. */
  get rpc(): RpcClient {
    const { username, password } = this;
    return new RpcClient({ url: rpcUrl(this.ip, RPC_PORT), username, password, timeoutMs: 15_000 });
  }

  /** Waits until the RPC answers. */
  async ready(): Promise<void> {
    let exit: Deno.CommandStatus | undefined;
    this.#process.status.then((status) => exit = status);
    await eventually(async () => {
      if (exit) throw new Error(`bitcoind ended with ${exit.code} before it was ready`);
      try {
        return Boolean(await this.rpc.getNetworkInfo());
      } catch (error) {
        if (error instanceof RpcError && !error.isWarmingUp) throw error;
        return false;
      }
    }, { what: "bitcoind to start", timeoutMs: PATIENCE_MS });
  }

  /** Sends it a signal, such as SIGSTOP. */
  signal(signal: Deno.Signal): void {
    this.#process.kill(signal);
  }

  /** Waits for its end; returns its exit code. */
  async ended(): Promise<number> {
    return (await this.#process.status).code;
  }

  /** Starts it once more, after it has ended, with the same data. */
  async start(): Promise<void> {
    this.#process = this.#spawn();
    await this.ready();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#kill();
    await this.ended();
    await Deno.remove(this.folder, { recursive: true });
  }

  #kill(): void {
    try {
      this.signal("SIGKILL");
    } catch (error) {
      if (!(error instanceof TypeError)) throw error; // It has ended already.
    }
  }

  #spawn(): Deno.ChildProcess {
    return new Deno.Command(this.#options.program, {
      args: [`-conf=${this.folder}/bitcoin.conf`, ...this.#options.args ?? []],
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).spawn();
  }
}

/** Starts a node and waits until it answers. */
export async function startBitcoind(options: BitcoindOptions): Promise<RealBitcoind> {
  const folder = await Deno.makeTempDir({ prefix: "bitcoind-" });
  const ip = freeAddress();
  const text = options.file?.(ip, folder) ?? configuration(ip, folder, options);
  await Deno.writeTextFile(`${folder}/bitcoin.conf`, text);
  const node = new RealBitcoind(ip, folder, options);
  try {
    await node.ready();
  } catch (error) {
    await node[Symbol.asyncDispose]();
    throw error;
  }
  return node;
}

function configuration(ip: string, folder: string, { config = [] }: BitcoindOptions): string {
  return [
    "regtest=1",
    "server=1",
    `datadir=${folder}`,
    "nodebuglogfile=1",
    "rpcuser=user",
    "rpcpassword=password",
    "rpcallowip=0.0.0.0/0",
    "listenonion=0",
    "dnsseed=0",
    "fixedseeds=0",
    "discover=0",
    "natpmp=0",
    "maxtipage=1000000000",
    "dbcache=4",
    "par=1",
    ...config,
    "[regtest]",
    `bind=${ip}`,
    `port=${P2P_PORT}`,
    `rpcbind=${ip}`,
    `rpcport=${RPC_PORT}`,
    "",
  ].join("\n");
}

/** An address of 127.0.0.0/8, which is all local on Linux, on which both ports are free. */
export function freeAddress(): string {
  for (;;) {
    const [b, c, d] = crypto.getRandomValues(new Uint8Array(3));
    // The embedded cluster has 127.10 to 127.250.
    const ip = `127.${251 + (b ?? 0) % 5}.${c}.${1 + (d ?? 0) % 254}`;
    if ([RPC_PORT, P2P_PORT].every((port) => isFree(ip, port))) return ip;
  }
}

function isFree(hostname: string, port: number): boolean {
  try {
    Deno.listen({ hostname, port }).close();
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.AddrInUse) return false;
    throw error;
  }
}
