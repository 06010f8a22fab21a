/** Conversations with nodes: each on its own, none waited for longer than a second. */

import assert from "node:assert/strict";
import fixture from "../fixtures/bitcoind-rpc.json" with { type: "json" };
import type { Action } from "../../lib/network/connections.ts";
import { Strings } from "../../lib/network/strings.ts";
import { type Callee, NodeRpc } from "../../lib/network/node_rpc.ts";
import type { RpcFetch } from "../../lib/rpc/mod.ts";
import { captureLogs } from "../support/logs.ts";
import { FakeClock, settle } from "../support/fake_clock.ts";
import { MARK, userAgent } from "./_samples.ts";

const CREDENTIALS = { user: "u", password: "p", salt: "s" };
const SIGNAL = new AbortController().signal;

function callee(number: number, uid = `uid-${number}`): Callee {
  return { name: `net-sts-${number}`, ip: `10.0.0.${number}`, uid };
}

interface Call {
  readonly url: string;
  readonly methods: readonly string[];
  /** Answers every call of the batch: what a real node was asked as that did, anything else with `null`. */
  readonly answer: () => void;
  readonly fail: (response: Response) => void;
  readonly signal: AbortSignal | null | undefined;
}

/** Nodes that answer when the test says so. */
class Nodes implements AsyncDisposable {
  readonly clock = new FakeClock();
  readonly calls: Call[] = [];
  late = 0;
  readonly rpc: NodeRpc;

  constructor() {
    this.rpc = new NodeRpc({
      strings: new Strings(),
      mark: MARK,
      clock: this.clock,
      fetch: this.#fetch,
      onLateAnswer: () => this.late++,
    });
  }

  /** Polls, with time passing up to `ms`; the states by UID. */
  async poll(callees: Callee[], ms = 0): Promise<Record<string, string>> {
    const poll = this.rpc.poll(callees, CREDENTIALS, SIGNAL);
    await this.clock.advance(ms);
    const reports = await poll;
    return Object.fromEntries([...reports].map(([uid, { state }]) => [uid, state]));
  }

  readonly #fetch: RpcFetch = (url, { body, signal }) =>
    new Promise((resolve, reject) => {
      const requests: { id: number; method: string }[] = JSON.parse(String(body));
      const pod = `net-sts-${/\.(\d+):/.exec(url)?.[1]}`;
      const results: Record<string, unknown> = {
        ...fixture,
        getnetworkinfo: { ...fixture.getnetworkinfo, subversion: userAgent(pod) },
      };
      const answers = requests.map(({ id, method }) => ({ id, result: results[method] ?? null }));
      signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
      this.calls.push({
        url,
        methods: requests.map(({ method }) => method),
        answer: () => resolve(Response.json(answers)),
        fail: resolve,
        signal,
      });
    });

  async [Symbol.asyncDispose](): Promise<void> {
    await this.rpc.close();
  }
}

Deno.test("NodeRpc.poll() asks all nodes at once, each with one batch", async () => {
  await using nodes = new Nodes();
  const poll = nodes.poll([callee(1), callee(2)]);
  await settle();
  assert.deepEqual(nodes.calls.map(({ url }) => url), [
    "http://10.0.0.1:18443/",
    "http://10.0.0.2:18443/",
  ]);
  for (const { methods, answer } of nodes.calls) {
    assert.deepEqual(methods, [
      "getblockchaininfo",
      "getnetworkinfo",
      "getpeerinfo",
      "getaddednodeinfo",
    ]);
    answer();
  }
  assert.deepEqual(await poll, { "uid-1": "up", "uid-2": "up" });
  assert.equal(nodes.late, 0);
});

Deno.test("NodeRpc.poll() waits a second for a node that hangs, and not for it again", async () => {
  await using nodes = new Nodes();
  const first = nodes.poll([callee(1), callee(2)]);
  await settle();
  nodes.calls[0]?.answer();
  await nodes.clock.advance(1_000);
  assert.deepEqual(await first, { "uid-1": "up", "uid-2": "unreachable" });
  assert.equal(nodes.clock.monotonic(), 1_000);
  const second = nodes.poll([callee(1), callee(2)]);
  await settle();
  nodes.calls[2]?.answer();
  assert.deepEqual(await second, { "uid-1": "up", "uid-2": "unreachable" });
  assert.equal(nodes.clock.monotonic(), 1_000, "no time has passed");
  assert.equal(nodes.calls.length, 3, "the one that hangs was asked once");
  assert.equal(nodes.late, 0, "only a late answer is told");
});

Deno.test("NodeRpc.poll() tells of a late answer, and believes it in the next run without asking again", async () => {
  await using nodes = new Nodes();
  await nodes.poll([callee(1)], 1_000);
  nodes.calls[0]?.answer();
  await settle();
  assert.equal(nodes.late, 1);
  assert.deepEqual(await nodes.poll([callee(1)]), { "uid-1": "up" });
  assert.equal(nodes.calls.length, 1);
  const third = nodes.poll([callee(1)]);
  await settle();
  nodes.calls[1]?.answer();
  assert.deepEqual(await third, { "uid-1": "up" });
});

