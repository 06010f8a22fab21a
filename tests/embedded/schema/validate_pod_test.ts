import assert from "node:assert/strict";

import { podDefaults } from "../../../lib/embedded/schema/defaults_pod.ts";
import { asArray, asObject, type JsonObject } from "../../../lib/embedded/schema/mod.ts";
import {
  validatePod,
  validatePodTemplate,
  validatePodUpdate,
} from "../../../lib/embedded/schema/validate_pod.ts";
import { pod, said } from "./_kinds.ts";

const CREATED: readonly (readonly [what: string, spec: JsonObject, says: readonly string[]])[] = [
  ["is content with what is right", { volumes: [{ name: "v", emptyDir: {} }] }, []],
  ["wants containers", { containers: [] }, ["spec.containers: Required value"]],
  ["refuses an unknown policy", { restartPolicy: "Now" }, [
    'spec.restartPolicy: Unsupported value: "Now": supported values: "Always", "OnFailure", "Never"',
  ]],
  ["takes a negative time to end in, of which the registry makes a second", {
    terminationGracePeriodSeconds: -1,
  }, []],
  ["refuses a host name with dots", { hostname: "a.b" }, [
    'spec.hostname: Invalid value: "a.b": must not contain dots',
  ]],
  [
    "refuses volumes from two places, and of the same name",
    {
      volumes: [
        { name: "v", emptyDir: {}, secret: { secretName: "s" } },
        { name: "w", emptyDir: {} },
        { name: "w", emptyDir: {} },
      ],
    },
    [
      "spec.volumes[0].secret: Forbidden: may not specify more than 1 volume type",
      'spec.volumes[2].name: Duplicate value: "w"',
    ],
  ],
  [
    "does not let containers mount what is wrong",
    {
      volumes: [{ name: "V", emptyDir: {} }],
      containers: [{ name: "c", image: "i", volumeMounts: [{ name: "V", mountPath: "/v" }] }],
    },
    [
      "spec.volumes[0].name: Invalid value: \"V\": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')",
      'spec.containers[0].volumeMounts[0].name: Not found: "V"',
    ],
  ],
];

for (const [what, spec, says] of CREATED) {
  Deno.test(`validatePod() ${what}`, () => {
    assert.deepEqual(said(validatePod(podDefaults(pod({}, spec)))), says);
  });
}

Deno.test("validatePodTemplate() checks labels, annotations and the spec", () => {
  const template = { metadata: { labels: { a: "-" }, annotations: { "": "" } }, spec: {} };
  const fields = validatePodTemplate(template, "t").map(({ field }) => field);
  assert.deepEqual([...new Set(fields)], [
    "t.labels",
    "t.annotations",
    "t.spec.containers",
    "t.spec.restartPolicy",
    "t.spec.dnsPolicy",
  ]);
});

const TOLERATION = { key: "a", operator: "Exists", tolerationSeconds: 1 };
const OLD = podDefaults(pod({}, { tolerations: [TOLERATION] }));
const CONTAINER = asObject(asArray(asObject(OLD.spec).containers)[0]);
const ONLY =
  "spec: Forbidden: pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)";

const UPDATED: readonly (readonly [what: string, spec: JsonObject, says: readonly string[]])[] = [
  ["lets nothing change", {}, []],
  ["lets the image change", { containers: [{ ...CONTAINER, image: "i:2" }] }, []],
  ["lets a deadline be set", { activeDeadlineSeconds: 5 }, []],
  [
    "lets tolerations be added, and last longer",
    { tolerations: [{ ...TOLERATION, tolerationSeconds: 9 }, { key: "b", operator: "Exists" }] },
    [],
  ],
  ["refuses to take a toleration away", { tolerations: [] }, [
    "spec.tolerations: Forbidden: existing toleration can not be modified except its tolerationSeconds",
  ]],
  ["refuses another container", { containers: [CONTAINER, { ...CONTAINER, name: "d" }] }, [
    "spec.containers: Forbidden: pod updates may not add or remove containers",
  ]],
  ["refuses other changes", { containers: [{ ...CONTAINER, command: ["a"] }] }, [ONLY]],
  ["refuses to move to a node by itself", { nodeName: "n" }, [ONLY]],
];

for (const [what, spec, says] of UPDATED) {
  Deno.test(`validatePodUpdate() ${what}`, () => {
    const updated = { ...OLD, spec: { ...asObject(OLD.spec), ...spec } };
    assert.deepEqual(said(validatePodUpdate(updated, OLD, "")), says);
  });
}

Deno.test("validatePodUpdate() wants the address in a status to be the first of all addresses", () => {
  const written = { ...OLD, status: { podIP: "10.0.0.1", podIPs: [{ ip: "10.0.0.2" }] } };
  assert.deepEqual(said(validatePodUpdate(written, OLD, "status")), [
    'status.podIPs[0].ip: Invalid value: "10.0.0.2": must equal `status.podIP`',
  ]);
});
