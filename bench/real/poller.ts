/**
 * Polls nodes as the controller does, and does nothing else: what the polls of settled networks cost. Run as
 * `poller.ts FIRST COUNT SECONDS`: that many addresses from the first on, each once in so many seconds.
 */

import { POLL_CALLS, reportOf } from "../../lib/network/node_report.ts";
import { RPC_PORT } from "../../lib/network/mod.ts";
import { RpcClient, rpcUrl } from "../../lib/rpc/mod.ts";
import { NOBODY } from "./introduce.ts";
import { addressOf } from "./kubelet.ts";

const [first = 1, count = 1, seconds = 10] = Deno.args.map(Number);
for (let number = first; number < first + count; number++) {
  const url = rpcUrl(addressOf(number), RPC_PORT);
  const client = new RpcClient({ url, username: "bitcoin", password: "0".repeat(64) });
  // A node that takes too long is one that does not answer, to the controller as well.
  const poll = async (): Promise<void> =>
    void reportOf(await client.batch(POLL_CALLS).catch(() => []), NOBODY);
  setTimeout(() => setInterval(poll, seconds * 1000), Math.random() * seconds * 1000);
}
