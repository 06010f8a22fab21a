import assert from "node:assert/strict";
import { API_VERSION, type BitcoinNetwork, KIND, podName } from "../../lib/network/mod.ts";
import { RpcClient } from "../../lib/rpc/mod.ts";
import { violationsOf } from "./invariants.ts";
import type { NetworkView, NodeView } from "./observe.ts";

const TIP = "00ff";

function address(network: string, ordinal: number): string {
  return `127.1.${network.charCodeAt(0)}.${ordinal + 1}`;
}

/** A node of a line of two, linked by its lower node. */
function node(network: string, ordinal: number): NodeView {
  const other = podName(network, 1 - ordinal);
  const inbound = ordinal === 1;
  const addr = inbound ? "127.0.0.1:40000" : `${address(network, 1)}:18444`;
  return {
    name: podName(network, ordinal),
    uid: "u",
    ip: address(network, ordinal),
    isReady: true,
    isLeaving: false,
    peers: [{
      id: 0,
      addr,
      inbound,
      version: 70016,
      subver: `/Satoshi:30.0.0(${other}; network-0123456789)/`,
      connection_type: inbound ? "inbound" : "manual",
    }],
    added: inbound ? [] : [addr],
    tip: TIP,
    rpc: new RpcClient({ url: "http://127.0.0.1:1", username: "", password: "" }),
  };
}

/** A network of two nodes of which all is well. */
function view(name = "net", change: Partial<NodeView> = {}, spec = {}): NetworkView {
  const nodes = [{ ...node(name, 0), ...change }, node(name, 1)];
  const network: NetworkView["network"] = {
    apiVersion: API_VERSION,
    kind: KIND,
    metadata: { name, uid: name, resourceVersion: "1", generation: 2 },
    spec: { nodes: 2, topology: { type: "Line" }, ...spec },
    status: {
      observedGeneration: 2,
      connections: { desired: 1, actual: 1, summary: "1/1" },
      conditions: [{
        type: "Ready",
        status: "True",
        observedGeneration: 2,
        lastTransitionTime: "2026-01-01T00:00:00Z",
        reason: "Ready",
        message: "",
      }],
      nodes: [0, 1].map((ordinal) => ({
        ordinal,
        ready: true,
        ip: address(name, ordinal),
        nodeName: podName(name, ordinal),
        dnsName: "",
        peers: 1,
        tip: TIP,
      })),
    },
  };
  return { network, nodes };
}

function withStatus(change: BitcoinNetwork["status"]): NetworkView {
  const { network, nodes } = view();
  return { network: { ...network, status: { ...network.status, ...change } }, nodes };
}

Deno.test("violationsOf() finds nothing where all is well", () => {
  assert.deepEqual(violationsOf([view("net"), view("two")]), []);
});

const [peer] = node("net", 0).peers ?? [];
if (!peer) throw new Error("A node of the sample has a peer");

const BROKEN: readonly (readonly [NetworkView, RegExp])[] = [
  [view("net", {}, { nodes: 3 }), /net-sts-2 is missing/],
  [view("net", {}, { nodes: 1 }), /net-sts-1 is still there/],
  [view("net", { isReady: false }), /net-sts-0 is not Ready/],
  [view("net", { isLeaving: true }), /net-sts-0 is leaving/],
  [view("net", { peers: undefined }), /net-sts-0 does not answer/],
  [view("net", { tip: "other" }), /there are 2 tips/],
  [view("net", { added: [] }), /net-sts-0 and net-sts-1 are in no added list/],
  [view("net", { added: ["127.1.110.2:18444", "127.9.9.9:1"] }), /has 127\.9\.9\.9:1 in its added/],
  [
    view("net", { peers: [{ ...peer, addr: "127.1.9.9:18444" }] }),
    /linked.*nobody at|nobody at.*linked/,
  ],
  [withStatus({ observedGeneration: 1 }), /older generation/],
  [withStatus({ connections: { desired: 1, actual: 0, summary: "0/1" } }), /0 of 1 connections/],
  [withStatus({ conditions: [] }), /Ready is undefined/],
  [withStatus({ nodes: [] }), /the status lacks net-sts-0/],
];

for (const [broken, message] of BROKEN) {
  Deno.test(`violationsOf() finds what is wrong: ${message.source}`, () => {
    assert.match(violationsOf([broken]).join("\n"), message);
  });
}

Deno.test("violationsOf() finds a link into another network", () => {
  const crossed = { ...peer, id: 1, addr: `${address("two", 0)}:18444` };
  const broken = view("net", { peers: [peer, crossed] });
  assert.match(violationsOf([broken, view("two")]).join(), /net-sts-0 and two-sts-0 are linked/);
});

Deno.test("violationsOf() finds an edge that is not there", () => {
  const { network, nodes } = view();
  const mute = nodes.map((one) => ({ ...one, peers: [] }));
  assert.match(violationsOf([{ network, nodes: mute }]).join(), /net-sts-0 and net-sts-1 are not/);
});
