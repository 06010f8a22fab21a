/** bitcoin.conf in the hands of a real bitcoind and bitcoin-cli. */

import assert from "node:assert/strict";
import { bitcoinConf } from "../../../lib/network/objects/bitcoin_conf.ts";
import { rpcAuth, RpcClient, rpcUrl } from "../../../lib/rpc/mod.ts";
import { freeAddress, type RealBitcoind, startBitcoind } from "../../support/bitcoind.ts";
import { eventually } from "../../support/eventually.ts";
import { toolTest } from "../../support/tools.ts";
import { fundedWallet, knows, send } from "../../support/wallet.ts";

/** The file as it reads on a machine that has no pods: another folder, and an address of its own. */
function onThisMachine(conf: string, folder: string, ip: string): string {
  return conf.replace("datadir=/data", `datadir=${folder}`)
    .replace(/=(0\.0\.0\.0|127\.0\.0\.1)$/gm, `=${ip}`);
}

for (const image of ["bitcoin/bitcoin:30.0", "bitcoin/bitcoin:27.0"]) {
  toolTest(
    ["bitcoind", "bitcoin-cli"],
    `bitcoinConf() for ${image} starts a node, lets bitcoin-cli in by the cookie and the controller by its password`,
    async (bitcoind, cli) => {
      const folder = await Deno.makeTempDir({ prefix: "bitcoin-conf-" });
      const ip = freeAddress();
      const conf = bitcoinConf({
        rpcauth: await rpcAuth("bitcoin", "päss:#\n", "0123abcd"),
        image,
        mark: "network-0123456789",
      });
      const file = `${folder}/bitcoin.conf`;
      await Deno.writeTextFile(file, onThisMachine(conf, folder, ip));
      const node = new Deno.Command(bitcoind ?? "", {
        args: [`-conf=${file}`, "-uacomment=net-sts-0"],
        stdin: "null",
        stdout: "piped",
        stderr: "piped",
      }).spawn();
      const output = node.output();
      try {
        const args = ["-regtest", `-conf=${file}`, "-rpcwait", "-rpcwaittimeout=20"];
        const asked = await new Deno.Command(cli ?? "", { args: [...args, "getnetworkinfo"] })
          .output();
        const text = new TextDecoder();
        assert.equal(asked.code, 0, text.decode(asked.stderr));
        assert.match(
          JSON.parse(text.decode(asked.stdout)).subversion,
          /\(net-sts-0; network-0123456789\)/,
        );

        const rpc = new RpcClient({
          url: rpcUrl(ip, 18443),
          username: "bitcoin",
          password: "päss:#\n",
        });
        assert.equal((await rpc.getBlockchainInfo()).chain, "regtest");
        const wrong = new RpcClient({
          url: rpcUrl(ip, 18443),
          username: "bitcoin",
          password: "no",
        });
        await assert.rejects(wrong.getBlockchainInfo(), /HTTP 401/);
      } finally {
        node.kill("SIGTERM");
        const { code, stderr } = await output;
        await Deno.remove(folder, { recursive: true });
        assert.equal(code, 0);
        assert.equal(new TextDecoder().decode(stderr), "", "no key is unknown, no warning");
      }
    },
  );
}

/** Two linked nodes whose last block is 3 days old, after both were restarted; disposes of them at the end. */
async function idleNetwork(
  program: string,
  change: (conf: string) => string,
  look: (one: RealBitcoind, other: RealBitcoind) => Promise<void>,
): Promise<void> {
  const conf = bitcoinConf({
    rpcauth: await rpcAuth("user", "password", "0123abcd"),
    image: "bitcoin/bitcoin:30.0",
    mark: "network-0123456789",
  });
  const file = (ip: string, folder: string): string => onThisMachine(change(conf), folder, ip);
  await using one = await startBitcoind({ program, file });
  await using other = await startBitcoind({ program, file });
  const threeDaysAgo = Math.floor(Date.now() / 1000) - 3 * 24 * 3600;
  await one.rpc.call("setmocktime", [threeDaysAgo]);
  await one.rpc.addNode(other.p2p, "onetry");
  await fundedWallet(one.rpc);
  await eventually(async () => (await other.rpc.getBlockchainInfo()).blocks === 110, {
    what: "the blocks to arrive",
    timeoutMs: 30_000,
  });
  for (const node of [one, other]) {
    node.signal("SIGTERM");
    assert.equal(await node.ended(), 0);
    await node.start();
  }
  await one.rpc.addNode(other.p2p, "onetry");
  await eventually(async () => (await other.rpc.getPeerInfo()).some(({ version }) => version > 0), {
    what: "the link",
  });
  await look(one, other);
}

toolTest(
  ["bitcoind"],
  "bitcoinConf() has a network relay transactions after it was idle for days and restarted",
  async (bitcoind = "") => {
    await idleNetwork(bitcoind, (conf) => conf, async (one, other) => {
      assert.equal((await other.rpc.getBlockchainInfo()).initialblockdownload, false);
      const address = await one.rpc.call("getnewaddress");
      assert.ok(typeof address === "string");
      const transaction = await send({ rpc: one.rpc, address });
      await eventually(() => knows(other.rpc, transaction), { what: "the transaction" });
    });
    // It is maxtipage that does it.
    await idleNetwork(bitcoind, (conf) => conf.replace(/^maxtipage=.*$/m, ""), async (_, other) => {
      assert.equal((await other.rpc.getBlockchainInfo()).initialblockdownload, true);
    });
  },
);
