/** Coins on regtest, and how long a transaction takes to reach another node. */

import assert from "node:assert/strict";
import { type RpcClient, RpcError } from "../../lib/rpc/mod.ts";
import { eventually } from "./eventually.ts";

/** A node with a wallet that has coins. */
export interface Wallet {
  /** Its node. */
  readonly rpc: RpcClient;
  /** An address of its own. */
  readonly address: string;
}

/** Makes the first wallet of a node, which is loaded again when the node restarts, and mines until coins are mature. */
export async function fundedWallet(rpc: RpcClient): Promise<Wallet> {
  const timeoutMs = 60_000;
  await rpc.call("createwallet", ["test", false, false, "", false, true, true], { timeoutMs });
  const address = await rpc.call("getnewaddress");
  assert.ok(typeof address === "string");
  // Coins can be spent after 100 further blocks.
  await rpc.generateToAddress(110, address, { timeoutMs });
  return { rpc, address };
}

/** Sends coins and returns the transaction's id; the fee is the fallback's, as nothing can be estimated. */
export async function send({ rpc, address }: Wallet): Promise<string> {
  const id = await rpc.call("sendtoaddress", [address, 0.01]);
  assert.ok(typeof id === "string");
  return id;
}

/** Whether a node knows an unconfirmed transaction. */
export async function knows(rpc: RpcClient, transaction: string): Promise<boolean> {
  try {
    await rpc.call("getmempoolentry", [transaction]);
    return true;
  } catch (error) {
    if (error instanceof RpcError) return false;
    throw error;
  }
}

/** Sends coins and waits until `receiver` knows of it; returns how long that took, in ms. */
export async function crossing(
  wallet: Wallet,
  receiver: RpcClient,
  timeoutMs = 10_000,
): Promise<number> {
  const start = performance.now();
  const transaction = await send(wallet);
  await eventually(() => knows(receiver, transaction), {
    what: "the transaction to arrive",
    timeoutMs,
  });
  return Math.round(performance.now() - start);
}
