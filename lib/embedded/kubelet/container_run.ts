/** One run of a container, from the moment it has started to its end. */

import type { Container } from "kubernetes-types/core/v1.d.ts";

import { type Clock, onAbort } from "../../time/mod.ts";
import { type ContainerHealth, runProbes } from "./prober.ts";
import type { ReportEvent } from "./pod_event.ts";
import type { ContainerExit, RunningContainer } from "./runtime.ts";

/** When a container must end. */
export interface StopSignals {
  /** Its pod ends: ask it to end. */
  readonly stopping: AbortSignal;
  /** Its time to end in peace is over: kill it. Never aborted before `stopping`. */
  readonly killing: AbortSignal;
}

/** What is needed to look after a run. */
export interface ContainerRunOptions {
  /** The container as the pod's spec has it. */
  readonly spec: Container;
  /** The instance. */
  readonly running: RunningContainer;
  /** Address of the pod. */
  readonly ip: string;
  /** Seconds that the pod gives its containers to end. */
  readonly graceSeconds: number;
  /** Time source. */
  readonly clock: Clock;
  /** Told what the probes find out. */
  readonly health: (health: ContainerHealth) => void;
  /** Tells people. */
  readonly report: ReportEvent;
}

/** Probes the container, restarts it by killing it when a probe says so, ends it when its pod ends, and waits for its end. */
export async function superviseRun(
  options: ContainerRunOptions,
  { stopping, killing }: StopSignals,
): Promise<ContainerExit> {
  const { spec, running, ip, graceSeconds, clock, health, report } = options;
  const life = new AbortController();
  const probes = runProbes({ spec, running, ip, clock }, {
    health,
    unhealthy: (note) => report("Warning", "Unhealthy", note),
    failed(kind, probe) {
      if (stopping.aborted) return; // It ends anyway, and in its own time.
      report("Normal", "Killing", `Container ${spec.name} failed ${kind} probe, will be restarted`);
      running.kill("SIGTERM");
      const ms = (probe.terminationGracePeriodSeconds ?? graceSeconds) * 1000;
      clock.sleep(ms, life.signal).then(() => running.kill("SIGKILL"), () => {});
    },
  }, life.signal);
  using _stop = onAbort(stopping, () => {
    report("Normal", "Killing", `Stopping container ${spec.name}`);
    running.kill("SIGTERM");
  });
  using _kill = onAbort(killing, () => running.kill("SIGKILL"));
  const exit = await running.exited;
  life.abort();
  await probes;
  return exit;
}
