/** How the parts of the kubelet tell people what happens to a pod. */

/** Writes an event about the pod at hand; returns at once. */
export type ReportEvent = (type: "Normal" | "Warning", reason: string, note: string) => void;
