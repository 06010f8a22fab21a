/** What must hold of networks whenever nothing has disturbed them for a while. Pure. */

import { P2P_PORT, podName } from "../../lib/network/mod.ts";
import type { PeerInfo } from "../../lib/rpc/mod.ts";
import type { NetworkView, NodeView } from "./observe.ts";
import { wantedEdges } from "./wanted_edges.ts";

/** What does not hold, in words; nothing if all is well. */
export function violationsOf(views: readonly NetworkView[]): string[] {
  const owners = new Map(
    views.flatMap((view) =>
      view.nodes.map((node) => [`${node.ip}:${P2P_PORT}`, node.name] as const)
    ),
  );
  return views.flatMap((view) => {
    const broken = [
      ...nodeViolations(view),
      ...edgeViolations(view, owners),
      ...entryViolations(view, owners),
      ...tipViolations(view),
    ];
    // What the status says is judged once the world is right: before, it may say so.
    return (broken.length > 0 ? broken : statusViolations(view))
      .map((what) => `${view.network.metadata.name}: ${what}`);
  });
}

function nodeViolations({ network: { metadata: { name }, spec }, nodes }: NetworkView): string[] {
  const wanted = Array.from({ length: spec.nodes }, (_, ordinal) => podName(name, ordinal));
  const there = nodes.map((node) => node.name);
  return [
    ...wanted.filter((pod) => !there.includes(pod)).map((pod) => `${pod} is missing`),
    ...there.filter((pod) => !wanted.includes(pod)).map((pod) => `${pod} is still there`),
    ...nodes.filter(({ isReady }) => !isReady).map((node) => `${node.name} is not Ready`),
    ...nodes.filter(({ isLeaving }) => isLeaving).map((node) => `${node.name} is leaving`),
    ...nodes.filter(({ peers }) => !peers).map((node) => `${node.name} does not answer`),
  ];
}

/** Each wanted edge is there, and no other connection is, above all none to another network. */
export function edgeViolations(view: NetworkView, owners: ReadonlyMap<string, string>): string[] {
  const { network: { metadata: { name }, spec }, nodes } = view;
  const wanted = new Set(
    wantedEdges(spec).map(([a, b]) => edge(podName(name, a), podName(name, b))),
  );
  const found = new Map<string, string>();
  for (const node of nodes) {
    for (const peer of node.peers ?? []) {
      const other = nameOf(peer, owners);
      found.set(edge(node.name, other), `${node.name} and ${other} are linked`);
    }
  }
  return [
    ...[...wanted].filter((key) => !found.has(key)).map((key) => `${key} are not linked`),
    ...[...found].filter(([key]) => !wanted.has(key)).map(([, what]) => what),
  ];
}

/** Every edge is in the added list of one of its ends at least, so that bitcoind keeps it too, and nothing else is in any. */
function entryViolations(view: NetworkView, owners: ReadonlyMap<string, string>): string[] {
  const { network: { metadata: { name }, spec }, nodes } = view;
  const wanted = new Set(
    wantedEdges(spec).map(([a, b]) => edge(podName(name, a), podName(name, b))),
  );
  const held = new Set<string>();
  const foreign: string[] = [];
  for (const node of nodes) {
    for (const entry of node.added) {
      const key = edge(node.name, owners.get(entry) ?? entry);
      if (wanted.has(key)) held.add(key);
      else foreign.push(`${node.name} has ${entry} in its added list`);
    }
  }
  return [
    ...foreign,
    ...[...wanted].filter((key) => !held.has(key)).map((key) => `${key} are in no added list`),
  ];
}

/** Who a peer is: one that dialled calls itself by its pod's name, one that was dialled has a pod's address. */
function nameOf(peer: PeerInfo, owners: ReadonlyMap<string, string>): string {
  const [, comment] = /\(([^;)]*)[;)]/.exec(peer.subver) ?? [];
  const byAddress = peer.inbound ? undefined : owners.get(peer.addr) ?? `nobody at ${peer.addr}`;
  return byAddress ?? comment ?? `a stranger from ${peer.addr}`;
}

function tipViolations({ nodes }: NetworkView): string[] {
  const byTip = Map.groupBy(nodes, ({ tip }) => tip);
  if (byTip.size < 2) return [];
  const parts = [...byTip].map(([tip, there]) =>
    `${tip?.slice(-8)} at ${there.map(({ name }) => name).join(", ")}`
  );
  return [`there are ${byTip.size} tips: ${parts.join("; ")}`];
}

/** The status says what the nodes say. */
function statusViolations({ network, nodes }: NetworkView): string[] {
  const { status, spec, metadata: { generation } } = network;
  const edges = wantedEdges(spec).length;
  const violations: string[] = [];
  const ready = status?.conditions?.find(({ type }) => type === "Ready");
  const expected = spec.nodes === 0 ? "False" : "True";
  if (status?.observedGeneration !== generation || ready?.observedGeneration !== generation) {
    violations.push("the status is about an older generation");
  }
  if (ready?.status !== expected) {
    violations.push(`Ready is ${ready?.status} (${ready?.reason}: ${ready?.message})`);
  }
  const { desired, actual } = status?.connections ?? {};
  if (desired !== edges || actual !== edges) {
    violations.push(`the status has ${actual} of ${desired} connections, there are ${edges}`);
  }
  for (const node of nodes) violations.push(...nodeStatusViolations(network, node));
  return violations;
}

function nodeStatusViolations({ status }: NetworkView["network"], node: NodeView): string[] {
  const told = status?.nodes?.find(({ nodeName }) => nodeName === node.name);
  if (!told) return [`the status lacks ${node.name}`];
  const violations: string[] = [];
  const compare = (what: string, said: unknown, is: unknown): void => {
    if (said !== is) violations.push(`the status has ${what} ${said} of ${node.name}, it is ${is}`);
  };
  compare("address", told.ip, node.ip);
  compare("ready", told.ready, node.isReady);
  compare("peers", told.peers, node.peers?.length);
  compare("tip", told.tip, node.tip);
  compare("missing", told.missing?.join() ?? "", "");
  return violations;
}

function edge(a: string, b: string): string {
  return a < b ? `${a} and ${b}` : `${b} and ${a}`;
}
