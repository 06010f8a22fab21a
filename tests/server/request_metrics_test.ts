/** The metrics of requests, watches and calls: what starts at zero and what moves. */

import assert from "node:assert/strict";
import { MetricsRegistry, requestMetrics, rpcMetrics, watchMetrics } from "../../lib/server/mod.ts";
import { countsOf, samplesOf } from "./_samples.ts";

const HOST = "10.0.0.1:443";
const RIGHTS = [{ apiGroup: "apps", resource: "statefulsets/status", verbs: ["watch", "patch"] }];

Deno.test("requestMetrics() has the expected answers and refusals from the start, at zero", async () => {
  const registry = new MetricsRegistry();
  requestMetrics(registry, { host: HOST, rights: RIGHTS });
  const names = Object.keys(samplesOf(await registry.metrics()));
  assert.deepEqual(names.filter((name) => name.startsWith("rest_client_requests_total")), [
    ...["200", "403", "409", "429", "500", "503", "<error>"].map((code) =>
      `rest_client_requests_total{code="${code}",method="GET",host="${HOST}"}`
    ),
    ...["200", "201", "403", "409", "429", "500", "503", "<error>"].map((code) =>
      `rest_client_requests_total{code="${code}",method="PATCH",host="${HOST}"}`
    ),
  ]);
  assert.deepEqual(names.filter((name) => name.startsWith("bitcoin_controller_forbidden")), [
    'bitcoin_controller_forbidden_requests_total{verb="watch",group="apps",resource="statefulsets/status"}',
    'bitcoin_controller_forbidden_requests_total{verb="patch",group="apps",resource="statefulsets/status"}',
  ]);
  assert.deepEqual(await countsOf(registry), {});
});

Deno.test("requestMetrics() counts by status, and a refusal by the rule that is missing", async () => {
  const registry = new MetricsRegistry();
  const observer = requestMetrics(registry, { host: HOST, rights: [] });
  const operation = { verb: "create", apiGroup: "", resource: "services" } as const;
  const exchange = { method: "POST", host: HOST, operation, tookMs: 250 } as const;
  observer.exchanged({ ...exchange, status: 201 });
  observer.exchanged({ ...exchange, status: 403 });
  observer.exchanged({ ...exchange, status: undefined });
  observer.exchanged({ ...exchange, method: "GET", operation: undefined, status: 403 });
  assert.deepEqual(await countsOf(registry), {
    [`rest_client_requests_total{code="201",method="POST",host="${HOST}"}`]: 1,
    [`rest_client_requests_total{code="403",method="POST",host="${HOST}"}`]: 1,
    [`rest_client_requests_total{code="<error>",method="POST",host="${HOST}"}`]: 1,
    [`rest_client_requests_total{code="403",method="GET",host="${HOST}"}`]: 1,
    [`rest_client_request_duration_seconds_sum{verb="POST",host="${HOST}"}`]: 0.75,
    [`rest_client_request_duration_seconds_count{verb="POST",host="${HOST}"}`]: 3,
    [`rest_client_request_duration_seconds_sum{verb="GET",host="${HOST}"}`]: 0.25,
    [`rest_client_request_duration_seconds_count{verb="GET",host="${HOST}"}`]: 1,
    'bitcoin_controller_forbidden_requests_total{verb="create",group="",resource="services"}': 1,
  });
});

Deno.test("watchMetrics() counts restarts by resource and reason", async () => {
  const registry = new MetricsRegistry();
  const observer = watchMetrics(registry, ["pods", "services"]);
  const all = Object.keys(samplesOf(await registry.metrics()));
  assert.equal(all.length, 16);
  assert.deepEqual(await countsOf(registry), {});
  observer.restarted("pods", "expired");
  observer.restarted("pods", "expired");
  observer.restarted("services", "ended");
  assert.deepEqual(await countsOf(registry), {
    'bitcoin_controller_watch_restarts_total{resource="pods",reason="expired"}': 2,
    'bitcoin_controller_watch_restarts_total{resource="services",reason="ended"}': 1,
  });
});

Deno.test("rpcMetrics() counts by method and result; several calls are a batch", async () => {
  const registry = new MetricsRegistry();
  const observer = rpcMetrics(registry, ["batch", "addnode"]);
  const all = Object.keys(samplesOf(await registry.metrics()));
  assert.equal(all.length, 2 * 9 + 2 * 2);
  assert.deepEqual(await countsOf(registry), {});
  const methods = ["getpeerinfo", "getnetworkinfo"];
  observer.exchanged({ methods, outcome: "success", tookMs: 4 });
  observer.exchanged({ methods, outcome: "timeout", tookMs: 5000 });
  observer.exchanged({ methods: ["addnode"], outcome: "refused", tookMs: 8 });
  assert.deepEqual(await countsOf(registry), {
    'bitcoin_controller_rpc_requests_total{method="batch",result="success"}': 1,
    'bitcoin_controller_rpc_requests_total{method="batch",result="timeout"}': 1,
    'bitcoin_controller_rpc_requests_total{method="addnode",result="refused"}': 1,
    'bitcoin_controller_rpc_request_duration_seconds_sum{method="batch"}': 5.004,
    'bitcoin_controller_rpc_request_duration_seconds_count{method="batch"}': 2,
    'bitcoin_controller_rpc_request_duration_seconds_sum{method="addnode"}': 0.008,
    'bitcoin_controller_rpc_request_duration_seconds_count{method="addnode"}': 1,
  });
});
