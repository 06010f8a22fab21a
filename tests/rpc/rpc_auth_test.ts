import assert from "node:assert/strict";
import { RpcTransportError } from "../../lib/rpc/errors.ts";
import { rpcAuth } from "../../lib/rpc/rpc_auth.ts";
import { startBitcoind } from "../support/bitcoind.ts";
import { toolTest } from "../support/tools.ts";
import { RpcClient, rpcUrl } from "../../lib/rpc/mod.ts";

Deno.test("rpcAuth() is the HMAC-SHA256 of the password under the salt, in hexadecimal", async () => {
  // openssl: printf 'secret' | openssl dgst -sha256 -hmac '0123abcd'
  assert.equal(
    await rpcAuth("user", "secret", "0123abcd"),
    "user:0123abcd$683ceab4cddacbde73e853325ae4358e4b11d97e01694a4bfca344c194599f72",
  );
});

Deno.test("rpcAuth() hashes the UTF-8 of salt and password", async () => {
  // openssl: printf 'pässword€' | openssl dgst -sha256 -hmac 'sält'
  assert.equal(
    await rpcAuth("user", "pässword€", "sält"),
    "user:sält$e0aae1d7d3f17376a17cc117f037e5574a7680d8c2aa96556e22c001a7941d6b",
  );
});

Deno.test("rpcAuth() refuses a user or a salt that bitcoind would take apart in the wrong place", async () => {
  for (const [user, salt] of [["", "s"], ["a:b", "s"], ["a", ""], ["a", "s$t"]] as const) {
    await assert.rejects(rpcAuth(user, "p", salt), RangeError);
  }
});

toolTest(
  ["bitcoind"],
  "rpcAuth() makes what a real bitcoind takes as the hash of a password",
  async (program) => {
    const config = [`rpcauth=${await rpcAuth("hashed", "pässword€ :#", "5a17")}`];
    await using node = await startBitcoind({ program, config });
    const url = rpcUrl(node.ip, 18443);
    const right = new RpcClient({ url, username: "hashed", password: "pässword€ :#" });
    assert.equal((await right.getBlockchainInfo()).chain, "regtest");
    const wrong = new RpcClient({ url, username: "hashed", password: "p" });
    await assert.rejects(
      wrong.getBlockchainInfo(),
      (error) => error instanceof RpcTransportError && error.kind === "unauthorized",
    );
  },
);
