/** Requests to bitcoinds. */

import { Counter, Histogram } from "prom-client";
import type { RpcObserver, RpcRequestOutcome } from "../rpc/mod.ts";
import type { MetricsRegistry } from "./registry.ts";

/** Upper bounds of the durations, in s: a healthy node answers within milliseconds, a dial takes seconds. */
const DURATIONS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15];

/** How a request may end. */
const OUTCOMES: readonly RpcRequestOutcome[] = [
  ...["success", "refused", "aborted"] as const,
  ...["unauthorized", "forbidden", "overloaded", "timeout", "unreachable", "malformed"] as const,
];

/** The label `method` of a request with several calls. */
export const BATCH = "batch";

/**
 * Counts the requests to all bitcoinds; what is expected starts from zero.
 *
 * @param methods the methods that are called by themselves, and {@linkcode BATCH} if there are batches
 */
export function rpcMetrics(registry: MetricsRegistry, methods: Iterable<string>): RpcObserver {
  const registers = [registry];
  const requests = new Counter({
    name: "bitcoin_controller_rpc_requests_total",
    help: "Requests to bitcoinds, by how they ended; a poll is a batch",
    labelNames: ["method", "result"],
    registers,
  });
  const durations = new Histogram({
    name: "bitcoin_controller_rpc_request_duration_seconds",
    help: "How long requests to bitcoinds take",
    labelNames: ["method"],
    buckets: DURATIONS,
    registers,
  });
  for (const method of methods) {
    for (const outcome of OUTCOMES) requests.labels(method, outcome).inc(0);
    durations.zero({ method });
  }
  return {
    exchanged({ methods: [method = BATCH, ...more], outcome, tookMs }) {
      const label = more.length > 0 ? BATCH : method;
      requests.labels(label, outcome).inc();
      durations.labels(label).observe(tookMs / 1000);
    },
  };
}
