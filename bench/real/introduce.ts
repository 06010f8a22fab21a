/** Tells stand-in nodes who they are, as a pod's arguments and configuration tell a bitcoind. */

import type { StatefulSet } from "kubernetes-types/apps/v1.d.ts";
import { RPC_PORT } from "../../lib/network/mod.ts";
import { networkMark } from "../../lib/network/identity.ts";
import type { Stored } from "../../lib/kube/mod.ts";
import { rpcUrl } from "../../lib/rpc/mod.ts";

/** What a stand-in node is told, at the root of the process that has them all. */
export interface Introduction {
  /** The address of the node. */
  readonly ip: string;
  readonly userAgent: string;
}

/** Who a stand-in is that nobody has told. */
export const NOBODY = { name: "stand-in", mark: "network-0000000000" } as const;

/** The user agent of a node. */
export function userAgentOf(pod: string, mark: string): string {
  return `/Satoshi:30.0.0(${pod}; ${mark})/`;
}

/**
 * Tells the node at an address that it is a pod of a StatefulSet of a network. The word goes to the process that has all
 * nodes, over one connection: a connection to each address would stay open for as long as it is kept alive.
 */
export async function introduce(
  ip: string,
  pod: string,
  { metadata: { ownerReferences: [network] = [] } }: Stored<StatefulSet>,
): Promise<void> {
  const introduction: Introduction = {
    ip,
    userAgent: userAgentOf(pod, networkMark(network?.uid ?? "")),
  };
  const response = await fetch(rpcUrl("127.0.0.1", RPC_PORT), {
    method: "PUT",
    body: JSON.stringify(introduction),
  });
  await response.body?.cancel();
}
