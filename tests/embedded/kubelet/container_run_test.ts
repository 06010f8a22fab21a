import assert from "node:assert/strict";

import { ContainerHarness } from "./_container_harness.ts";

const exec = { exec: { command: ["check"] } };

Deno.test("ContainerWorker is ready without a readiness probe once the startup probe has passed", async () => {
  const test = new ContainerHarness({
    startupProbe: { ...exec, periodSeconds: 2, failureThreshold: 9 },
  });
  test.runtime.exec = () => Promise.resolve({ exitCode: 1, output: "warming up" });
  await using _ = await test.start();
  assert.deepEqual([test.worker.snapshot.started, test.worker.snapshot.ready], [false, false]);
  assert.equal(test.events.at(-1), "Warning Unhealthy Startup probe failed: warming up");
  test.runtime.exec = () => Promise.resolve({ exitCode: 0, output: "" });
  await test.clock.advance(2000);
  assert.deepEqual([test.worker.snapshot.started, test.worker.snapshot.ready], [true, true]);
});

Deno.test("ContainerWorker checks readiness right after the startup probe has passed", async () => {
  const test = new ContainerHarness({
    startupProbe: { exec: { command: ["startup"] } },
    readinessProbe: { exec: { command: ["readiness"] }, periodSeconds: 5 },
  });
  await using _ = await test.start();
  assert.deepEqual(test.runtime.last.commands, ["startup", "readiness"]);
  assert.equal(test.worker.snapshot.ready, true);
});

Deno.test("ContainerWorker follows the readiness probe both ways", async () => {
  const test = new ContainerHarness({
    readinessProbe: { ...exec, periodSeconds: 5, failureThreshold: 2 },
  });
  await using _ = await test.start();
  const ready: boolean[] = [test.worker.snapshot.ready];
  for (const exitCode of [1, 1, 0]) {
    test.runtime.exec = () => Promise.resolve({ exitCode, output: "" });
    await test.clock.advance(5000);
    ready.push(test.worker.snapshot.ready);
  }
  assert.deepEqual(ready, [true, true, false, true]);
});

Deno.test("ContainerWorker waits for the initial delay, and then keeps the period", async () => {
  const test = new ContainerHarness({
    readinessProbe: { ...exec, initialDelaySeconds: 7, periodSeconds: 5 },
  });
  await using _ = await test.start();
  const { last } = test.runtime;
  const counts: number[] = [];
  for (const ms of [6999, 1, 4999, 1]) {
    await test.clock.advance(ms);
    counts.push(last.commands.length);
  }
  assert.deepEqual(counts, [0, 1, 1, 2]);
});

for (const kind of ["startup", "liveness"] as const) {
  Deno.test(`ContainerWorker restarts a container that fails its ${kind} probe`, async () => {
    const probe = { ...exec, periodSeconds: 1, failureThreshold: 3 };
    const test = new ContainerHarness({ [`${kind}Probe`]: probe });
    test.runtime.exec = () => Promise.resolve({ exitCode: 1, output: "" });
    await using _ = await test.start();
    const { last } = test.runtime;
    await test.clock.advance(1000);
    assert.deepEqual(last.signals, []);
    test.runtime.exec = () => Promise.resolve({ exitCode: 1, output: "still" });
    await test.clock.advance(1000);
    assert.deepEqual(last.signals, ["SIGTERM"]);
    assert.equal(test.runtime.containers.length, 2);
    const note = `Normal Killing Container c failed ${kind} probe, will be restarted`;
    assert.ok(test.events.includes(note));
  });
}

Deno.test("ContainerWorker kills a container that does not end when a probe wants a restart", async () => {
  const livenessProbe = { ...exec, failureThreshold: 1, terminationGracePeriodSeconds: 5 };
  const test = new ContainerHarness({ livenessProbe });
  test.runtime.onStart = (container) => {
    container.exitCodeOnTerm = undefined;
  };
  test.runtime.exec = () => Promise.resolve({ exitCode: 1, output: "" });
  await using _ = await test.start();
  const { last } = test.runtime;
  await test.clock.advance(4999);
  assert.deepEqual(last.signals, ["SIGTERM"]);
  await test.clock.advance(1);
  assert.deepEqual(last.signals, ["SIGTERM", "SIGKILL"]);
});

Deno.test("ContainerWorker leaves a container its time to end although it fails its liveness probe", async () => {
  const livenessProbe = { ...exec, failureThreshold: 1, terminationGracePeriodSeconds: 1 };
  const test = new ContainerHarness({ livenessProbe });
  await using _ = await test.start();
  test.runtime.last.exitCodeOnTerm = undefined;
  test.stopping.abort();
  test.runtime.exec = () => Promise.resolve({ exitCode: 1, output: "" });
  await test.clock.advance(60_000);
  assert.deepEqual(test.runtime.last.signals, ["SIGTERM"]);
});

Deno.test("ContainerWorker fails a check that hangs, and aborts it", async () => {
  const test = new ContainerHarness({
    readinessProbe: { ...exec, timeoutSeconds: 3, failureThreshold: 1 },
  });
  let aborted = false;
  test.runtime.exec = (_command, signal) =>
    new Promise(() => signal.addEventListener("abort", () => aborted = true));
  await using _ = await test.start();
  await test.clock.advance(3000);
  assert.equal(aborted, true);
  assert.equal(
    test.events.at(-1),
    'Warning Unhealthy Readiness probe failed: command timed out: "check" timed out after 3s',
  );
});

Deno.test("ContainerWorker does not count a check that could not be made", async () => {
  const test = new ContainerHarness({ livenessProbe: { ...exec, failureThreshold: 1 } });
  test.runtime.exec = () => Promise.reject(new Error("no such program"));
  await using _ = await test.start();
  await test.clock.advance(30_000);
  assert.equal(test.events.at(-1), "Warning Unhealthy Liveness probe errored: no such program");
  assert.equal(test.runtime.containers.length, 1);
});
