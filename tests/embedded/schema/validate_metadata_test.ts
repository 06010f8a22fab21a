import assert from "node:assert/strict";

import type { JsonObject } from "../../../lib/embedded/schema/mod.ts";
import { subdomainProblems } from "../../../lib/embedded/schema/names.ts";
import {
  validateMetadata,
  validateMetadataUpdate,
} from "../../../lib/embedded/schema/validate_metadata.ts";
import { said } from "./_kinds.ts";

const OWNER = { apiVersion: "v1", kind: "Pod", name: "p", uid: "u" };

const CREATED: readonly (readonly [
  what: string,
  metadata: JsonObject,
  says: readonly (string | RegExp)[],
])[] = [
  [
    "is content with what is right",
    {
      name: "a.b",
      labels: { "x.io/A": "" },
      annotations: { "X.io/a": "anything: goes" },
      ownerReferences: [{ ...OWNER, controller: true }, OWNER],
      finalizers: ["x.io/f"],
    },
    [],
  ],
  ["wants a name", {}, ["metadata.name: Required value: name or generateName is required"]],
  [
    "checks the prefix of a generated name, which may end in a dash",
    { name: "a-x", generateName: "a-" },
    [],
  ],
  [
    "refuses a bad prefix",
    { name: "a", generateName: "A" },
    [/^metadata\.generateName: Invalid value: "A": a lowercase RFC 1123 subdomain/],
  ],
  ["refuses a bad name", { name: "A" }, [/^metadata\.name: Invalid value: "A": a lowercase/]],
  [
    "refuses bad keys and values of labels",
    { name: "a", labels: { "/": "-" } },
    [
      /^metadata\.labels: Invalid value: "\/": prefix part must be non-empty$/,
      /^metadata\.labels: Invalid value: "\/": name part must be non-empty$/,
      /^metadata\.labels: Invalid value: "\/": name part must consist of/,
      /^metadata\.labels: Invalid value: "-": a valid label must be/,
    ],
  ],
  [
    "refuses annotations that are too long together",
    { name: "a", annotations: { a: "x".repeat(262_144) } },
    ["metadata.annotations: Too long: may not be more than 262144 bytes"],
  ],
  [
    "refuses owners that are not named",
    { name: "a", ownerReferences: [{ kind: "", name: "p" }] },
    [
      'metadata.ownerReferences.apiVersion: Invalid value: "": version must not be empty',
      'metadata.ownerReferences.kind: Invalid value: "": must not be empty',
      'metadata.ownerReferences.uid: Invalid value: "": must not be empty',
    ],
  ],
  [
    "refuses two controllers",
    {
      name: "a",
      ownerReferences: [{ ...OWNER, controller: true }, { ...OWNER, name: "q", controller: true }],
    },
    [/Only one reference can have Controller set to true\. Found "true" in references for Pod\/p and Pod\/q$/],
  ],
  [
    "refuses finalizers that contradict each other",
    { name: "a", finalizers: ["orphan", "foregroundDeletion"] },
    [/^metadata\.finalizers: .*finalizer orphan and foregroundDeletion cannot be both set$/],
  ],
];

for (const [what, metadata, says] of CREATED) {
  Deno.test(`validateMetadata() ${what}`, () => {
    const errors = said(validateMetadata(metadata, subdomainProblems));
    assert.equal(errors.length, says.length, errors.join("\n"));
    for (const [index, text] of says.entries()) {
      if (typeof text === "string") assert.equal(errors[index], text);
      else assert.match(errors[index] ?? "", text);
    }
  });
}

const UPDATED: readonly (readonly [
  what: string,
  metadata: JsonObject,
  old: JsonObject,
  says: readonly string[],
])[] = [
  ["lets labels change", { name: "a", labels: { a: "b" } }, { name: "a" }, []],
  [
    "refuses another name",
    { name: "b" },
    { name: "a" },
    ['metadata.name: Invalid value: "b": field is immutable'],
  ],
  [
    "lets finalizers go while an object is being deleted",
    { deletionTimestamp: "t", finalizers: [] },
    { deletionTimestamp: "t", finalizers: ["x.io/a"] },
    [],
  ],
  [
    "refuses new finalizers while an object is being deleted",
    { deletionTimestamp: "t", finalizers: ["x.io/b", "x.io/a"] },
    { deletionTimestamp: "t", finalizers: ["x.io/a"] },
    [
      'metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{"x.io/b"}',
    ],
  ],
];

for (const [what, metadata, old, says] of UPDATED) {
  Deno.test(`validateMetadataUpdate() ${what}`, () => {
    assert.deepEqual(said(validateMetadataUpdate(metadata, old)), says);
  });
}
