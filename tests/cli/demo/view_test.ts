import assert from "node:assert/strict";
import type { Happening } from "../../../lib/cli/demo/happenings.ts";
import { type Marks, renderView, statusText, type ViewState } from "../../../lib/cli/demo/view.ts";
import type { BitcoinNetwork } from "../../../lib/network/mod.ts";

const PLAIN: Marks = {
  bold: (text) => text,
  dim: (text) => text,
  good: (text) => `[good]${text}`,
  bad: (text) => `[bad]${text}`,
};

function network(nodes: number, ready = true): BitcoinNetwork {
  const status = ready ? "True" as const : "False" as const;
  return {
    apiVersion: "bitcoincontroller.christianb93.github.com/v1",
    kind: "BitcoinNetwork",
    metadata: { name: "demo", namespace: "default" },
    spec: { nodes },
    status: {
      nodes: Array.from({ length: nodes }, (_, ordinal) => ({
        ordinal,
        ready,
        ip: `127.9.0.${ordinal + 2}`,
        nodeName: `demo-sts-${ordinal}`,
        dnsName: `demo-sts-${ordinal}.demo-svc`,
        version: "30.0.0",
        height: 101,
        tip: "12340000000000000000000000000000000000000000000000000000deadbeef",
        peers: 2 * (nodes - 1),
      })),
      readyReplicas: nodes,
      height: 101,
      connections: { desired: 3, actual: 3, summary: "3/3" },
      conditions: [{
        type: "Ready",
        status,
        reason: ready ? "Ready" : "Connecting",
        message: ready ? "" : "2 of 3 connections are up",
        lastTransitionTime: "2026-01-01T00:00:00Z",
        observedGeneration: 1,
      }],
    },
  };
}

function happening(number: number, warning = false): Happening {
  return { atMs: number * 1000, reason: "Connected", note: `happening ${number}`, warning };
}

const STATE: ViewState = {
  bitcoind: "fake bitcoind",
  network: network(3),
  happenings: [happening(1), happening(2, true)],
  upMs: 61_500,
  kubectl: "KUBECONFIG=/tmp/demo/kubeconfig kubectl",
};

Deno.test("renderView() shows nodes, summary, happenings and the line to try", () => {
  const lines = renderView(STATE, 100, 30, PLAIN).split("\n");
  assert.equal(lines[0], "bitcoin-controller demo · fake bitcoind · up 1:01");
  assert.equal(lines[2], "NODE        READY  ADDRESS    PEERS  HEIGHT  TIP            VERSION");
  assert.equal(lines[3], "demo-sts-0  yes    127.9.0.2  4      101     1234…deadbeef  30.0.0");
  assert.ok(lines.includes("[good]3 of 3 nodes Ready, connections 3/3, height 101, Ready"));
  assert.ok(lines.includes("   1.0 s  Connected          happening 1"));
  assert.ok(lines.includes("[bad]   2.0 s  Connected          happening 2"));
  assert.ok(lines.includes("Try:  KUBECONFIG=/tmp/demo/kubeconfig kubectl get btcnet"));
});

Deno.test("renderView() marks a network that is not Ready", () => {
  assert.match(
    renderView({ ...STATE, network: network(3, false) }, 100, 30, PLAIN),
    /\[bad\]3 of 3 nodes Ready, connections 3\/3, height 101, Connecting: 2 of 3 connections are up/,
  );
});

Deno.test("renderView() shows a start when there is no network yet", () => {
  assert.match(
    renderView({ ...STATE, network: undefined, happenings: [] }, 100, 30, PLAIN),
    /starting/,
  );
  assert.match(renderView({ ...STATE, network: undefined }, 100, 30, PLAIN), /the network is gone/);
});

for (const [columns, rows] of [[80, 24], [40, 12], [20, 8], [200, 60]] as const) {
  Deno.test(`renderView() fits into ${columns} columns and ${rows} rows, whatever there is to show`, () => {
    const marks: Marks = { ...PLAIN, good: (text) => text, bad: (text) => text };
    const happenings = Array.from({ length: 50 }, (_, number) => happening(number));
    const lines = renderView({ ...STATE, network: network(100), happenings }, columns, rows, marks)
      .split("\n");
    const taken = lines.reduce(
      (sum, line) => sum + Math.max(1, Math.ceil(line.length / columns)),
      0,
    );
    assert.ok(taken <= rows, `${taken} rows`);
    for (const line of lines) assert.ok(line.length <= columns || line.startsWith("Try:"), line);
  });
}

Deno.test("renderView() says why a node does not answer and what it is not linked to", () => {
  const sick = network(2);
  const [first, second] = sick.status?.nodes ?? [];
  assert.ok(first && second);
  const nodes = [
    { ...first, message: "RPC does not answer" },
    { ...second, missing: ["demo-sts-0"] },
  ];
  const text = renderView(
    { ...STATE, network: { ...sick, status: { ...sick.status, nodes } } },
    120,
    30,
    PLAIN,
  );
  assert.match(text, /demo-sts-0 .*RPC does not answer/);
  assert.match(text, /demo-sts-1 .*not linked to demo-sts-0/);
});

Deno.test("statusText() is one line about a network without a status", () => {
  const bare: BitcoinNetwork = { metadata: { name: "a" }, spec: { nodes: 2 } };
  assert.equal(statusText(bare), "0 of 2 nodes Ready, connections 0/0, height 0, Unknown");
});
