import assert from "node:assert/strict";
import type { PodSpec } from "kubernetes-types/core/v1.d.ts";

import type {
  ContainerSnapshot,
  Terminated,
} from "../../../lib/embedded/kubelet/container_state.ts";
import { isRestarted, podPhase } from "../../../lib/embedded/kubelet/pod_phase.ts";

function ended(exitCode: number): Terminated {
  const reason = exitCode === 0 ? "Completed" : "Error";
  return { kind: "terminated", exitCode, reason, startedAtMs: 0, finishedAtMs: 0 };
}

/** W waiting, R running, 0 ended well, 1 ended badly, B waiting after a bad end. */
function containers(states: string): ContainerSnapshot[] {
  return [...states].map((state) => {
    const base = { name: "c", image: "i", restartCount: 0, started: false, ready: false };
    switch (state) {
      case "R":
        return { ...base, state: { kind: "running", startedAtMs: 0 } };
      case "0":
      case "1":
        return { ...base, state: ended(Number(state)) };
      case "B":
        return { ...base, state: { kind: "waiting", reason: "CrashLoopBackOff" }, last: ended(1) };
      default:
        return { ...base, state: { kind: "waiting", reason: "ContainerCreating" } };
    }
  });
}

type Row = readonly [init: string, main: string, policy: PodSpec["restartPolicy"], phase: string];

const GOING_ON: readonly Row[] = [
  ["", "W", "Always", "Pending"],
  ["", "RW", "Always", "Pending"],
  ["", "R", "Always", "Running"],
  ["", "B", "Always", "Running"],
  ["", "RB", "Always", "Running"],
  ["", "0", "Always", "Running"],
  ["", "1", "OnFailure", "Running"],
  ["", "0", "OnFailure", "Succeeded"],
  ["", "01", "OnFailure", "Running"],
  ["", "R1", "Never", "Running"],
  ["", "01", "Never", "Failed"],
  ["", "00", "Never", "Succeeded"],
  ["R", "W", "Always", "Pending"],
  ["0W", "W", "Always", "Pending"],
  ["B", "W", "Always", "Pending"],
  ["00", "W", "Always", "Pending"],
  ["0", "R", "Always", "Running"],
];

const OVER: readonly Row[] = [
  ["", "0", "Always", "Succeeded"],
  ["", "1", "Always", "Failed"],
  ["", "01", "Always", "Failed"],
  ["", "W", "Always", "Failed"],
  ["1", "W", "Never", "Failed"],
];

for (const [rows, finished] of [[GOING_ON, false], [OVER, true]] as const) {
  for (const [init, main, policy, phase] of rows) {
    const when = `containers '${init}/${main}', ${policy}${finished ? ", all over" : ""}`;
    Deno.test(`podPhase() is ${phase} when ${when}`, () => {
      const snapshot = {
        initContainers: containers(init),
        containers: containers(main),
        finished,
      };
      assert.equal(podPhase(snapshot, policy), phase);
    });
  }
}

Deno.test("isRestarted() follows the restart policy", () => {
  const table = (role: "init" | "main"): string =>
    (["Always", "OnFailure", "Never"] as const)
      .flatMap((policy) => [0, 1].map((code) => isRestarted(policy, role, code) ? "y" : "n"))
      .join("");
  assert.equal(table("main"), "yynynn");
  assert.equal(table("init"), "nynynn");
});
