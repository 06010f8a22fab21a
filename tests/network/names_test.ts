/** Names are an API: users' scripts rely on them. */

import assert from "node:assert/strict";
import {
  configSecretName,
  containerName,
  dnsName,
  labelsOf,
  ordinalOf,
  podName,
  rpcSecretName,
  selectorOf,
  serviceName,
  statefulSetName,
} from "../../lib/network/mod.ts";

Deno.test("names of objects are those of the original controller, and those of the API reference", () => {
  assert.equal(serviceName("net"), "net-svc");
  assert.equal(statefulSetName("net"), "net-sts");
  assert.equal(containerName("net"), "net-sts-ctr");
  assert.equal(configSecretName("net"), "net-conf");
  assert.equal(rpcSecretName("net"), "net-rpc");
  assert.equal(podName("net", 7), "net-sts-7");
  assert.equal(dnsName("net", 7), "net-sts-7.net-svc");
});

Deno.test("ordinalOf() finds the ordinal of the network's pods and of no others", () => {
  const cases: [pod: string, ordinal: number | undefined][] = [
    ["net-sts-0", 0],
    ["net-sts-12", 12],
    ["net-sts-012", undefined],
    ["net-sts-", undefined],
    ["net-sts", undefined],
    ["net-sts--1", undefined],
    ["net-sts-1x", undefined],
    ["other-sts-1", undefined],
    ["my-net-sts-1", undefined],
  ];
  for (const [pod, ordinal] of cases) assert.equal(ordinalOf("net", pod), ordinal, pod);
});

Deno.test("selectorOf() is part of labelsOf(), so that the Service finds the pods", () => {
  const labels = labelsOf("net");
  for (const [key, value] of Object.entries(selectorOf("net"))) assert.equal(labels[key], value);
  assert.deepEqual(labels, {
    "app": "net",
    "app.kubernetes.io/name": "bitcoind",
    "app.kubernetes.io/instance": "net",
    "app.kubernetes.io/managed-by": "bitcoin-controller",
    "app.kubernetes.io/part-of": "bitcoin-network",
  });
});
