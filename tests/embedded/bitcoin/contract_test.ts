/** What the fake bitcoind and a real one have in common: each case runs against both. */

import { toolTest } from "../../support/tools.ts";
import { CHAIN_CASES } from "./_chain_cases.ts";
import { FakeSubject } from "./_fake_subject.ts";
import { NETWORK_CASES } from "./_network_cases.ts";
import { PROCESS_CASES } from "./_process_cases.ts";
import { RealSubject } from "./_real_subject.ts";
import { RPC_CASES } from "./_rpc_cases.ts";

for (const { name, run } of [...RPC_CASES, ...NETWORK_CASES, ...CHAIN_CASES, ...PROCESS_CASES]) {
  Deno.test(`the fake bitcoind ${name}`, () => run(new FakeSubject()));
  toolTest(
    ["bitcoind", "bitcoin-cli"],
    `a real bitcoind ${name}`,
    (bitcoind, bitcoinCli) => run(new RealSubject(bitcoind, bitcoinCli)),
  );
}
