/** What keeps a pod from being Ready, in the words of somebody who has to mend it. Pure. */

import type { ContainerStatus, Pod } from "kubernetes-types/core/v1.d.ts";
import { conditionOf, isReady } from "./pods.ts";

/** What keeps a pod from being Ready. */
export interface PodTrouble {
  /** Reason for the condition NodesReady. */
  readonly reason: "ImagePullFailed" | "CrashLoop" | "Unschedulable" | "NodesStarting";
  /** Which pod, how it is, and what to do unless that will pass. */
  readonly message: string;
}

/** Reasons for which a container waits because there is no image for it (Kubernetes, `pkg/kubelet/images/types.go`). */
const IMAGE_REASONS =
  /^(ErrImage|ImagePull|ImageInspect|InvalidImage|RegistryUnavailable|SignatureValidation)/;

/** Reasons for which a container waits that only take their time. */
const BEGINNING = /^(ContainerCreating|PodInitializing)$/;

/** What keeps a pod from being Ready; `undefined` if it is. */
export function troubleOf(pod: Pod): PodTrouble | undefined {
  if (isReady(pod)) return undefined;
  const { metadata, spec, status } = pod;
  const it = `Pod '${metadata?.name}'`;
  if (metadata?.deletionTimestamp) {
    const node = spec?.nodeName ? `; if this lasts, look after its node '${spec.nodeName}'` : "";
    return starting(`${it} is being deleted, and another one takes its place${node}`);
  }
  const scheduled = conditionOf(pod, "PodScheduled");
  if (scheduled?.status === "False") {
    return scheduled.reason === "Unschedulable"
      ? {
        reason: "Unschedulable",
        message:
          `${it} fits on no node: ${sentence(scheduled.message)}; make room or add a node, ` +
          "or lower spec.nodes",
      }
      : starting(`${it} is not scheduled: ${scheduled.reason}: ${sentence(scheduled.message)}`);
  }
  if (status?.phase === "Failed") {
    const why = [status.reason, sentence(status.message)].filter(Boolean).join(": ");
    return starting(`${it} has failed${why && ` (${why})`}, and another one takes its place`);
  }
  const [container] = status?.containerStatuses ?? [];
  if (!container) return starting(`${it} is not Ready yet: it has not been started`);
  return waitingTrouble(pod, container) ??
    starting(`${it} is not Ready yet: ${stepOf(pod, container)}`);
}

function waitingTrouble(pod: Pod, container: ContainerStatus): PodTrouble | undefined {
  const { reason = "", message } = container.state?.waiting ?? {};
  if (reason === "" || BEGINNING.test(reason)) return undefined;
  const node = pod.spec?.nodeName;
  const it = `Pod '${pod.metadata?.name}'${node ? ` on '${node}'` : ""}`;
  const why = [reason, sentence(message)].filter(Boolean).join(": ");
  if (IMAGE_REASONS.test(reason)) {
    return {
      reason: "ImagePullFailed",
      message: `${it} ${imageTrouble(pod, container, reason, why)}`,
    };
  }
  if (reason === "CrashLoopBackOff") {
    const look = kubectl(pod, "logs", "--previous");
    return {
      reason: "CrashLoop",
      message: `${it} keeps failing: bitcoind ${endOf(container)}; see ${look}`,
    };
  }
  return starting(`${it} cannot start: ${why}; see ${kubectl(pod, "describe pod")}`);
}

/** What is wrong with the image, and what to do. */
function imageTrouble(
  pod: Pod,
  { name, image }: ContainerStatus,
  reason: string,
  why: string,
): string {
  const wanted = pod.spec?.containers.find((container) => container.name === name)?.image ?? image;
  switch (reason) {
    case "InvalidImageName":
      return `cannot pull '${wanted}', which is no name of an image (${why}); correct spec.image`;
    case "ErrImageNeverPull":
      return `has no image '${wanted}' (${why}); load it onto the node, or let spec.imagePullPolicy be IfNotPresent`;
    default:
      return `cannot pull image '${wanted}' (${why}); check spec.image, and that the node can reach and may use its registry`;
  }
}

/** How the container ended the last time. */
function endOf({ state, lastState }: ContainerStatus): string {
  const { exitCode, reason, message = "" } = state?.terminated ?? lastState?.terminated ?? {};
  if (exitCode === undefined) return "ended";
  const why = reason && reason !== "Error" && reason !== "Completed" ? ` (${reason})` : "";
  const said = message.trim().split("\n").at(-1);
  return `ended with exit code ${exitCode}${why}${said ? `, and said: ${sentence(said)}` : ""}`;
}

/** How far a container has come that is not waiting for anything. */
function stepOf(pod: Pod, container: ContainerStatus): string {
  const { state, lastState, started } = container;
  if (state?.terminated) return `bitcoind ${endOf(container)}, and is started again`;
  if (!state?.running) return "its container is being made";
  const before = lastState?.terminated?.exitCode ? `; before, it ${endOf(container)}` : "";
  return started === false
    ? `bitcoind is starting${before}`
    : `bitcoind does not answer its readiness probe${before}; see ${kubectl(pod, "logs")}`;
}

function starting(message: string): PodTrouble {
  return { reason: "NodesStarting", message };
}

/** What somebody else says, as a part of our sentence. */
function sentence(text: string | undefined): string {
  return (text ?? "").trim().replace(/\.$/, "");
}

/** The command that shows more of a pod. */
function kubectl({ metadata }: Pod, verb: string, ...options: readonly string[]): string {
  const namespace = metadata?.namespace ? ["-n", metadata.namespace] : [];
  return ["kubectl", verb, ...namespace, metadata?.name, ...options].join(" ");
}
