import assert from "node:assert/strict";
import { FakeBitcoinRuntime } from "../../../lib/embedded/bitcoin/mod.ts";
import {
  type ContainerConfig,
  ContainerStartError,
  type RunningContainer,
} from "../../../lib/embedded/kubelet/runtime.ts";
import { RpcClient, rpcUrl } from "../../../lib/rpc/mod.ts";
import { freeAddress } from "../../support/bitcoind.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { eventually } from "../../support/eventually.ts";
import { type ContainerFolder, containerFolder } from "./_container.ts";

const never = new AbortController().signal;

const CONF = `regtest=1
datadir=/data
rpcuser=u
rpcpassword=p
rpcallowip=0.0.0.0/0
[regtest]
bind=0.0.0.0
rpcbind=0.0.0.0
`;

/** A runtime without warm-up, and one container. */
class Stage implements AsyncDisposable {
  readonly clock = new FakeClock();
  readonly runtime: FakeBitcoinRuntime;
  readonly #folder: ContainerFolder;
  readonly #started: RunningContainer[] = [];

  constructor(folder: ContainerFolder, warmUpMs: number) {
    this.#folder = folder;
    this.runtime = new FakeBitcoinRuntime({ clock: this.clock, warmUpMs });
  }

  get config(): ContainerConfig {
    return this.#folder.config;
  }

  /** The log, without its times. */
  get log(): string[] {
    return this.#folder.lines.map((line) => line.replace(/^\S+Z /, ""));
  }

  async start(changes: Partial<ContainerConfig> = {}): Promise<RunningContainer> {
    const container = await this.runtime.start({ ...this.config, ...changes }, never);
    this.#started.push(container);
    return container;
  }