Deno.test("NodeRpc.poll() reports what a node said before while it takes its time, up to 5 s", async () => {
  await using nodes = new Nodes();
  const first = nodes.poll([callee(1)]);
  await settle();
  nodes.calls[0]?.answer();
  assert.deepEqual(await first, { "uid-1": "up" });
  assert.deepEqual(await nodes.poll([callee(1)], 1_000), { "uid-1": "up" });
  await nodes.clock.advance(3_999);
  assert.deepEqual(await nodes.poll([callee(1)]), { "uid-1": "up" });
  await nodes.clock.advance(1);
  assert.deepEqual(await nodes.poll([callee(1)]), { "uid-1": "unreachable" });
  assert.equal(nodes.calls.length, 2, "it was asked once more");
  assert.deepEqual(await nodes.poll([callee(1)], 1_000), { "uid-1": "unreachable" });
});

Deno.test("NodeRpc.poll() does not believe what a node said before it was told to do something", async () => {
  await using nodes = new Nodes();
  const first = nodes.poll([callee(1)]);
  await settle();
  nodes.calls[0]?.answer();
  await first;
  const todo = new Map([["net-sts-1", ACTIONS.slice(0, 1)]]);
  const act = nodes.rpc.act([callee(1)], todo, CREDENTIALS, SIGNAL);
  await settle();
  nodes.calls[1]?.answer();
  await act;
  assert.deepEqual(await nodes.poll([callee(1)], 1_000), { "uid-1": "unreachable" });
});

Deno.test("NodeRpc.poll() forgets the pod before when another one has its name", async () => {
  await using nodes = new Nodes();
  await nodes.poll([callee(1, "old")], 1_000);
  const next = nodes.poll([callee(1, "new")]);
  await settle();
  nodes.calls[1]?.answer();
  assert.deepEqual(await next, { new: "up" });
});

Deno.test("NodeRpc.poll() reports a refusal, and throws when its own run is stopped", async () => {
  await using nodes = new Nodes();
  const poll = nodes.poll([callee(1)]);
  await settle();
  nodes.calls[0]?.fail(new Response("", { status: 401 }));
  assert.deepEqual(await poll, { "uid-1": "unreachable" });
  const stop = new AbortController();
  const stopped = nodes.rpc.poll([callee(1)], CREDENTIALS, stop.signal);
  await settle();
  stop.abort(new Error("stop"));
  await assert.rejects(stopped, /stop/);
});

Deno.test("NodeRpc.poll() is over at once without nodes", async () => {
  await using nodes = new Nodes();
  assert.deepEqual(await nodes.poll([]), {});
});

const ACTIONS: readonly Action[] = [
  { kind: "add", node: "a" },
  { kind: "remove", node: "b", isForeign: false },
  { kind: "disconnect", id: 7, why: "" },
  { kind: "onetry", node: "c" },
];

Deno.test("NodeRpc.act() carries out a node's actions in order, with one batch", async () => {
  await using nodes = new Nodes();
  const act = nodes.rpc.act([callee(1)], new Map([["net-sts-1", ACTIONS]]), CREDENTIALS, SIGNAL);
  await settle();
  nodes.calls[0]?.answer();
  await act;
  assert.deepEqual(nodes.calls.map(({ methods }) => methods), [
    ["addnode", "addnode", "disconnectnode", "addnode"],
  ]);
});

Deno.test("NodeRpc.act() takes it for done what holds already, and tells of anything else", async () => {
  await using nodes = new Nodes();
  const cases: [codes: number[], lines: number][] = [[[-23, -24, -29, -23], 0], [[-23, -1], 1]];
  for (const [codes, lines] of cases) {
    await using logs = await captureLogs();
    const todo = new Map([["net-sts-1", ACTIONS.slice(0, codes.length)]]);
    const act = nodes.rpc.act([callee(1)], todo, CREDENTIALS, SIGNAL);
    await settle();
    const errors = codes.map((code, id) => ({ id, error: { code, message: "m" } }));
    nodes.calls.at(-1)?.fail(Response.json(errors));
    await act;
    const told = logs.lines.filter(({ text }) => text === "Could not link a node");
    assert.equal(told.length, lines, String(codes));
  }
});

Deno.test("NodeRpc.act() gives no new work to a node that is busy, and waits a second at most", async () => {
  await using nodes = new Nodes();
  const todo = new Map([["net-sts-1", ACTIONS.slice(0, 1)]]);
  for (let i = 0; i < 2; i++) {
    const act = nodes.rpc.act([callee(1), callee(2)], todo, CREDENTIALS, SIGNAL);
    await nodes.clock.advance(1_000);
    await act;
  }
  assert.equal(nodes.calls.length, 1);
  nodes.calls[0]?.answer();
  await settle();
  assert.ok(nodes.late > 0);
});

Deno.test("NodeRpc.close() ends what is under way, and tells of nothing", async () => {
  const nodes = new Nodes();
  await nodes.poll([callee(1)], 1_000);
  await nodes.rpc.close();
  assert.ok(nodes.calls[0]?.signal?.aborted);
  assert.equal(nodes.late, 0);
});
