/** What a node's peers and entries say about one link. */

import assert from "node:assert/strict";
import { hostPort, type Link, linkTo } from "../../lib/network/link.ts";
import type { Dial } from "../../lib/network/dials.ts";
import { dialled, entry, MARK, up, userAgent } from "./_samples.ts";

const NAME = "net-sts-1.net-svc";
const NOW = "10.0.0.2:18444";
const OLD = "10.9.9.9:18444";
const TARGET = { name: "net-sts-1", mark: MARK, ip: "10.0.0.2", address: NAME };
const STRANGER = { subver: userAgent("net-sts-1", "network-9999999999") };

interface Case {
  readonly name: string;
  readonly by?: Dial["by"];
  readonly peers: ReturnType<typeof dialled>[];
  readonly added?: ReturnType<typeof entry>[];
  readonly expected: Omit<Link, "foreign" | "isSure">;
  readonly foreign?: readonly number[];
  /** As `state` is up, if absent. */
  readonly isSure?: boolean;
}

const CASES: Case[] = [
  {
    name: "down without a connection",
    peers: [],
    expected: { state: "down", peers: [], spare: [] },
  },
  {
    name: "down with an inbound connection alone",
    peers: [dialled(1, NAME, { inbound: true })],
    expected: { state: "down", peers: [], spare: [] },
  },
  {
    name: "down with a connection to another pod",
    peers: [dialled(1, "10.0.0.3:18444")],
    expected: { state: "down", peers: [], spare: [] },
  },
  {
    name: "up with a connection under its name that leads to the pod",
    peers: [dialled(1, NAME)],
    added: [entry(NAME, NOW)],
    expected: { state: "up", peers: [1], spare: [] },
  },
  {
    name: "stale with a connection under its name that leads to the pod before",
    peers: [dialled(1, NAME)],
    added: [entry(NAME, OLD)],
    expected: { state: "stale", peers: [1], spare: [] },
  },
  {
    name: "shaking hands while the version is unknown",
    peers: [dialled(1, NAME, { version: 0 })],
    added: [entry(NAME, NOW)],
    expected: { state: "shaking hands", peers: [1], spare: [] },
  },
  {
    name:
      "stale with a connection under a name that is to have no entry: nothing tells where it leads",
    by: "onetry",
    peers: [dialled(1, NAME)],
    expected: { state: "stale", peers: [1], spare: [] },
  },
  {
    name: "up with a connection whose entry is gone, for want of a better knowledge",
    peers: [dialled(1, NAME)],
    isSure: false,
    expected: { state: "up", peers: [1], spare: [] },
  },
  {
    name: "up by its address, which bitcoind holds against a dial of the name",
    peers: [dialled(1, NOW)],
    added: [entry(NAME)],
    expected: { state: "up", peers: [1], spare: [] },
  },
  {
    name: "up by its name, with a second connection to spare",
    peers: [dialled(1, NOW), dialled(2, NAME)],
    added: [entry(NAME, NOW)],
    expected: { state: "up", peers: [2], spare: [1] },
  },
  {
    name: "up by its address while the name still leads to the pod before",
    peers: [dialled(1, NAME), dialled(2, NOW)],
    added: [entry(NAME, OLD)],
    expected: { state: "up", peers: [2], spare: [1] },
  },
  {
    name: "up by the address for a dial beyond the slots",
    by: "onetry",
    peers: [dialled(1, NOW)],
    expected: { state: "up", peers: [1], spare: [] },
  },
  {
    name: "down with a connection to a namesake of another network at the address",
    peers: [dialled(1, NOW, STRANGER)],
    added: [entry(NAME)],
    expected: { state: "down", peers: [], spare: [] },
    foreign: [1],
  },
  {
    name: "down with a connection under its name that leads to another network",
    peers: [dialled(1, NAME, STRANGER)],
    added: [entry(NAME, NOW)],
    expected: { state: "down", peers: [], spare: [] },
    foreign: [1],
  },
  {
    name: "down with a connection to another node of the network at the address",
    peers: [dialled(1, NOW, { subver: userAgent("net-sts-2") })],
    expected: { state: "down", peers: [], spare: [] },
    foreign: [1],
  },
  {
    name: "up by its address while its name leads to another network",
    peers: [dialled(1, NAME, STRANGER), dialled(2, NOW)],
    added: [entry(NAME, OLD)],
    expected: { state: "up", peers: [2], spare: [] },
    foreign: [1],
  },
  {
    name: "shaking hands while the user agent is unknown",
    peers: [dialled(1, NOW, { subver: "" })],
    expected: { state: "shaking hands", peers: [1], spare: [] },
  },
  {
    name: "down for a dial beyond the slots with a connection to the pod before",
    by: "onetry",
    peers: [dialled(1, OLD)],
    expected: { state: "down", peers: [], spare: [] },
  },
];

for (const { name, by = "added", peers, added = [], expected, isSure, foreign = [] } of CASES) {
  Deno.test(`linkTo() is ${name}`, () => {
    assert.deepEqual(linkTo(up({ peers, added }), TARGET, by), {
      ...expected,
      foreign,
      isSure: isSure ?? expected.state === "up",
    });
  });
}

Deno.test("linkTo() knows a target by its address alone where names cannot be resolved", () => {
  const target = { ...TARGET, address: NOW };
  const report = up({ peers: [dialled(1, NOW)], added: [entry(NOW, NOW)] });
  assert.deepEqual(linkTo(report, target, "added"), {
    state: "up",
    peers: [1],
    spare: [],
    foreign: [],
    isSure: true,
  });
});

Deno.test("hostPort() writes addresses as bitcoind does", () => {
  assert.equal(hostPort("10.0.0.2", 18444), "10.0.0.2:18444");
  assert.equal(hostPort("fd00::2", 18444), "[fd00::2]:18444");
});
