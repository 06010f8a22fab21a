/** A kubelet on an API server in memory, a scripted runtime and a clock that tests drive. */

import assert from "node:assert/strict";
import type { Pod, PodSpec } from "kubernetes-types/core/v1.d.ts";

import { AddressAllocator } from "../../../lib/embedded/kubelet/addresses.ts";
import { Kubelet, type KubeletOptions } from "../../../lib/embedded/kubelet/kubelet.ts";
import { KubeClient, type Stored } from "../../../lib/kube/mod.ts";
import { eventually } from "../../support/eventually.ts";
import { FakeClock, settle } from "../../support/fake_clock.ts";
import { FakeApi } from "./_fake_api.ts";
import { type ScriptedContainer, ScriptedRuntime } from "./_scripted_runtime.ts";
import { namesIn, temporaryFolder } from "../../support/temporary_folder.ts";

export const NODE = "/api/v1/nodes/n1";
export const TOKEN = "t0ken";

export function podPath(name: string): string {
  return `/api/v1/namespaces/ns/pods/${name}`;
}

/** A kubelet on an API server in memory, a scripted runtime and a clock that tests drive. */
export class KubeletHarness {
  readonly api = new FakeApi();
  readonly clock = new FakeClock();
  readonly runtime = new ScriptedRuntime();
  readonly client: KubeClient;
  #stop = new AbortController();
  #running: Promise<void> | undefined;
  readonly rootDir: string;

  constructor(rootDir: string) {
    this.rootDir = rootDir;
    const connection = { server: "http://api.test", namespace: "ns", description: "a test" };
    this.client = new KubeClient(connection, { fetch: this.api.fetch, clock: this.clock });
  }

  async start(options: Partial<KubeletOptions> = {}): Promise<void> {
    this.#stop = new AbortController();
    const kubelet = new Kubelet({
      client: this.client,
      nodeName: "n1",
      runtime: this.runtime,
      rootDir: this.rootDir,
      serverToken: TOKEN,
      addresses: new AddressAllocator({ isFree: () => true }),
      clock: this.clock,
      ...options,
    });
    this.#running = kubelet.run(this.#stop.signal);
    await kubelet.ready(this.#stop.signal);
  }

  /** Tells the kubelet to stop; `passing` moves time on until it has. */
  async stop(passing = 0): Promise<void> {
    this.#stop.abort(new Error("the test is over"));
    for (let ms = 0; ms < passing; ms += 1000) {
      await settle();
      await this.clock.advance(1000);
    }
    await this.#running;
  }

  putPod(name: string, spec: Partial<PodSpec> = {}, rest: Partial<Pod> = {}): void {
    const full: PodSpec = {
      nodeName: "n1",
      containers: [{ name: "c", image: "img", command: ["run"] }],
      restartPolicy: "Always",
      terminationGracePeriodSeconds: 30,
      ...spec,
    };
    const status = { phase: "Pending", qosClass: "BestEffort" };
    this.api.put(podPath(name), { apiVersion: "v1", kind: "Pod", status, ...rest, spec: full });
  }

  pod(name: string): Stored<Pod> | undefined {
    return this.api.get<Pod>(podPath(name));
  }

  deletePod(name: string, deletionGracePeriodSeconds: number): void {
    const pod = this.pod(name);
    assert.ok(pod);
    const deletionTimestamp = "2026-01-01T00:00:30Z";
    this.api.put(podPath(name), {
      ...pod,
      metadata: { ...pod.metadata, deletionTimestamp, deletionGracePeriodSeconds },
    });
  }

  async untilPod(
    name: string,
    what: string,
    is: (pod: Stored<Pod>) => boolean,
  ): Promise<Stored<Pod>> {
    return await eventually(() => {
      const pod = this.pod(name);
      return pod && is(pod) && pod;
    }, { what: `pod ${name} to be ${what}` });
  }

  async untilReady(name: string): Promise<Stored<Pod>> {
    return await this.untilPod(name, "ready", (pod) => conditionOf(pod, "Ready") === "True");
  }

  async untilGone(name: string): Promise<void> {
    await eventually(() => !this.pod(name), { what: `pod ${name} to be gone` });
  }

  /** The instances of a pod's containers, in the order of their starts. */
  instances(name: string): ScriptedContainer[] {
    return this.runtime.containers.filter(({ config }) => config.pod.name === name);
  }

  /** Writes of pods so far: `PATCH a/status`. */
  get podWrites(): string[] {
    return this.api.writes.filter(({ path }) => path.includes("/pods/"))
      .map(({ method, path }) => `${method} ${path.split("/pods/")[1]}`);
  }
}

export function conditionOf(pod: Pod, type: string): string | undefined {
  return pod.status?.conditions?.find((condition) => condition.type === type)?.status;
}

export function kubeletTest(name: string, run: (harness: KubeletHarness) => Promise<void>): void {
  Deno.test(`Kubelet ${name}`, async () => {
    await using folder = await temporaryFolder();
    const harness = new KubeletHarness(folder.path);
    try {
      await run(harness);
    } finally {
      await harness.stop();
    }
    assert.ok(harness.runtime.containers.every(({ running }) => !running), "nothing runs");
    assert.deepEqual(await namesIn(folder.path), [], "no file is left");
    assert.equal(harness.clock.sleeping, 0, "nothing sleeps");
  });
}
