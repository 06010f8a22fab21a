import assert from "node:assert/strict";
import type { Container, PodSpec } from "kubernetes-types/core/v1.d.ts";

import type { ContainerState } from "../../../lib/embedded/kubelet/container_state.ts";
import { ContainerWorker } from "../../../lib/embedded/kubelet/container_worker.ts";
import { ContainerStartError } from "../../../lib/embedded/kubelet/runtime.ts";
import { FakeClock, settle } from "../../support/fake_clock.ts";
import { ScriptedRuntime } from "./_scripted_runtime.ts";

interface HarnessOptions {
  readonly policy?: PodSpec["restartPolicy"];
  readonly role?: "init" | "main";
  /** Called before each run; may throw. */
  readonly configure?: () => Promise<void>;
}

/** One container on a runtime and a clock that tests drive. */
class Harness {
  readonly clock = new FakeClock();
  readonly runtime = new ScriptedRuntime();
  readonly events: string[] = [];
  readonly worker: ContainerWorker;
  readonly stopping = new AbortController();
  readonly killing = new AbortController();
  /** Each state it was ever in, as text. */
  readonly states: string[] = [];
  /** Runs whose remains were removed, with the state that was shown by then. */
  readonly cleaned: string[] = [];
  done = false;
  #running: Promise<void> | undefined;

  constructor(spec: Omit<Container, "name"> = {}, options: HarnessOptions = {}) {
    this.worker = new ContainerWorker({
      spec: { name: "c", image: "img", ...spec },
      role: options.role ?? "main",
      policy: options.policy ?? "Always",
      podLabel: "p_ns(u)",
      initializing: false,
      graceSeconds: 30,
      runtime: this.runtime,
      clock: this.clock,
      configure: async (run, log) => {
        await options.configure?.();
        return {
          pod: { namespace: "ns", name: "p", uid: "u" },
          name: "c",
          image: "img",
          command: [],
          env: {},
          ip: "127.0.0.1",
          hostDir: `${run}`,
          mounts: [],
          log: (text) => log.append({ atMs: 0, text }),
        };
      },
      cleanUp: ({ hostDir }) => {
        this.cleaned.push(`run ${hostDir}: ${this.state}`);
        return Promise.resolve();
      },
      report: (type, reason, note) => this.events.push(`${type} ${reason} ${note}`),
      changed: () => {
        const text = describe(this.worker.snapshot.state);
        if (this.states.at(-1) !== text) this.states.push(text);
      },
    });
  }

  async start(): Promise<this> {
    this.#running = this.worker.run({
      stopping: this.stopping.signal,
      killing: this.killing.signal,
    }).then(() => {
      this.done = true;
    });
    await this.clock.advance(0);
    return this;
  }

  /** Ends the current instance. */
  async end(exitCode: number): Promise<void> {
    this.runtime.last.end(exitCode);
    await settle();
  }

  get state(): string {
    return describe(this.worker.snapshot.state);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.stopping.abort();
    this.killing.abort();
    await settle();
    await this.#running;
    assert.equal(this.clock.sleeping, 0, "nothing sleeps when all is over");
    assert.ok(this.runtime.containers.every(({ running }) => !running), "nothing runs any more");
  }
}

function describe(state: ContainerState): string {
  if (state.kind === "running") return "running";
  return state.kind === "waiting" ? state.reason : `${state.reason} ${state.exitCode}`;
}

// Restarts

Deno.test("ContainerWorker starts a container and says so", async () => {
  await using test = await new Harness().start();
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
  await using test = await new Harness().start();
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
  await using test = await new Harness().start();
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
  await using test = await new Harness().start();
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
    await using test = await new Harness({}, { policy }).start();
    await test.end(exitCode);
    assert.equal(test.done, done);
    assert.equal(test.state, done ? (exitCode ? "Error 1" : "Completed 0") : "running");
  });
}

Deno.test("ContainerWorker calls an init container ready when it has succeeded", async () => {
  await using test = await new Harness({}, { role: "init" }).start();
  await test.end(1);
  assert.deepEqual([test.done, test.worker.snapshot.ready], [false, false]);
  await test.end(0);
  assert.deepEqual([test.done, test.worker.snapshot.ready], [true, true]);
});

