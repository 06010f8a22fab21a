import assert from "node:assert/strict";

import { decodeProblem, type Json, type JsonObject } from "../../../lib/embedded/schema/mod.ts";
import { known, pod, thing, thingKind } from "./_kinds.ts";

const podKind = known("", "Pod");

Deno.test("decodeProblem() has nothing to say of an object that fits, of nulls and of unknown fields", () => {
  const object = pod({
    livenessProbe: { httpGet: { port: "rpc" } },
    resources: { limits: { cpu: 1, memory: "1Gi" } },
    typo: 1,
    command: null,
  });
  assert.equal(decodeProblem(podKind, object), undefined);
});

const WRONG: readonly (readonly [what: string, object: JsonObject, problem: string])[] = [
  [
    "a number where a string belongs",
    pod({ image: 1 }),
    "json: cannot unmarshal number into Go struct field Container.spec.containers.image of type string",
  ],
  [
    "a string where a number belongs",
    pod({ ports: [{ containerPort: "http" }] }),
    "json: cannot unmarshal string into Go struct field ContainerPort.spec.containers.ports.containerPort of type int32",
  ],
  [
    "a number that is not whole",
    pod({}, { terminationGracePeriodSeconds: 1.5 }),
    "json: cannot unmarshal number 1.5 into Go struct field PodSpec.spec.terminationGracePeriodSeconds of type int64",
  ],
  [
    "a number that is too large",
    pod({ ports: [{ containerPort: 2 ** 31 }] }),
    "json: cannot unmarshal number 2147483648 into Go struct field ContainerPort.spec.containers.ports.containerPort of type int32",
  ],
  [
    "a boolean where a string belongs",
    { metadata: { labels: { a: true } } },
    "json: cannot unmarshal bool into Go struct field ObjectMeta.metadata.labels of type string",
  ],
  [
    "an object where a list belongs",
    { spec: { containers: {} } },
    "json: cannot unmarshal object into Go struct field PodSpec.spec.containers of type []v1.Container",
  ],
  [
    "a list where an object belongs",
    { spec: [] },
    "json: cannot unmarshal array into Go struct field Pod.spec of type v1.PodSpec",
  ],
  [
    "a quantity that is none",
    pod({ resources: { limits: { cpu: "a lot" } } }),
    "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
  ],
  [
    "a time that is none",
    { metadata: { creationTimestamp: "now" } },
    'parsing time "now" as "2006-01-02T15:04:05Z07:00": cannot parse "now" as "2006"',
  ],
];

for (const [what, object, problem] of WRONG) {
  Deno.test(`decodeProblem() names ${what} in the words of the real server`, () => {
    assert.equal(decodeProblem(podKind, object), problem);
  });
}

Deno.test("decodeProblem() refuses base64 that is none in a Secret", () => {
  const secret = { data: { a: "%" } };
  assert.equal(
    decodeProblem(known("", "Secret"), secret),
    "illegal base64 data at input byte 0",
  );
});

Deno.test("decodeProblem() wants decimals in times with microseconds", () => {
  const event = { eventTime: "2026-01-01T00:00:00Z" };
  assert.equal(
    decodeProblem(known("events.k8s.io", "Event"), event),
    'parsing time "2026-01-01T00:00:00Z" as "2006-01-02T15:04:05.000000Z07:00": cannot parse "Z" as ".000000"',
  );
});

const custom = thingKind({
  count: { type: "integer" },
  inner: { type: "object", "x-kubernetes-embedded-resource": true },
});

Deno.test("decodeProblem() looks only into the metadata of a custom resource", () => {
  assert.equal(decodeProblem(custom, thing({ count: "one" })), undefined);
  assert.equal(
    decodeProblem(custom, thing({}, { metadata: { labels: { a: 1 } } })),
    "json: cannot unmarshal number into Go struct field ObjectMeta.labels of type string",
  );
});

const EMBEDDED: readonly (readonly [kind: Json, problem: string | undefined])[] = [
  ["Pod", undefined],
  [1, "spec.inner.kind: Invalid value: 1: must be a string"],
];

for (const [kind, problem] of EMBEDDED) {
  Deno.test(`decodeProblem() reads the kind ${JSON.stringify(kind)} of an embedded object`, () => {
    assert.equal(decodeProblem(custom, thing({ inner: { kind } })), problem);
  });
}
