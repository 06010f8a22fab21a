import assert from "node:assert/strict";

import { fieldsAt, METADATA_FIELDS } from "../../../../lib/embedded/api/registry/fields.ts";
import { parseFieldSelector } from "../../../../lib/embedded/api/selectors/field_selector.ts";

const POD = { metadata: { name: "a", namespace: "n" }, spec: { nodeName: "x,y" }, status: {} };
const FIELDS = fieldsAt("spec.nodeName", "status.phase");

for (
  const [selector, expected] of [
    ["", true],
    ["metadata.name=a", true],
    ["metadata.name==a,metadata.namespace=n", true],
    ["metadata.name!=a", false],
    ["spec.nodeName=x\\,y", true],
    ["status.phase=", true],
    ["status.phase!=Running", true],
    ["metadata.name=a,", true],
  ] as const
) {
  Deno.test(`parseFieldSelector() reads '${selector}' so that it ${expected ? "matches" : "does not match"}`, () => {
    assert.equal(parseFieldSelector(selector, FIELDS)(POD), expected);
  });
}

for (
  const [selector, fields, message] of [
    ["a", FIELDS, "invalid selector: 'a'; can't understand 'a'"],
    ["foo=a", FIELDS, "field label not supported: foo"],
    [
      "data.x=a",
      METADATA_FIELDS,
      '"data.x" is not a known field selector: only "metadata.name", "metadata.namespace"',
    ],
    ["metadata.name=a=b", FIELDS, "invalid field selector: unescaped character in value: 61"],
    ["metadata.name=a\\b", FIELDS, "invalid field selector: invalid escape sequence: \\b"],
    ["toString=a", FIELDS, "field label not supported: toString"],
  ] as const
) {
  Deno.test(`parseFieldSelector() refuses '${selector}' as the real server does: ${message}`, () => {
    assert.throws(() => parseFieldSelector(selector, fields), { message });
  });
}
