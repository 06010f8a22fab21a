import assert from "node:assert/strict";

import { LIST_FORMS, OBJECT_FORMS } from "../../../lib/embedded/api/call.ts";
import { negotiate } from "../../../lib/embedded/api/negotiation.ts";

const TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io";

for (
  const [accept, possible, expected] of [
    [null, OBJECT_FORMS, "Object"],
    ["*/*", OBJECT_FORMS, "Object"],
    ["application/json", LIST_FORMS, "Object"],
    ["application/vnd.kubernetes.protobuf,application/json", LIST_FORMS, "Object"],
    [`${TABLE},application/json`, LIST_FORMS, "Table"],
    [`application/json;as=Table;v=v1beta1;g=meta.k8s.io, application/json`, LIST_FORMS, "Object"],
    [
      "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io",
      LIST_FORMS,
      "PartialObjectMetadataList",
    ],
    [
      "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io",
      OBJECT_FORMS,
      "PartialObjectMetadata",
    ],
  ] as const
) {
  Deno.test(`negotiate() answers '${accept}' with the form ${expected}`, () => {
    assert.equal(negotiate(accept, possible), expected);
  });
}

Deno.test("negotiate() refuses a form that there is not, and a type that is not written", () => {
  for (
    const accept of ["text/csv", "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io"]
  ) {
    assert.throws(() => negotiate(accept, LIST_FORMS), { message: /^406: Not Acceptable/ });
  }
});
