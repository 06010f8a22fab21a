/** Tells stand-in nodes who they are, as a pod's arguments and configuration tell a bitcoind. */

import type { StatefulSet } from "kubernetes-types/apps/v1.d.ts";
import { RPC_PORT } from "../../lib/network/mod.ts";
import { networkMark } from "../../lib/network/identity.ts";
import type { Stored } from "../../lib/kube/mod.ts";
import { rpcUrl } from "../../lib/rpc/mod.ts";

/** Who a stand-in is that nobody has told. */
export const NOBODY = { name: "stand-in", mark: "network-0000000000" } as const;

/** The user agent of a node. */
export function userAgentOf(pod: string, mark: string): string {
  return `/Satoshi:30.0.0(${pod}; ${mark})/`;
}

/** Tells the node at an address that it is a pod of a StatefulSet of a network. */
export async function introduce(
  ip: string,
  pod: string,
  { metadata: { ownerReferences: [network] = [] } }: Stored<StatefulSet>,
): Promise<void> {
  const body = userAgentOf(pod, networkMark(network?.uid ?? ""));
  const response = await fetch(rpcUrl(ip, RPC_PORT), { method: "PUT", body });
  await response.body?.cancel();
}