Deno.test("ContainerWorker shows the last lines of a failed container if its spec asks for them", async () => {
  const spec: Container = { name: "c", terminationMessagePolicy: "FallbackToLogsOnError" };
  await using test = await new Harness(spec, { policy: "Never" }).start();
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
  await using test = await new Harness().start();
  test.runtime.last.config.log("first run");
  const logs = (): (string | undefined)[] =>
    [test.worker.previousLog, test.worker.log].map((log) => log?.tail(9, 99));
  assert.deepEqual(logs(), [undefined, "first run"]);
  await test.end(1);
  test.runtime.last.config.log("second run");
  assert.deepEqual(logs(), ["first run", "second run"]);
});

Deno.test("ContainerWorker closes the log of a run at its end", async () => {
  await using test = await new Harness({}, { policy: "Never" }).start();
  const lines = test.worker.log?.read({ follow: true }, new AbortController().signal);
  const next = lines?.next();
  await test.end(0);
  assert.equal((await next)?.done, true);
});

Deno.test("ContainerWorker shows the end of a run before it removes what is left of it", async () => {
  await using test = await new Harness().start();
  await test.end(1);
  await test.end(0);
  assert.deepEqual(test.cleaned, ["run 0: Error 1", "run 1: Completed 0"]);
});

// What cannot be started

Deno.test("ContainerWorker treats a command that cannot be started as containerd does", async () => {
  const test = new Harness();
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
  const test = new Harness();
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
  await using test = await new Harness({}, { configure }).start();
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
  await using test = await new Harness().start();
  test.stopping.abort();
  await settle();
  assert.deepEqual(test.runtime.last.signals, ["SIGTERM"]);
  assert.deepEqual([test.done, test.state], [true, "Completed 0"]);
  assert.equal(test.events.at(-1), "Normal Killing Stopping container c");
});

Deno.test("ContainerWorker kills a container that does not end", async () => {
  await using test = await new Harness().start();
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
  await using test = await new Harness().start();
  await test.end(1);
  await test.end(1);
  test.stopping.abort();
  await settle();
  assert.deepEqual([test.done, test.state], [true, "Error 1"]);
  assert.equal(test.runtime.containers.length, 2);
});

Deno.test("ContainerWorker ends at once a container that starts while its pod ends", async () => {
  const test = new Harness();
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
  const test = new Harness();
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

// Probes

const exec = { exec: { command: ["check"] } };

Deno.test("ContainerWorker is ready without a readiness probe once the startup probe has passed", async () => {
  const test = new Harness({ startupProbe: { ...exec, periodSeconds: 2, failureThreshold: 9 } });
  test.runtime.exec = () => Promise.resolve({ exitCode: 1, output: "warming up" });
  await using _ = await test.start();
  assert.deepEqual([test.worker.snapshot.started, test.worker.snapshot.ready], [false, false]);
  assert.equal(test.events.at(-1), "Warning Unhealthy Startup probe failed: warming up");
  test.runtime.exec = () => Promise.resolve({ exitCode: 0, output: "" });
  await test.clock.advance(2000);
  assert.deepEqual([test.worker.snapshot.started, test.worker.snapshot.ready], [true, true]);
});

Deno.test("ContainerWorker checks readiness right after the startup probe has passed", async () => {
  const test = new Harness({
    startupProbe: { exec: { command: ["startup"] } },
    readinessProbe: { exec: { command: ["readiness"] }, periodSeconds: 5 },
  });
  await using _ = await test.start();
  assert.deepEqual(test.runtime.last.commands, ["startup", "readiness"]);
  assert.equal(test.worker.snapshot.ready, true);
});

Deno.test("ContainerWorker follows the readiness probe both ways", async () => {
  const test = new Harness({ readinessProbe: { ...exec, periodSeconds: 5, failureThreshold: 2 } });
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
  const test = new Harness({
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
    const test = new Harness({ [`${kind}Probe`]: probe });
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
  const test = new Harness({ livenessProbe });
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

Deno.test("ContainerWorker fails a check that hangs, and aborts it", async () => {
  const test = new Harness({
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
  const test = new Harness({ livenessProbe: { ...exec, failureThreshold: 1 } });
  test.runtime.exec = () => Promise.reject(new Error("no such program"));
  await using _ = await test.start();
  await test.clock.advance(30_000);
  assert.equal(test.events.at(-1), "Warning Unhealthy Liveness probe errored: no such program");
  assert.equal(test.runtime.containers.length, 1);
});
