import assert from "node:assert/strict";

import {
  type ContainerConfig,
  type ContainerExit,
  type RunningContainer,
  type Runtime,
  TrackingRuntime,
} from "../../lib/embedded/mod.ts";

/** A runtime whose containers run until they are killed. */
const inner: Runtime = {
  name: "idle",
  start({ name }) {
    const { promise, resolve } = Promise.withResolvers<ContainerExit>();
    const container: RunningContainer = {
      id: `idle://${name}`,
      exited: promise,
      exec: () => Promise.resolve({ exitCode: 0, output: "" }),
      kill: (signal) => resolve({ exitCode: signal === "SIGKILL" ? 137 : 143 }),
    };
    return Promise.resolve(container);
  },
};

function config(pod: string, name: string): ContainerConfig {
  return {
    pod: { namespace: "default", name: pod, uid: pod },
    name,
    image: "x",
    command: [],
    env: {},
    ip: "127.1.0.1",
    hostDir: "/nowhere",
    mounts: [],
    log: () => {},
  };
}

Deno.test("TrackingRuntime knows what runs, kills what it is told to, and forgets what has ended", async () => {
  const runtime = new TrackingRuntime(inner);
  const { signal } = new AbortController();
  const a = await runtime.start(config("web-0", "a"), signal);
  const b = await runtime.start(config("web-1", "b"), signal);
  assert.equal(runtime.name, "idle");
  assert.deepEqual(runtime.running, [
    { namespace: "default", pod: "web-0", name: "a", id: "idle://a" },
    { namespace: "default", pod: "web-1", name: "b", id: "idle://b" },
  ]);
  assert.equal(runtime.kill(({ pod }) => pod === "web-1"), 1);
  assert.deepEqual(await b.exited, { exitCode: 137 });
  assert.deepEqual(runtime.running.map(({ pod }) => pod), ["web-0"]);
  a.kill("SIGTERM");
  await a.exited;
  assert.deepEqual(runtime.running, []);
  assert.equal(runtime.kill(() => true), 0);
});

Deno.test("TrackingRuntime.lose() ends a container for the kubelet alone", async () => {
  const runtime = new TrackingRuntime(inner);
  const { signal } = new AbortController();
  const a = await runtime.start(config("web-0", "a"), signal);
  const [lost] = runtime.lose(({ pod }) => pod === "web-0");
  assert.equal(lost?.id, "idle://a");
  assert.deepEqual(await a.exited, { exitCode: 137 });
  assert.deepEqual(runtime.running, []);
  a.kill("SIGKILL");
  assert.equal(runtime.kill(() => true), 0);
});
