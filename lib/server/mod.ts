/**
 * The controller's own HTTP: health as Kubernetes asks for it, and metrics for Prometheus. Enter by
 * {@linkcode ControllerServer}; the metrics are observers that queue, client and RPC take, over a `MetricsRegistry`.
 *
 * @module
 */

export * from "./address.ts";
export * from "./controller_metrics.ts";
export * from "./health.ts";
export * from "./queue_metrics.ts";
export * from "./request_metrics.ts";
export * from "./rpc_metrics.ts";
export * from "./server.ts";
export * from "./state_metrics.ts";
export * from "./registry.ts";
