/** Runs the probes of one instance of a container, from its start to its end. */

import type { Probe } from "kubernetes-types/core/v1.d.ts";

import { isAbort } from "../../time/mod.ts";
import { checkOnce, type CheckTarget } from "./probe_check.ts";
import { NOT_PROBED, type ProbeKind, probeSettings, probeStep } from "./probes.ts";

/** What the probes have found out. */
export interface ContainerHealth {
  /** Whether the container has passed its startup probe, or has none. */
  readonly started: boolean;
  /** Whether it has started and passes its readiness probe, or has none. */
  readonly ready: boolean;
}

/** Who is told what the probes find out. */
export interface ProbeListener {
  /** The health has changed, or is known for the first time. */
  health(health: ContainerHealth): void;
  /** One check has not passed. */
  unhealthy(note: string): void;
  /** The container must be restarted. */
  failed(kind: "startup" | "liveness", probe: Probe): void;
}

/** Runs all probes until the signal is aborted: first the startup probe, and from its success on the other two. */
export async function runProbes(
  target: CheckTarget,
  listener: ProbeListener,
  signal: AbortSignal,
): Promise<void> {
  const { startupProbe, livenessProbe, readinessProbe } = target.spec;
  const startedAtMs = target.clock.monotonic();
  const verdictsOf = (kind: ProbeKind, probe: Probe): AsyncGenerator<"success" | "failure"> =>
    verdicts({ kind, probe, target, startedAtMs, unhealthy: listener.unhealthy }, signal);
  try {
    if (startupProbe) {
      listener.health({ started: false, ready: false });
      const { value } = await verdictsOf("startup", startupProbe).next();
      if (value !== "success") return listener.failed("startup", startupProbe);
    }
    listener.health({ started: true, ready: !readinessProbe });
    await Promise.all([
      readinessProbe && followReadiness(verdictsOf("readiness", readinessProbe), listener),
      livenessProbe &&
      watchLiveness(verdictsOf("liveness", livenessProbe), livenessProbe, listener),
    ]);
  } catch (error) {
    if (!isAbort(error, signal)) throw error;
  }
}

async function followReadiness(
  verdicts: AsyncIterable<"success" | "failure">,
  listener: ProbeListener,
): Promise<void> {
  for await (const verdict of verdicts) {
    listener.health({ started: true, ready: verdict === "success" });
  }
}

async function watchLiveness(
  verdicts: AsyncIterable<"success" | "failure">,
  probe: Probe,
  listener: ProbeListener,
): Promise<void> {
  for await (const verdict of verdicts) {
    if (verdict === "failure") return listener.failed("liveness", probe);
  }
}

interface Probing {
  readonly kind: ProbeKind;
  readonly probe: Probe;
  readonly target: CheckTarget;
  readonly startedAtMs: number;
  readonly unhealthy: (note: string) => void;
}

/** Each verdict as it is reached, and again only when it changes; throws the signal's reason when that is aborted. */
async function* verdicts(
  { kind, probe, target, startedAtMs, unhealthy }: Probing,
  signal: AbortSignal,
): AsyncGenerator<"success" | "failure"> {
  const { clock } = target;
  const settings = probeSettings(probe);
  let state = NOT_PROBED;
  let dueMs = startedAtMs + settings.initialDelayMs;
  for (;;) {
    await clock.sleep(dueMs - clock.monotonic(), signal);
    dueMs = clock.monotonic() + settings.periodMs;
    const { result, message } = await checkOnce(probe, target, settings.timeoutMs, signal);
    if (result !== "success") {
      const name = kind.charAt(0).toUpperCase() + kind.slice(1);
      unhealthy(`${name} probe ${result === "failure" ? "failed" : "errored"}: ${message}`);
    }
    const before = state.verdict;
    state = probeStep(state, result, settings);
    if (state.verdict && state.verdict !== before) yield state.verdict;
  }
}
