/** What a replica leaves alone that does not lead, though its workers run: a leader that has lost its lease a moment ago. */

import assert from "node:assert/strict";
import { runController } from "../../../lib/cli/run/controller.ts";
import type { Elector } from "../../../lib/cli/run/election.ts";
import { ClockCheck, SERVICES } from "../../../lib/kube/mod.ts";
import type { RpcClient } from "../../../lib/rpc/mod.ts";
import { aborted } from "../../../lib/time/mod.ts";
import { Lab } from "../../cluster/lab.ts";
import { nodesOf } from "../../cluster/links.ts";
import { embedded, type Target } from "../../cluster/target.ts";
import { eventually, until } from "../../support/eventually.ts";
import { fakeIo } from "../../support/fake_io.ts";
import { captureLogs, type LogLine } from "../../support/logs.ts";

/** Time for the controller to come again to a network that has failed a few times, in ms. */
const TIMEOUT_MS = 15_000;

/** An election that a test decides, and that ends with the run. */
class DecidedElection implements Elector {
  isLeading = true;
  readonly isHealthy = true;

  async elected(): Promise<void> {}

  async run(signal: AbortSignal): Promise<void> {
    await aborted(signal).catch(() => {});
  }
}

/** Runs the controller on `target` until it is disposed of. */
function start(target: Target, elector: Elector): AsyncDisposable {
  const stop = new AbortController();
  const options = {
    ...{ leaseName: "a", leaseDuration: 15, renewDeadline: 10_000, retryPeriod: 2_000 },
    ...{ poll: 1_000, workers: 1, peerAddresses: target.peerAddresses },
    listen: { hostname: "127.0.0.1", port: 0 },
  };
  const access = {
    connection: target.controller,
    userAgent: "guarded",
    clockCheck: new ClockCheck(),
  };
  const running = runController(fakeIo({ signal: stop.signal }), options, access, () => elector);
  return {
    [Symbol.asyncDispose]: async () => {
      stop.abort(new Error("The test is over"));
      await running;
    },
  };
}

/** How many polls of nodes have failed, by the metrics at `url`. */
async function failedPolls(url: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const polls = /^bitcoin_controller_rpc_requests_total\{method="batch",result="(\w+)"\} (\d+)$/gm;
  return [...text.matchAll(polls)]
    .filter(([, result]) => result !== "success")
    .reduce((sum, [, , count]) => sum + Number(count), 0);
}

/** Waits until so many more polls of nodes have failed. */
async function untilRefused(url: string, times: number): Promise<void> {
  const before = await failedPolls(url);
  await eventually(async () => await failedPolls(url) >= before + times, {
    what: "calls of nodes to be refused",
    timeoutMs: TIMEOUT_MS,
  });
}

/** The added lists of all nodes together. */
async function entriesOf(nodes: readonly RpcClient[]): Promise<readonly string[]> {
  const lists = await Promise.all(nodes.map((node) => node.getAddedNodeInfo()));
  return lists.flat().map(({ addednode }) => addednode);
}

Deno.test("run writes nothing and calls no node while it does not lead, whatever is due", async () => {
  await using logs = await captureLogs();
  await using target = await embedded("fake")();
  const lab = new Lab(target, "default");
  const services = lab.objects(SERVICES);
  const election = new DecidedElection();
  await using _controller = start(target, election);
  await lab.create("net", { nodes: 2 });
  await lab.untilReady("net", 2);
  const nodes = await nodesOf(lab, "net", 2);
  const wanted = await entriesOf(nodes);
  assert.notDeepEqual(wanted, []);
  const serving = logs.lines.find(({ text }) => text === "Serving health and metrics");
  const url = String(serving?.properties["url"]);

  election.isLeading = false;
  // What was under way when it turned is over once something has been refused after it.
  await untilRefused(url, 1);
  for (const node of nodes) {
    for (const { addednode } of await node.getAddedNodeInfo()) {
      await node.addNode(addednode, "remove");
    }
  }
  await untilRefused(url, 2);
  assert.deepEqual(await entriesOf(nodes), []);

  await services.mergePatch("net-svc", { spec: { publishNotReadyAddresses: false } });
  const isRefused = ({ properties: { error } }: LogLine): boolean =>
    /\/services\/net-svc': this replica is not the leader/.test(String(error));
  await eventually(() => logs.lines.some(isRefused), {
    what: "a write of the Service to be refused",
    timeoutMs: TIMEOUT_MS,
  });
  assert.ok(!(await services.get("net-svc")).spec?.publishNotReadyAddresses);

  election.isLeading = true;
  await until(services, ([service]) => service?.spec?.publishNotReadyAddresses, {
    what: "the Service to be put back",
    timeoutMs: TIMEOUT_MS,
  });
  await eventually(async () => `${await entriesOf(nodes)}` === `${wanted}`, {
    what: "the nodes to be told of each other again",
    timeoutMs: TIMEOUT_MS,
  });
});
