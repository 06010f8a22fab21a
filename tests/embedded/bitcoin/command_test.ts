import assert from "node:assert/strict";
import { type Command, readCommand } from "../../../lib/embedded/bitcoin/command.ts";
import { ContainerFiles } from "../../../lib/embedded/bitcoin/container_files.ts";
import { StartupError } from "../../../lib/embedded/bitcoin/startup_error.ts";
import { containerFolder } from "./_container.ts";

async function read(
  conf: string,
  args: string,
  program: "bitcoind" | "bitcoin-cli" = "bitcoind",
): Promise<Command> {
  await using container = await containerFolder(conf);
  return await readCommand(program, args.split(" "), new ContainerFiles(container.config));
}

Deno.test("readCommand() puts the command line and the file together", async () => {
  const { options, rest, dataFolder, unknown } = await read(
    "regtest=1\ndatadir=/data\nuacomment=b\nnosuch=1",
    "-conf=/bitcoin.conf -uacomment=a x y",
  );
  assert.deepEqual(options.list("uacomment"), ["a", "b"]);
  assert.deepEqual([rest, dataFolder, unknown], [["x", "y"], "/data", ["nosuch"]]);
});

Deno.test("readCommand() needs no bitcoin.conf unless it is told of one", async () => {
  const { options, dataFolder } = await read("server=0", "-regtest");
  assert.deepEqual([options.flag("server", true), dataFolder], [true, "/home/bitcoin/.bitcoin"]);
  assert.equal((await read("", "-regtest -datadir=/data")).dataFolder, "/data");
});

Deno.test("readCommand() looks for a relative bitcoin.conf in the data folder", async () => {
  await assert.rejects(
    read("", "-datadir=/data -conf=x.conf"),
    new StartupError(
      'Error reading configuration file: specified config file "/data/x.conf" could not be opened.',
    ),
  );
});

Deno.test("readCommand() knows which options are those of bitcoin-cli", async () => {
  const args = "-regtest -conf=/bitcoin.conf -rpcwait -rpcport=1 uptime";
  assert.deepEqual((await read("", args, "bitcoin-cli")).rest, ["uptime"]);
  await assert.rejects(read("", "-rpcwait"), /Invalid parameter -rpcwait/);
  await assert.rejects(read("", "-listen=1", "bitcoin-cli"), /Invalid parameter -listen=1/);
});
