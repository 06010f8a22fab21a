/** bitcoin.conf in the hands of a real bitcoind and bitcoin-cli. */

import assert from "node:assert/strict";
import { bitcoinConf } from "../../../lib/network/objects/bitcoin_conf.ts";
import { rpcAuth, RpcClient, rpcUrl } from "../../../lib/rpc/mod.ts";
import { freeAddress } from "../../support/bitcoind.ts";
import { toolTest } from "../../support/tools.ts";

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
      const conf = bitcoinConf(await rpcAuth("bitcoin", "päss:#\n", "0123abcd"), image);
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
        assert.match(JSON.parse(text.decode(asked.stdout)).subversion, /\(net-sts-0\)/);

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
