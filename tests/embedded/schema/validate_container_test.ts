import assert from "node:assert/strict";

import { containerDefaults } from "../../../lib/embedded/schema/defaults_container.ts";
import type { JsonObject } from "../../../lib/embedded/schema/mod.ts";
import {
  notNegative,
  oneOf,
  requiredText,
  validateContainers,
  validatePort,
} from "../../../lib/embedded/schema/validate_container.ts";
import { said } from "./_kinds.ts";

const PROBE = { exec: { command: ["true"] } };

const CASES: readonly (readonly [
  what: string,
  container: JsonObject,
  says: readonly string[],
])[] = [
  [
    "is content with what is right",
    {
      ports: [{ name: "rpc", containerPort: 1 }],
      env: [{ name: "A", value: "b" }],
      volumeMounts: [{ name: "data", mountPath: "/data" }],
      readinessProbe: PROBE,
    },
    [],
  ],
  ["wants a name", { name: "" }, ["c[0].name: Required value"]],
  ["wants an image", { image: "" }, ["c[0].image: Required value"]],
  ["refuses an unknown policy", { imagePullPolicy: "Sometimes" }, [
    'c[0].imagePullPolicy: Unsupported value: "Sometimes": supported values: "Always", "IfNotPresent", "Never"',
  ]],
  [
    "refuses ports that are none, have the same name or another protocol",
    {
      ports: [
        { name: "a", containerPort: 0 },
        { name: "a", containerPort: 65_536 },
        { containerPort: 1, protocol: "X", hostPort: -1 },
      ],
    },
    [
      "c[0].ports[0].containerPort: Required value",
      'c[0].ports[1].name: Duplicate value: "a"',
      "c[0].ports[1].containerPort: Invalid value: 65536: must be between 1 and 65535, inclusive",
      "c[0].ports[2].hostPort: Invalid value: -1: must be between 1 and 65535, inclusive",
      'c[0].ports[2].protocol: Unsupported value: "X": supported values: "SCTP", "TCP", "UDP"',
    ],
  ],
  [
    "refuses a variable without a name, or with two values",
    { env: [{ name: "" }, { name: "A", value: "b", valueFrom: { fieldRef: {} } }] },
    [
      "c[0].env[0].name: Required value",
      'c[0].env[1].valueFrom: Invalid value: "": may not be specified when `value` is not empty',
    ],
  ],
  [
    "refuses mounts of volumes that are not there, or at the same place",
    {
      volumeMounts: [
        { name: "data", mountPath: "/a" },
        { name: "data", mountPath: "/a" },
        { name: "other" },
      ],
    },
    [
      'c[0].volumeMounts[1].mountPath: Invalid value: "/a": must be unique',
      'c[0].volumeMounts[2].name: Not found: "other"',
      "c[0].volumeMounts[2].mountPath: Required value",
    ],
  ],
  [
    "refuses to ask for more than the limit",
    { resources: { limits: { cpu: "1" }, requests: { cpu: "1001m", memory: "1" } } },
    [
      'c[0].resources.requests: Invalid value: "1001m": must be less than or equal to cpu limit of 1',
    ],
  ],
  [
    "refuses probes that do nothing, too much, or never",
    {
      livenessProbe: {},
      readinessProbe: { ...PROBE, httpGet: { port: 1 } },
      startupProbe: { exec: {}, periodSeconds: -1 },
    },
    [
      "c[0].livenessProbe: Required value: must specify a handler type",
      "c[0].readinessProbe.httpGet: Forbidden: may not specify more than 1 handler type",
      "c[0].startupProbe.exec.command: Required value",
      "c[0].startupProbe.periodSeconds: Invalid value: -1: must be greater than or equal to 0",
    ],
  ],
];

for (const [what, container, says] of CASES) {
  Deno.test(`validateContainers() ${what}`, () => {
    const whole = containerDefaults({ name: "c", image: "i", ...container });
    assert.deepEqual(said(validateContainers([whole], ["data"], "c")), says);
  });
}

Deno.test("validateContainers() wants different names", () => {
  const container = containerDefaults({ name: "c", image: "i" });
  assert.deepEqual(said(validateContainers([container, container], [], "c")), [
    'c[1].name: Duplicate value: "c"',
  ]);
});

Deno.test("oneOf(), requiredText(), validatePort() and notNegative() name what is missing or wrong", () => {
  assert.deepEqual(said(oneOf(undefined, ["a"], "f")), ["f: Required value"]);
  assert.deepEqual(said(requiredText(undefined, "f", () => ["never"])), ["f: Required value"]);
  assert.deepEqual(said(requiredText("a", "f", () => ["is a"])), ['f: Invalid value: "a": is a']);
  assert.deepEqual(said(validatePort(undefined, "f")), [
    "f: Invalid value: 0: must be between 1 and 65535, inclusive",
  ]);
  assert.deepEqual(said(notNegative(-1, "f")), [
    "f: Invalid value: -1: must be greater than or equal to 0",
  ]);
  assert.deepEqual(notNegative(undefined, "f"), []);
});
