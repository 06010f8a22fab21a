/** One container on a scripted runtime and a clock that tests drive. */

import assert from "node:assert/strict";
import type { Container, PodSpec } from "kubernetes-types/core/v1.d.ts";

import type { ContainerState } from "../../../lib/embedded/kubelet/container_state.ts";
import { ContainerWorker } from "../../../lib/embedded/kubelet/container_worker.ts";
import { FakeClock, settle } from "../../support/fake_clock.ts";
import { ScriptedRuntime } from "./_scripted_runtime.ts";

/** What is special about a container. */
export interface HarnessOptions {
  /** @default {"Always"} */
  readonly policy?: PodSpec["restartPolicy"];
  /** @default {"main"} */
  readonly role?: "init" | "main";
  /** Called before each run; may throw. */
  readonly configure?: () => Promise<void>;
}

/** One container on a runtime and a clock that tests drive. */
export class ContainerHarness {
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

  /** Starts the worker, and its container if nothing stands against it. */
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

  /** The state now, as text. */
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

/** A state as a text, such as `running`, `CrashLoopBackOff` or `Error 1`. */
function describe(state: ContainerState): string {
  if (state.kind === "running") return "running";
  return state.kind === "waiting" ? state.reason : `${state.reason} ${state.exitCode}`;
}
