import assert from "node:assert/strict";

import { asObject, type JsonObject } from "../../../lib/embedded/schema/mod.ts";
import {
  validateDefinition,
  validateDefinitionUpdate,
} from "../../../lib/embedded/schema/validate_definition.ts";
import { said } from "./_kinds.ts";

const NAMES = { kind: "Thing", listKind: "ThingList", plural: "things", singular: "thing" };
const SCHEMA = { type: "object" };

function version(schema: JsonObject, more: JsonObject = {}): JsonObject {
  return { name: "v1", served: true, storage: true, schema: { openAPIV3Schema: schema }, ...more };
}

function definition(spec: JsonObject = {}): JsonObject {
  return {
    metadata: { name: "things.x.io" },
    spec: {
      group: "x.io",
      scope: "Namespaced",
      names: NAMES,
      versions: [version(SCHEMA)],
      ...spec,
    },
  };
}

const AT = "spec.validation.openAPIV3Schema";

const CREATED: readonly (readonly [
  what: string,
  spec: JsonObject,
  says: readonly (string | RegExp)[],
])[] = [
  ["is content with what is right", {}, []],
  ["wants the name to be made of plural and group", { group: "y.io" }, [
    'metadata.name: Invalid value: "things.x.io": must be spec.names.plural+"."+spec.group',
  ]],
  ["knows two scopes", { scope: "World" }, [
    'spec.scope: Unsupported value: "World": supported values: "Cluster", "Namespaced"',
  ]],
  ["checks names", { names: { ...NAMES, kind: "A_B", shortNames: ["T"] } }, [
    /^spec\.names\.kind: Invalid value: "A_B": may have mixed case, but should otherwise match: a DNS-1035 label/,
    /^spec\.names\.shortNames\[0\]: Invalid value: "T": a DNS-1035 label/,
  ]],
  ["wants different names for an object and a list", { names: { ...NAMES, listKind: "Thing" } }, [
    'spec.names.listKind: Invalid value: "Thing": kind and listKind may not be the same',
  ]],
  ["wants versions to have different names", {
    versions: [version(SCHEMA), version(SCHEMA, { storage: false })],
  }, [
    'spec.versions[1].name: Duplicate value: "v1"',
  ]],
  ["wants a version that is stored", { versions: [version(SCHEMA, { storage: false })] }, [
    /^spec\.versions: Invalid value: .*must have exactly one version marked as storage version$/,
    "status.storedVersions: Invalid value: null: must have at least one stored version",
  ]],
  ["wants a schema", { versions: [version(SCHEMA, { schema: {} })] }, [
    "spec.versions[0].schema.openAPIV3Schema: Required value",
  ]],
  [
    "wants a structural schema",
    { versions: [version({ type: "object", properties: { a: {} } })] },
    [
      `${AT}.properties[a].type: Required value: must not be empty for specified object fields`,
    ],
  ],
  [
    "wants paths of scales under spec and status",
    {
      versions: [
        version(SCHEMA, { subresources: { scale: { specReplicasPath: ".status.nodes" } } }),
      ],
    },
    [
      'spec.subresources.scale.specReplicasPath: Invalid value: ".status.nodes": should be a json path under .spec',
      "spec.subresources.scale.statusReplicasPath: Required value",
    ],
  ],
  [
    "names the version where versions differ",
    {
      versions: [
        version(SCHEMA),
        version({ type: "string" }, { name: "v2", storage: false }),
      ],
    },
    [
      'spec.versions[1].schema.openAPIV3Schema.type: Invalid value: "string": must be object at the root',
    ],
  ],
];

for (const [what, spec, says] of CREATED) {
  Deno.test(`validateDefinition() ${what}`, () => {
    const errors = said(validateDefinition(definition(spec)));
    assert.equal(errors.length, says.length, errors.join("\n"));
    for (const [index, text] of says.entries()) {
      if (typeof text === "string") assert.equal(errors[index], text);
      else assert.match(errors[index] ?? "", text);
    }
  });
}

Deno.test("validateDefinitionUpdate() lets the schema change, and not what objects are stored by", () => {
  const changed = definition({ versions: [version({ ...SCHEMA, properties: {} })] });
  assert.deepEqual(validateDefinitionUpdate(changed, definition()), []);
  const moved = definition({ scope: "Cluster", names: { ...NAMES, kind: "Other" } });
  assert.deepEqual(said(validateDefinitionUpdate(moved, definition())), [
    'spec.scope: Invalid value: "Cluster": field is immutable',
    'spec.names.kind: Invalid value: "Other": field is immutable',
  ]);
});

Deno.test("validateDefinition() wants a group with a dot", () => {
  const { spec } = definition({ group: "things" });
  const errors = validateDefinition({ metadata: { name: "things.things" }, spec: asObject(spec) });
  assert.deepEqual(said(errors), [
    'spec.group: Invalid value: "things": should be a domain with at least one dot',
  ]);
});
