/** What the tests of this room share: networks, pods and reports of nodes. */

import type { Pod } from "kubernetes-types/core/v1.d.ts";
import type { StatefulSet } from "kubernetes-types/apps/v1.d.ts";
import type { Stored } from "../../lib/kube/mod.ts";
import type { AddedNodeInfo, PeerInfo } from "../../lib/rpc/mod.ts";
import type { Member } from "../../lib/network/connections.ts";
import type { NodeDown, NodeUp } from "../../lib/network/node_report.ts";
import type { Owner } from "../../lib/network/objects/metadata.ts";
import type { StoredNetwork } from "../../lib/network/resource.ts";
import type { BitcoinNetworkSpec, Condition } from "../../lib/network/schema.ts";
import type { Settings } from "../../lib/network/validation.ts";

/** The network that most tests are about. */
export const OWNER: Owner = { name: "net", namespace: "test", uid: "uid-net" };

/** A spec with its defaults. */
export function settings(more: Partial<Settings> = {}): Settings {
  return {
    nodes: 3,
    secret: undefined,
    image: "bitcoin/bitcoin:30.0",
    imagePullPolicy: "IfNotPresent",
    topology: { type: "Full" },
    ...more,
  };
}

/** A network as the API server has it. */
export function network(spec: Partial<BitcoinNetworkSpec> = {}, name = "net"): StoredNetwork {
  return {
    apiVersion: "bitcoincontroller.christianb93.github.com/v1",
    kind: "BitcoinNetwork",
    metadata: {
      name,
      namespace: "test",
      uid: `uid-${name}`,
      resourceVersion: "1",
      generation: 1,
    },
    spec: { nodes: 3, ...spec },
  };
}

/** The revision that pods have unless said otherwise. */
const REVISION = "net-sts-7d4b9";

/** A pod of the network; Ready unless said otherwise. */
export function pod(
  ordinal: number,
  {
    ready = true,
    ip = `10.0.0.${ordinal + 1}`,
    uid = `uid-pod-${ordinal}`,
    waiting = "",
    revision = REVISION,
  } = {},
): Stored<Pod> {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name: `net-sts-${ordinal}`,
      namespace: "test",
      uid,
      resourceVersion: "1",
      labels: { "controller-revision-hash": revision },
    },
    status: {
      ...(ip && { podIP: ip }),
      conditions: [{ type: "Ready", status: ready ? "True" : "False" }],
      ...(waiting && {
        containerStatuses: [{
          name: "net-sts-ctr",
          image: "i",
          imageID: "",
          ready: false,
          restartCount: 1,
          state: { waiting: { reason: waiting, message: "the message" } },
          lastState: { terminated: { exitCode: 7 } },
        }],
      }),
    },
  };
}

/** A StatefulSet whose pods are all as wanted. */
export function rolledOut(nodes: number, revision = REVISION): StatefulSet {
  return {
    metadata: { generation: 1 },
    status: {
      replicas: nodes,
      observedGeneration: 1,
      currentRevision: revision,
      updateRevision: revision,
      updatedReplicas: nodes,
    },
  };
}

/** The mark of the network that most tests are about. */
export const MARK = "network-0123456789";

/** What a node says it is. */
export function userAgent(pod: string, mark = MARK): string {
  return `/Satoshi:30.0.0(${pod}; ${mark})/`;
}

/** What is at an address: a pod of the network, or somebody who does not say much. */
function userAgentAt(addr: string): string {
  const name = /^(net-sts-\d+)\.net-svc$/.exec(addr)?.[1];
  const number = /^10\.0\.0\.(\d+):18444$/.exec(addr)?.[1];
  if (name) return userAgent(name);
  return number ? userAgent(`net-sts-${Number(number) - 1}`) : "/Satoshi:30.0.0/";
}

/** A connection that a node dialled, to whom the address belongs in these tests. */
export function dialled(id: number, addr: string, more: Partial<PeerInfo> = {}): PeerInfo {
  return {
    id,
    addr,
    inbound: false,
    version: 70016,
    subver: userAgentAt(addr),
    connection_type: "manual",
    ...more,
  };
}

/** An entry of an added list, with the address that it leads to. */
export function entry(addednode: string, address?: string): AddedNodeInfo {
  return {
    addednode,
    connected: address !== undefined,
    addresses: address === undefined ? [] : [{ address, connected: "outbound" }],
  };
}

/** What a node says that answers. */
export function up(
  {
    height = 0,
    tip = `tip-${height}`,
    work = height,
    peers = [],
    added = [],
    subversion = userAgent("net-sts-0"),
    active = true,
  }: {
    height?: number;
    tip?: string;
    work?: number;
    peers?: PeerInfo[];
    added?: AddedNodeInfo[];
    subversion?: string;
    active?: boolean;
  } = {},
): NodeUp {
  return {
    state: "up",
    chain: {
      chain: "regtest",
      blocks: height,
      bestblockhash: tip,
      chainwork: work.toString(16).padStart(64, "0"),
      initialblockdownload: false,
    },
    network: { version: 300000, subversion, networkactive: active },
    peers,
    added,
  };
}

/** What is known of a node that does not answer. */
export const SILENT_NODE: NodeDown = { state: "unreachable", message: "no answer" };

/** A pod as the planner sees it. */
export function member(ordinal: number, report: Member["report"] = up()): Member {
  return {
    ordinal,
    name: `net-sts-${ordinal}`,
    ip: `10.0.0.${ordinal + 1}`,
    address: `net-sts-${ordinal}.net-svc`,
    report,
  };
}

/** A condition as it is stored. */
export function condition(
  type: string,
  status: "True" | "False",
  reason: string,
  more: Partial<Condition> = {},
): Condition {
  return {
    type,
    status,
    reason,
    message: `about ${type}`,
    observedGeneration: 1,
    lastTransitionTime: "2026-01-01T00:00:00Z",
    ...more,
  };
}
