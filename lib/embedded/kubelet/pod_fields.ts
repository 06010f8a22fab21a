/** The fields of a pod that its own containers can ask for (the "downward API"). */

import type { Pod } from "kubernetes-types/core/v1.d.ts";

import { PodConfigError } from "./config_objects.ts";

/** A pod and the addresses that its status does not hold yet. */
export interface PodContext {
  /** The pod. */
  readonly pod: Pod;
  /** Address of the pod. */
  readonly podIp: string;
  /** Address of the node. */
  readonly hostIp: string;
}

/**
 * The value of a `fieldPath`; a label or an annotation that is not there is empty.
 *
 * @throws {PodConfigError} if containers cannot ask for that field
 */
export function podField(context: PodContext, fieldPath: string): string {
  const { metadata = {}, spec } = context.pod;
  const one = /^metadata\.(labels|annotations)\['(.*)'\]$/.exec(fieldPath);
  if (one) return metadata[one[1] === "labels" ? "labels" : "annotations"]?.[one[2] ?? ""] ?? "";
  switch (fieldPath) {
    case "metadata.name":
      return metadata.name ?? "";
    case "metadata.namespace":
      return metadata.namespace ?? "";
    case "metadata.uid":
      return metadata.uid ?? "";
    case "metadata.labels":
      return keyValueLines(metadata.labels);
    case "metadata.annotations":
      return keyValueLines(metadata.annotations);
    case "spec.nodeName":
      return spec?.nodeName ?? "";
    case "spec.serviceAccountName":
      return spec?.serviceAccountName ?? "";
    case "status.podIP":
    case "status.podIPs":
      return context.podIp;
    case "status.hostIP":
    case "status.hostIPs":
      return context.hostIp;
    default:
      throw new PodConfigError(`unsupported fieldPath: ${fieldPath}`);
  }
}

function keyValueLines(values: Readonly<Record<string, string>> = {}): string {
  return Object.entries(values).sort(([a], [b]) => a < b ? -1 : 1)
    .map(([key, value]) => `${key}=${JSON.stringify(value)}`).join("\n");
}
