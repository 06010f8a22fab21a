/**
 * A kubelet that runs pods as processes, or as anything else that a {@linkcode Runtime} can start.
 * Enter at {@linkcode Kubelet}.
 *
 * @module
 */

export * from "./addresses.ts";
export * from "./kubelet.ts";
export * from "./process_runtime.ts";
export * from "./runtime.ts";
