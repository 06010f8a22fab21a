import assert from "node:assert/strict";
import type { Container } from "kubernetes-types/core/v1.d.ts";

import { ContainerStartError } from "../../../lib/embedded/kubelet/runtime.ts";
import { settle } from "../../support/fake_clock.ts";
import { ContainerHarness } from "./_container_harness.ts";

// Restarts

Deno.test("ContainerWorker starts a container and says so", async () => {
  await using test = await new ContainerHarness().start();
  const { state, ready, started, restartCount, containerId } = test.worker.snapshot;
  assert.deepEqual(state, { kind: "running", startedAtMs: test.clock.now() });
  assert.deepEqual([ready, started, restartCount, containerId], [true, true, 0, "scripted://1"]);
  assert.deepEqual(test.events, [
    'Normal Pulled Container image "img" already present on machine',
    "Normal Created Created container: c",
    "Normal Started Started container c",
  ]);
});

Deno.test("ContainerWorker restarts at once, then after 10 s, then after 20 s", async () => {
  await using test = await new ContainerHarness().start();
  await test.end(1);
  assert.deepEqual([test.runtime.containers.length, test.state], [2, "running"]);
  for (const delayMs of [10_000, 20_000]) {
    const before = test.runtime.containers.length;
    await test.clock.advance(1000);
    await test.end(1);
    assert.equal(test.state, "CrashLoopBackOff");
    await test.clock.advance(delayMs - 1);
    assert.equal(test.runtime.containers.length, before);
    await test.clock.advance(1);
    assert.deepEqual([test.runtime.containers.length, test.state], [before + 1, "running"]);
  }
  assert.equal(test.worker.snapshot.restartCount, 3);
});

Deno.test("ContainerWorker tells why it waits and how the container ended", async () => {
  await using test = await new ContainerHarness().start();
  await test.end(1);
  const startedAtMs = test.clock.now();
  await test.clock.advance(3000);
  await test.end(2);
  assert.deepEqual(test.worker.snapshot, {
    name: "c",
    image: "img",
    state: {
      kind: "waiting",
      reason: "CrashLoopBackOff",
      message: "back-off 10s restarting failed container c in pod p_ns(u)",
    },
    last: {
      kind: "terminated",
      exitCode: 2,
      reason: "Error",
      startedAtMs,
      finishedAtMs: startedAtMs + 3000,
      containerId: "scripted://2",
    },
    restartCount: 1,
    started: false,
    ready: false,
    containerId: "scripted://2",
  });
  assert.equal(
    test.events.at(-1),
    "Warning BackOff Back-off restarting failed container c in pod p_ns(u)",
  );
});

Deno.test("ContainerWorker forgets earlier failures when the container has run for 10 minutes", async () => {
  await using test = await new ContainerHarness().start();
  await test.end(1);
  await test.end(1);
  await test.clock.advance(10_000 + 600_001);
  await test.end(1);
  assert.deepEqual([test.runtime.containers.length, test.state], [4, "running"]);
});

const POLICIES = [
  ["Always", 0, false],
  ["OnFailure", 0, true],
  ["OnFailure", 1, false],
  ["Never", 0, true],
  ["Never", 1, true],
] as const;

for (const [policy, exitCode, done] of POLICIES) {
  const what = done ? "is done" : "restarts";
  Deno.test(`ContainerWorker ${what} after exit code ${exitCode} with policy ${policy}`, async () => {
    await using test = await new ContainerHarness({}, { policy }).start();
    await test.end(exitCode);
    assert.equal(test.done, done);
    assert.equal(test.state, done ? (exitCode ? "Error 1" : "Completed 0") : "running");
  });
}

Deno.test("ContainerWorker calls an init container ready when it has succeeded", async () => {
  await using test = await new ContainerHarness({}, { role: "init" }).start();
  await test.end(1);
  assert.deepEqual([test.done, test.worker.snapshot.ready], [false, false]);
  await test.end(0);
  assert.deepEqual([test.done, test.worker.snapshot.ready], [true, true]);
});

Deno.test("ContainerWorker shows the last lines of a failed container if its spec asks for them", async () => {
  const spec: Container = { name: "c", terminationMessagePolicy: "FallbackToLogsOnError" };
  await using test = await new ContainerHarness(spec, { policy: "Never" }).start();
  test.runtime.last.config.log("starting");
  test.runtime.last.config.log("Error: Cannot obtain a lock");
  await test.end(1);
  const { state } = test.worker.snapshot;
  assert.equal(
    state.kind === "terminated" && state.message,
    "starting\nError: Cannot obtain a lock",
  );
});

Deno.test("ContainerWorker keeps the log of the run before", async () => {
  await using test = await new ContainerHarness().start();
  test.runtime.last.config.log("first run");
  const logs = (): (string | undefined)[] =>
    [test.worker.previousLog, test.worker.log].map((log) => log?.tail(9, 99));
  assert.deepEqual(logs(), [undefined, "first run"]);
  await test.end(1);
  test.runtime.last.config.log("second run");
  assert.deepEqual(logs(), ["first run", "second run"]);
});

