import assert from "node:assert/strict";

import { serviceDefaults } from "../../../lib/embedded/schema/defaults_service.ts";
import { asObject, type JsonObject } from "../../../lib/embedded/schema/mod.ts";
import {
  validateService,
  validateServiceUpdate,
} from "../../../lib/embedded/schema/validate_service.ts";
import { said } from "./_kinds.ts";

function service(spec: JsonObject): JsonObject {
  return serviceDefaults({ spec: { ports: [{ port: 80 }], ...spec } });
}

const CREATED: readonly (readonly [what: string, spec: JsonObject, says: readonly string[]])[] = [
  ["is content with what is right", { clusterIP: "10.0.0.1", selector: { a: "b" } }, []],
  ["wants ports", { ports: [] }, ["spec.ports: Required value"]],
  ["lets a headless service go without ports", { ports: [], clusterIP: "None" }, []],
  ["wants names for more than one port", { ports: [{ name: "a", port: 1 }, { port: 2 }] }, [
    "spec.ports[1].name: Required value",
  ]],
  [
    "refuses ports that are the same",
    { ports: [{ name: "a", port: 1 }, { name: "a", port: 1 }] },
    [
      'spec.ports[1].name: Duplicate value: "a"',
      'spec.ports[1]: Duplicate value: {"Name":"","Protocol":"TCP","AppProtocol":null,"Port":1,"TargetPort":0,"NodePort":0}',
    ],
  ],
  [
    "refuses ports that are none",
    { ports: [{ port: 0, targetPort: "-" }] },
    [
      "spec.ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive",
      'spec.ports[0].targetPort: Invalid value: "-": must contain at least one letter (a-z)',
      'spec.ports[0].targetPort: Invalid value: "-": must not begin or end with a hyphen',
    ],
  ],
  [
    "refuses a port of the nodes inside the cluster",
    { ports: [{ port: 1, nodePort: 30_000 }] },
    ["spec.ports[0].nodePort: Forbidden: may not be used when `type` is 'ClusterIP'"],
  ],
  ["refuses an unknown type", { type: "Any" }, [
    'spec.type: Unsupported value: "Any": supported values: "ClusterIP", "ExternalName", "LoadBalancer", "NodePort"',
  ]],
  ["refuses an address that is none", { clusterIP: "here" }, [
    'spec.clusterIPs[0]: Invalid value: "here": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
  ]],
  ["wants the name of a name elsewhere", { type: "ExternalName" }, [
    "spec.externalName: Required value",
  ]],
];

for (const [what, spec, says] of CREATED) {
  Deno.test(`validateService() ${what}`, () => {
    assert.deepEqual(said(validateService(service(spec))), says);
  });
}

const MOVED = 'spec.clusterIPs[0]: Invalid value: ["10.0.0.2"]: may not change once set';

const UPDATED: readonly (readonly [
  what: string,
  spec: JsonObject,
  old: JsonObject,
  says: readonly string[],
])[] = [
  ["keeps its address", { clusterIPs: ["10.0.0.2"] }, { clusterIPs: ["10.0.0.1"] }, [MOVED]],
  ["may get an address", { clusterIPs: ["10.0.0.2"] }, {}, []],
  [
    "may get another one with another type",
    { clusterIPs: ["10.0.0.2"] },
    { type: "ExternalName", clusterIPs: ["10.0.0.1"] },
    [],
  ],
];

for (const [what, spec, old, says] of UPDATED) {
  Deno.test(`validateServiceUpdate(): a service ${what}`, () => {
    assert.deepEqual(said(validateServiceUpdate(service(spec), service(old), "")), says);
  });
}

Deno.test("validateServiceUpdate() refuses a status that only a load balancer has", () => {
  const old = service({});
  const status = { loadBalancer: { ingress: [{ ip: "10.0.0.1" }] } };
  assert.deepEqual(said(validateServiceUpdate({ ...old, status }, old, "status")), [
    "status.loadBalancer.ingress: Forbidden: may only be used when `spec.type` is 'LoadBalancer'",
  ]);
  const balanced = { spec: { ...asObject(old.spec), type: "LoadBalancer" }, status };
  assert.deepEqual(validateServiceUpdate(balanced, old, "status"), []);
});
