/** Metrics of what is, which are read when somebody looks. */

import process from "node:process";
import { Counter, Gauge } from "prom-client";
import type { MetricsRegistry } from "./registry.ts";

/** Adds which replica leads, under client-go's name (`tools/leaderelection`). */
export function leaderMetric(
  registry: MetricsRegistry,
  name: string,
  isLeader: () => boolean,
): void {
  new Gauge({
    name: "leader_election_master_status",
    help: "Whether this replica is the leader (1) or not (0)",
    labelNames: ["name"],
    registers: [registry],
    collect() {
      this.labels(name).set(isLeader() ? 1 : 0);
    },
  });
}

/** Adds how many networks there are in each state. */
export function networksMetric(
  registry: MetricsRegistry,
  count: () => Readonly<Record<string, number>>,
): void {
  new Gauge({
    name: "bitcoin_controller_networks",
    help: "How many networks there are, by how they are",
    labelNames: ["state"],
    registers: [registry],
    collect() {
      for (const [state, number] of Object.entries(count())) this.labels(state).set(number);
    },
  });
}

/** Adds which program this is. */
export function buildMetric(registry: MetricsRegistry, version: string): void {
  new Gauge({
    name: "bitcoin_controller_build_info",
    help: "Always 1; the labels say which program this is",
    labelNames: ["version", "deno"],
    registers: [registry],
  }).labels(version, Deno.version.deno).set(1);
}

/** Adds what the process uses, under the names that Prometheus' own clients give it. */
export function processMetrics(registry: MetricsRegistry): void {
  const registers = [registry];
  new Counter({
    name: "process_cpu_seconds_total",
    help: "CPU time of the process, in user and system mode",
    registers,
    collect() {
      const { user, system } = process.cpuUsage();
      this.reset();
      this.inc((user + system) / 1e6);
    },
  });
  new Gauge({
    name: "process_resident_memory_bytes",
    help: "Memory of the process that is in RAM",
    registers,
    collect() {
      this.set(Deno.memoryUsage().rss);
    },
  });
  new Gauge({
    name: "process_start_time_seconds",
    help: "When the process started, in seconds since 1970",
    registers,
  }).set(performance.timeOrigin / 1000);
}