Deno.test("ContainerWorker closes the log of a run at its end", async () => {
  await using test = await new ContainerHarness({}, { policy: "Never" }).start();
  const lines = test.worker.log?.read({ follow: true }, new AbortController().signal);
  const next = lines?.next();
  await test.end(0);
  assert.equal((await next)?.done, true);
});

Deno.test("ContainerWorker shows the end of a run before it removes what is left of it", async () => {
  await using test = await new ContainerHarness().start();
  await test.end(1);
  await test.end(0);
  assert.deepEqual(test.cleaned, ["run 0: Error 1", "run 1: Completed 0"]);
});

// What cannot be started

Deno.test("ContainerWorker treats a command that cannot be started as containerd does", async () => {
  const test = new ContainerHarness();
  test.runtime.beforeStart = () => {
    throw new ContainerStartError("RunContainerError", 'exec: "x": not found');
  };
  await using _ = await test.start();
  assert.equal(test.state, "CrashLoopBackOff");
  const { last, restartCount } = test.worker.snapshot;
  assert.deepEqual(last, {
    kind: "terminated",
    exitCode: 128,
    reason: "StartError",
    message: 'exec: "x": not found',
    startedAtMs: 0,
    finishedAtMs: test.clock.now(),
  });
  assert.equal(restartCount, 1);
  assert.ok(test.states.includes("RunContainerError"));
  assert.ok(test.events.includes('Warning Failed Error: exec: "x": not found'));
  test.runtime.beforeStart = () => {};
  await test.clock.advance(10_000);
  assert.equal(test.state, "running");
});

Deno.test("ContainerWorker waits with the reason of a runtime that has no container at all", async () => {
  const test = new ContainerHarness();
  test.runtime.beforeStart = () => {
    throw new ContainerStartError("ErrImagePull", "no such image");
  };
  await using _ = await test.start();
  const state = { kind: "waiting", reason: "ErrImagePull", message: "no such image" };
  assert.deepEqual(test.worker.snapshot.state, state);
  test.runtime.beforeStart = () => {};
  await test.clock.advance(10_000);
  assert.deepEqual([test.state, test.worker.snapshot.restartCount], ["running", 0]);
});

Deno.test("ContainerWorker waits for its configuration and tries again", async () => {
  let missing = true;
  const configure = (): Promise<void> =>
    missing ? Promise.reject(new Error('secret "s" not found')) : Promise.resolve();
  await using test = await new ContainerHarness({}, { configure }).start();
  const message = 'secret "s" not found';
  assert.deepEqual(test.worker.snapshot.state, {
    kind: "waiting",
    reason: "CreateContainerConfigError",
    message,
  });
  assert.deepEqual(test.events, [`Warning Failed Error: ${message}`]);
  missing = false;
  await test.clock.advance(10_000);
  assert.equal(test.state, "running");
});

// The end

Deno.test("ContainerWorker asks the container to end when its pod ends", async () => {
  await using test = await new ContainerHarness().start();
  test.stopping.abort();
  await settle();
  assert.deepEqual(test.runtime.last.signals, ["SIGTERM"]);
  assert.deepEqual([test.done, test.state], [true, "Completed 0"]);
  assert.equal(test.events.at(-1), "Normal Killing Stopping container c");
});

Deno.test("ContainerWorker kills a container that does not end", async () => {
  await using test = await new ContainerHarness().start();
  test.runtime.last.exitCodeOnTerm = undefined;
  test.stopping.abort();
  await settle();
  assert.deepEqual([test.done, test.state], [false, "running"]);
  test.killing.abort();
  await settle();
  assert.deepEqual(test.runtime.last.signals, ["SIGTERM", "SIGKILL"]);
  assert.deepEqual([test.done, test.state], [true, "Error 137"]);
});

Deno.test("ContainerWorker does not restart a container whose pod ends while it waits", async () => {
  await using test = await new ContainerHarness().start();
  await test.end(1);
  await test.end(1);
  test.stopping.abort();
  await settle();
  assert.deepEqual([test.done, test.state], [true, "Error 1"]);
  assert.equal(test.runtime.containers.length, 2);
});

Deno.test("ContainerWorker ends at once a container that starts while its pod ends", async () => {
  const test = new ContainerHarness();
  const started = Promise.withResolvers<void>();
  test.runtime.beforeStart = () => started.promise;
  await using _ = await test.start();
  test.stopping.abort();
  started.resolve();
  await settle();
  assert.deepEqual(test.runtime.last.signals, ["SIGTERM"]);
  assert.equal(test.done, true);
});

Deno.test("ContainerWorker leaves a start that hangs when its pod is killed, and kills what comes of it", async () => {
  const test = new ContainerHarness();
  const started = Promise.withResolvers<void>();
  test.runtime.beforeStart = () => started.promise;
  await using _ = await test.start();
  test.stopping.abort();
  test.killing.abort();
  await settle();
  assert.equal(test.done, true);
  started.resolve();
  await settle();
  assert.deepEqual(test.runtime.last.signals, ["SIGKILL"]);
});
