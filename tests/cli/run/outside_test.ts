/** What is said to who runs the controller where pods cannot be reached. */

import assert from "node:assert/strict";
import { runProgram } from "../../../lib/cli/mod.ts";
import { OutsideHint } from "../../../lib/cli/run/outside.ts";
import { type ContainerConfig, EmbeddedCluster, type Runtime } from "../../../lib/embedded/mod.ts";
import { BITCOIN_NETWORKS } from "../../../lib/network/mod.ts";
import { installDefinition } from "../../cluster/install.ts";
import { eventually } from "../../support/eventually.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { fakeIo } from "../../support/fake_io.ts";
import { captureLogs } from "../../support/logs.ts";

Deno.test("OutsideHint speaks once, when all nodes have been mute for ten seconds", async () => {
  await using logs = await captureLogs();
  const clock = new FakeClock();
  const hint = new OutsideHint(clock);
  for (let polls = 0; polls < 10; polls++) {
    hint.polled("default/net", "mute");
    assert.equal(logs.lines.length, polls * 2 >= 10 ? 1 : 0, `${polls * 2} s`);
    await clock.advance(2_000);
  }
  const [line] = logs.lines;
  assert.equal(line?.level, "warning");
  assert.match(line?.text ?? "", /outside the cluster, and pod addresses cannot be reached/);
  assert.equal(line?.properties["network"], "default/net");
});

Deno.test("OutsideHint says nothing once any node has answered: what is mute then has another reason", async () => {
  await using logs = await captureLogs();
  const clock = new FakeClock();
  const hint = new OutsideHint(clock);
  hint.polled("default/net", "mute");
  hint.polled("default/other", "answered");
  await clock.advance(60_000);
  hint.polled("default/net", "mute");
  assert.deepEqual(logs.lines, []);
});

/** Pods that are Ready as their kubelet sees them, and that nobody else can reach: nothing listens at their addresses. */
const outOfReach: Runtime = {
  name: "out-of-reach",
  start({ ip }: ContainerConfig) {
    const exit = Promise.withResolvers<{ exitCode: number }>();
    return Promise.resolve({
      id: `out-of-reach://${ip}`,
      exited: exit.promise,
      exec: () => Promise.resolve({ exitCode: 0, output: "" }),
      kill: () => exit.resolve({ exitCode: 0 }),
    });
  },
};

Deno.test("run says from outside that pods cannot be reached, what works all the same, and what does not", async () => {
  await using cluster = new EmbeddedCluster({ runtime: outOfReach, stopGraceMs: 1_000 });
  await cluster.start();
  await installDefinition(cluster.client);
  const stop = new AbortController();
  const io = fakeIo({ signal: stop.signal });
  const args = ["run", "--kubeconfig", cluster.kubeconfig, "--peer-addresses", "ip"];
  const ended = runProgram(args, io);
  try {
    await cluster.client.resource(BITCOIN_NETWORKS, "default").create({
      metadata: { name: "net" },
      spec: { nodes: 2 },
    });
    await eventually(() => /^.*Pods are Ready and none.*$/m.test(io.stderr()), {
      what: "the hint",
      timeoutMs: 40_000,
    });
  } finally {
    stop.abort(new Error("The test is over"));
    await ended;
  }
  const [line = ""] = /^.*Pods are Ready and none.*$/m.exec(io.stderr()) ?? [];
  assert.match(line, /WARNING/);
  assert.match(line, /created, changed and deleted all the same/);
  assert.match(line, /no network becomes Ready/);
  assert.match(line, /network=default\/net remedy=run it in the cluster.*docs\/install\.md$/);
});