  /** Runs bitcoin-cli until the node is past its start, which waits for files and so for no clock. */
  async ready(container: RunningContainer): Promise<void> {
    await eventually(async () => {
      await this.clock.advance(0);
      return (await cli(container, "uptime")).exitCode === 0;
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const container of this.#started) container.kill("SIGKILL");
    await Promise.all(this.#started.map(({ exited }) => exited));
    await this.#folder[Symbol.asyncDispose]();
  }
}

async function stage(conf = CONF, warmUpMs = 0): Promise<Stage> {
  return new Stage(await containerFolder(conf, { ip: freeAddress() }), warmUpMs);
}

function cli(
  container: RunningContainer,
  ...args: string[]
): Promise<{ exitCode: number; output: string }> {
  return container.exec(["bitcoin-cli", "-regtest", "-conf=/bitcoin.conf", ...args], never);
}

Deno.test("FakeBitcoinRuntime.start() runs bitcoind, whose log tells what it does", async () => {
  await using world = await stage();
  const container = await world.start();
  assert.match(container.id, /^fake-bitcoin:\/\/\d+$/);
  await world.ready(container);
  container.kill("SIGTERM");
  assert.deepEqual(await container.exited, { exitCode: 0 });
  const { ip } = world.config;
  assert.deepEqual(world.log.map((line) => line.replace(/^(UpdateTip): .*/, "$1")), [
    "Bitcoin Core version v30.0.0 (fake)",
    `Binding RPC on address ${ip} port 18443`,
    "init message: Loading block index…",
    "UpdateTip",
    `Bound to ${ip}:18444`,
    "init message: Done loading",
    "Shutdown: In progress...",
    "Shutdown: done",
  ]);
  container.kill("SIGKILL");
});

Deno.test("FakeBitcoinRuntime.start() answers -28 until the node has warmed up", async () => {
  await using world = await stage(CONF, 500);
  const container = await world.start();
  const url = rpcUrl(world.config.ip, 18443);
  const client = new RpcClient({ url, username: "u", password: "p" });
  await assert.rejects(client.getNetworkInfo(), { isWarmingUp: true });
  assert.deepEqual(await cli(container, "getnetworkinfo"), {
    exitCode: 28,
    output: "error code: -28\nerror message:\nLoading block index…\n",
  });
  await eventually(() => world.clock.sleeping > 0);
  await world.clock.advance(500);
  assert.equal((await client.getNetworkInfo()).version, 300_000);
});

Deno.test("FakeBitcoinRuntime.start() keeps the blocks of a container that is started again", async () => {
  await using world = await stage();
  const first = await world.start();
  await world.ready(first);
  await cli(first, "generatetodescriptor", "3", "raw(51)");
  const { output: tip } = await cli(first, "getbestblockhash");
  first.kill("SIGTERM");
  await first.exited;
  const second = await world.start();
  await world.ready(second);
  assert.deepEqual(await cli(second, "getbestblockhash"), { exitCode: 0, output: tip });
  assert.notEqual(first.id, second.id);
});

Deno.test("FakeBitcoinRuntime.start() ends a node at once with SIGKILL, its commands with it", async () => {
  await using world = await stage();
  const container = await world.start();
  await world.ready(container);
  world.runtime.nodeAt(world.config.ip)?.freeze();
  const hung = cli(container, "uptime");
  container.kill("SIGTERM");
  container.kill("SIGKILL");
  assert.deepEqual(await container.exited, { exitCode: 137 });
  assert.deepEqual(await hung, { exitCode: 137, output: "" });
  assert.equal(world.runtime.nodeAt(world.config.ip), undefined);
});

Deno.test("FakeBitcoinRuntime.start() ends a frozen node in peace once it is thawed", async () => {
  await using world = await stage();
  const container = await world.start();
  await world.ready(container);
  const node = world.runtime.nodeAt(world.config.ip);
  node?.freeze();
  container.kill("SIGTERM");
  await world.clock.advance(60_000);
  assert.notEqual(world.log.at(-1), "Shutdown: done");
  node?.thaw();
  assert.deepEqual(await container.exited, { exitCode: 0 });
});

Deno.test("FakeBitcoinRuntime.start() ends a node that is still warming up", async () => {
  await using world = await stage(CONF, 1_000_000);
  const container = await world.start();
  container.kill("SIGTERM");
  assert.deepEqual(await container.exited, { exitCode: 0 });
});

Deno.test("FakeBitcoinRuntime.start() lets a node fail whose address is taken", async () => {
  await using world = await stage();
  using _taken = Deno.listen({ hostname: world.config.ip, port: 18443 });
  const container = await world.start();
  assert.deepEqual(await container.exited, { exitCode: 1 });
  assert.ok(
    world.log.includes("Error: Unable to start HTTP server. See debug log for details."),
  );
});

Deno.test("FakeBitcoinRuntime.start() lets a node fail whose options are wrong, and logs why", async () => {
  await using world = await stage("regtest=1\nrpcport=1\nport=2");
  const container = await world.start();
  assert.deepEqual(await container.exited, { exitCode: 1 });
  assert.deepEqual(world.log, [
    "Error: Config setting for -port only applied on regtest network when in [regtest] section.",
    "Config setting for -rpcport only applied on regtest network when in [regtest] section.",
    "",
  ]);
  await assert.rejects(cli(container, "uptime"), ContainerStartError);
});

Deno.test("FakeBitcoinRuntime.start() lets nobody call from outside where bitcoin.conf does not", async () => {
  await using world = await stage("regtest=1\ndatadir=/data\n[regtest]\nrpcbind=0.0.0.0");
  const container = await world.start();
  await world.ready(container);
  await assert.rejects(fetch(rpcUrl(world.config.ip, 18443)), TypeError);
});

Deno.test("FakeBitcoinRuntime.start() runs nothing but bitcoind", async () => {
  await using world = await stage();
  for (const command of [["sh", "-c", "true"], []]) {
    await assert.rejects(world.start({ command }), (error) => {
      assert.ok(error instanceof ContainerStartError);
      assert.equal(error.reason, "RunContainerError");
      return /only bitcoind can run here/.test(error.message);
    });
  }
  const container = await world.start({ command: ["/usr/bin/bitcoind", "-conf=/bitcoin.conf"] });
  await assert.rejects(container.exec(["sh"], never), /only bitcoin-cli can run here/);
});

Deno.test("FakeBitcoinRuntime.start() throws the reason of its signal", async () => {
  await using world = await stage();
  const reason = new Error("stop");
  await assert.rejects(world.runtime.start(world.config, AbortSignal.abort(reason)), reason);
});

Deno.test("RunningContainer.exec() throws the reason of its signal while the node does not answer", async () => {
  await using world = await stage();
  const container = await world.start();
  await world.ready(container);
  world.runtime.nodeAt(world.config.ip)?.freeze();
  const stop = new AbortController();
  const reason = new Error("stop");
  const command = ["bitcoin-cli", "-conf=/bitcoin.conf", "uptime"];
  const rejected = assert.rejects(container.exec(command, stop.signal), reason);
  stop.abort(reason);
  await rejected;
  await assert.rejects(container.exec(command, stop.signal), reason);
});

Deno.test("FakeBitcoinRuntime.hosts says where names lead", async () => {
  await using a = await stage();
  await using folder = await containerFolder(CONF, { ip: freeAddress() });
  const [first, second] = [await a.start(), await a.start(folder.config)];
  await a.ready(first);
  await a.ready(second);
  a.runtime.hosts.set("net-1.net-svc", folder.config.ip);
  await cli(first, "addnode", "net-1.net-svc:18444", "onetry");
  const peers = JSON.parse((await cli(first, "getpeerinfo")).output);
  assert.deepEqual(peers.map((peer: { addr: string }) => peer.addr), ["net-1.net-svc:18444"]);
});
