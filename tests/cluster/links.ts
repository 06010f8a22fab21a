/** The links of a network as its bitcoinds report them: whoever dialled, each side sees its peer's name in the user agent. */

import { SECRETS } from "../../lib/kube/mod.ts";
import { Parts } from "../../lib/network/cuts.ts";
import { wiringOf } from "../../lib/network/dials.ts";
import { edgeKey, ordinals } from "../../lib/network/edge.ts";
import type { BitcoinNetworkSpec } from "../../lib/network/mod.ts";
import { topologyOf } from "../../lib/network/topology.ts";
import type { PeerInfo, RpcClient } from "../../lib/rpc/mod.ts";
import { eventually } from "../support/eventually.ts";
import type { Lab } from "./lab.ts";

/** RPC of all nodes of a network, by ordinal. */
export async function nodesOf(lab: Lab, network: string, nodes: number): Promise<RpcClient[]> {
  const { metadata } = await lab.objects(SECRETS).get(`${network}-rpc`);
  return await Promise.all(
    ordinals(nodes).map((ordinal) => lab.rpc(`${network}-sts-${ordinal}`, metadata.name)),
  );
}

/** For each node the ordinals of its peers, in order; -1 for a peer that is no node of the network. */
export async function peersOf(network: string, nodes: readonly RpcClient[]): Promise<number[][]> {
  const reports = await Promise.all(nodes.map((rpc) => rpc.getPeerInfo()));
  return reports.map((peers) =>
    peers.filter(({ version }) => version > 0).map((peer) => ordinalIn(network, peer))
      .sort((a, b) => a - b)
  );
}

/** What {@linkcode peersOf} is to say of a network: one connection for each dial. */
export function wantedPeers({ nodes, topology }: BitcoinNetworkSpec): number[][] {
  const peers: number[][] = ordinals(nodes).map(() => []);
  for (const [from, list] of wiringOf(nodes, topologyOf(topology)).dials.entries()) {
    for (const { to } of list) {
      peers[from]?.push(to);
      peers[to]?.push(from);
    }
  }
  return peers.map((list) => list.sort((a, b) => a - b));
}

/** Whether all nodes can reach each other, by links that at least one side reports. */
export function isConnected(peers: readonly (readonly number[])[]): boolean {
  const parts = new Parts(
    peers.flatMap((list, node) =>
      list.filter((peer) => peer >= 0).map((peer) => [node, peer] as const)
    ),
  );
  return peers.every((_, node) => parts.joins(0, node));
}

/** The links, each once, for a person who reads a failed test. */
export function linksOf(peers: readonly (readonly number[])[]): string {
  const links = peers.flatMap((list, node) => list.map((peer) => edgeKey(node, peer)));
  return [...new Set(links)].sort().join(" ");
}

/** Waits until the bitcoinds of network `net` report exactly the links of a spec, and the status counts them. */
export async function untilExact(
  lab: Lab,
  spec: BitcoinNetworkSpec,
  nodes: readonly RpcClient[],
): Promise<void> {
  await lab.untilReady("net", spec.nodes);
  const wanted = JSON.stringify(wantedPeers(spec));
  await eventually(async () => JSON.stringify(await peersOf("net", nodes)) === wanted, {
    what: `the links of ${JSON.stringify(spec)}`,
    timeoutMs: 30_000,
  });
}

function ordinalIn(network: string, { subver }: PeerInfo): number {
  const found = new RegExp(`\\(${network}-sts-(\\d+);`).exec(subver)?.[1];
  return found === undefined ? -1 : Number(found);
}
