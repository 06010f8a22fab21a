/** Requests to the API server, under client-go's names where there are such (`tools/metrics`), and watches. */

import { Counter, Histogram } from "prom-client";
import type { Method, RequestObserver, WatchObserver, WatchRestart } from "../kube/mod.ts";
import type { MetricsRegistry } from "./registry.ts";

/** Upper bounds of the durations, in s (`k8s.io/component-base`, `metrics/prometheus/restclient`). */
const DURATIONS = [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 45, 60];

/** The label `code` of a request without an answer (client-go, `rest/request.go`). */
const NO_ANSWER = "<error>";

/** The status of a success, by what is asked: known from the start, so that rates are right from the first request. */
const SUCCESSES: Readonly<Record<string, readonly [Method, ...codes: string[]]>> = {
  get: ["GET", "200"],
  list: ["GET", "200"],
  watch: ["GET", "200"],
  create: ["POST", "201"],
  update: ["PUT", "200"],
  patch: ["PATCH", "200", "201"], // An apply may create.
  delete: ["DELETE", "200"],
};

/** Failures that somebody may want an alert for before the first one has happened. */
const FAILURES = ["403", "409", "429", "500", "503", NO_ANSWER] as const;

/** Why a watch may begin anew. */
const RESTARTS: readonly WatchRestart[] = [
  ...["ended", "empty", "silent", "lost", "expired", "busy", "refused", "failed"] as const,
];

/** As much of a rule of RBAC as the metrics need. */
export interface Rule {
  /** API group; empty for the core group. */
  readonly apiGroup: string;
  /** Kind in the plural, with its subresource. */
  readonly resource: string;
  /** What is done with it. */
  readonly verbs: Iterable<string>;
}

/** What requests there will be. */
export interface RequestMetricsOptions {
  /** Host and port of the API server. */
  readonly host: string;
  /** All that may be asked for. */
  readonly rights: Iterable<Rule>;
}

/** Counts the requests to one API server; all that is expected starts from zero. */
export function requestMetrics(
  registry: MetricsRegistry,
  { host, rights }: RequestMetricsOptions,
): RequestObserver {
  const registers = [registry];
  const requests = new Counter({
    name: "rest_client_requests_total",
    help: "Requests to the API server, by the status of the answer",
    labelNames: ["code", "method", "host"],
    registers,
  });
  const durations = new Histogram({
    name: "rest_client_request_duration_seconds",
    help: "How long the API server takes to begin its answer",
    labelNames: ["verb", "host"],
    buckets: DURATIONS,
    registers,
  });
  const forbidden = new Counter({
    name: "bitcoin_controller_forbidden_requests_total",
    help: "Requests that RBAC refused (403), in the words of the rule that is missing",
    labelNames: ["verb", "group", "resource"],
    registers,
  });
  for (const { verbs, apiGroup, resource } of rights) {
    for (const verb of verbs) forbidden.labels(verb, apiGroup, resource).inc(0);
  }
  for (const verb of new Set(Array.from(rights, ({ verbs }) => [...verbs]).flat())) {
    const [method, ...codes] = SUCCESSES[verb] ?? [];
    if (method === undefined) continue;
    for (const code of [...codes, ...FAILURES]) requests.labels(code, method, host).inc(0);
    durations.zero({ verb: method, host });
  }
  return {
    exchanged({ method, host, operation, status, tookMs }) {
      requests.labels(status === undefined ? NO_ANSWER : String(status), method, host).inc();
      durations.labels(method, host).observe(tookMs / 1000);
      if (status === 403 && operation) {
        const { verb, apiGroup, resource } = operation;
        forbidden.labels(verb, apiGroup, resource).inc();
      }
    },
  };
}

/** Counts how often lists and watches of `resources`, kinds in the plural, begin anew; all starts from zero. */
export function watchMetrics(
  registry: MetricsRegistry,
  resources: Iterable<string>,
): WatchObserver {
  const restarts = new Counter({
    name: "bitcoin_controller_watch_restarts_total",
    help: "How often a list or a watch was begun anew, and why",
    labelNames: ["resource", "reason"],
    registers: [registry],
  });
  for (const resource of resources) {
    for (const reason of RESTARTS) restarts.labels(resource, reason).inc(0);
  }
  return { restarted: (resource, reason) => restarts.labels(resource, reason).inc() };
}
