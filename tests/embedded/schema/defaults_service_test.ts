import assert from "node:assert/strict";

import { serviceDefaults } from "../../../lib/embedded/schema/defaults_service.ts";
import type { JsonObject } from "../../../lib/embedded/schema/mod.ts";

const CLUSTER_IP = {
  type: "ClusterIP",
  sessionAffinity: "None",
  internalTrafficPolicy: "Cluster",
};

const CASES: readonly (readonly [what: string, given: JsonObject, filled: JsonObject])[] = [
  ["makes a service one inside the cluster", {}, CLUSTER_IP],
  ["keeps a headless service headless", { clusterIP: "None" }, {
    clusterIP: "None",
    ...CLUSTER_IP,
  }],
  [
    "sends traffic to the port of the same number",
    { ports: [{ port: 80 }] },
    { ...CLUSTER_IP, ports: [{ port: 80, protocol: "TCP", targetPort: 80 }] },
  ],
  [
    "takes target 0 for none, and keeps a name",
    { ports: [{ port: 80, targetPort: 0 }, { port: 81, protocol: "UDP", targetPort: "rpc" }] },
    {
      ...CLUSTER_IP,
      ports: [
        { port: 80, protocol: "TCP", targetPort: 80 },
        { port: 81, protocol: "UDP", targetPort: "rpc" },
      ],
    },
  ],
  [
    "has a policy for traffic from outside where there is any",
    { type: "NodePort" },
    { ...CLUSTER_IP, type: "NodePort", externalTrafficPolicy: "Cluster" },
  ],
  [
    "allocates ports of the nodes for a load balancer",
    { type: "LoadBalancer" },
    {
      ...CLUSTER_IP,
      type: "LoadBalancer",
      allocateLoadBalancerNodePorts: true,
      externalTrafficPolicy: "Cluster",
    },
  ],
  [
    "has no policies for a name elsewhere",
    { type: "ExternalName", externalName: "a.b" },
    { type: "ExternalName", externalName: "a.b", sessionAffinity: "None" },
  ],
  [
    "remembers clients for three hours, if it does at all",
    { sessionAffinity: "ClientIP" },
    {
      ...CLUSTER_IP,
      sessionAffinity: "ClientIP",
      sessionAffinityConfig: { clientIP: { timeoutSeconds: 10_800 } },
    },
  ],
  [
    "forgets how to remember clients when it does not",
    { sessionAffinityConfig: { clientIP: { timeoutSeconds: 1 } } },
    CLUSTER_IP,
  ],
];

for (const [what, spec, filled] of CASES) {
  Deno.test(`serviceDefaults() ${what}`, () => {
    assert.deepEqual(serviceDefaults({ spec }), { spec: filled });
  });
}
