import assert from "node:assert/strict";

import {
  type JsonObject,
  validateCreate,
  validateUpdate,
} from "../../../lib/embedded/schema/mod.ts";
import { known, said } from "./_kinds.ts";

const MIB = 1024 * 1024;

interface Case {
  readonly what: string;
  readonly kind: readonly [group: string, kind: string];
  readonly given: JsonObject;
  readonly says: readonly string[];
}

const CREATED: readonly Case[] = [
  {
    what: "refuses keys that are no names of files",
    kind: ["", "ConfigMap"],
    given: { data: { "..": "" } },
    says: ["data[..]: Invalid value: \"..\": must not be '..'"],
  },
  {
    what: "refuses a key that is there twice",
    kind: ["", "ConfigMap"],
    given: { data: { a: "" }, binaryData: { a: "" } },
    says: ['data[a]: Invalid value: "a": duplicate of key present in binaryData'],
  },
  {
    what: "takes a mebibyte, and no more",
    kind: ["", "ConfigMap"],
    given: { data: { a: "x".repeat(MIB), b: "x" } },
    says: ["<nil>: Too long: may not be more than 1048576 bytes"],
  },
  {
    what: "counts bytes, not base64",
    kind: ["", "Secret"],
    given: { data: { a: "AAAA".repeat(MIB / 4) } },
    says: [],
  },
  {
    what: "wants what its type stands for",
    kind: ["", "Secret"],
    given: { type: "kubernetes.io/tls", data: { "tls.crt": "" } },
    says: ["data[tls.key]: Required value"],
  },
  {
    what: "may be of any other type",
    kind: ["", "Secret"],
    given: { type: "constructor" },
    says: [],
  },
  {
    what: "wants a user or a password",
    kind: ["", "Secret"],
    given: { type: "kubernetes.io/basic-auth" },
    says: ["data[username]: Required value", "data[password]: Required value"],
  },
  {
    what: "wants to know how it is mounted, and how large it is to be",
    kind: ["", "PersistentVolumeClaim"],
    given: { spec: {} },
    says: [
      "spec.accessModes: Required value: at least 1 access mode is required",
      "spec.resources[storage]: Required value",
    ],
  },
  {
    what: "lasts for a while",
    kind: ["coordination.k8s.io", "Lease"],
    given: { spec: { leaseDurationSeconds: 0, leaseTransitions: -1 } },
    says: [
      "spec.leaseDurationSeconds: Invalid value: 0: must be greater than 0",
      "spec.leaseTransitions: Invalid value: -1: must be greater than or equal to 0",
    ],
  },
  {
    what: "wants data",
    kind: ["apps", "ControllerRevision"],
    given: { revision: -1 },
    says: [
      "revision: Invalid value: -1: must be greater than or equal to 0",
      "data: Required value: data is mandatory",
    ],
  },
];

for (const { what, kind: [group, kind], given, says } of CREATED) {
  Deno.test(`validateCreate(): a ${kind} ${what}`, () => {
    const object = { metadata: { name: "a" }, ...given };
    assert.deepEqual(said(validateCreate(known(group, kind), object)), says);
  });
}

const FROZEN = "field is immutable when `immutable` is set";

const UPDATED: readonly (Case & { readonly old: JsonObject })[] = [
  {
    what: "may change",
    kind: ["", "ConfigMap"],
    old: { data: { a: "1" } },
    given: { data: { a: "2" }, immutable: true },
    says: [],
  },
  {
    what: "may not change any more once it says so",
    kind: ["", "ConfigMap"],
    old: { data: { a: "1" }, immutable: true },
    given: { data: { a: "2" } },
    says: [`immutable: Forbidden: ${FROZEN}`, `data: Forbidden: ${FROZEN}`],
  },
  {
    what: "keeps its type",
    kind: ["", "Secret"],
    old: { type: "Opaque" },
    given: { type: "x.io/y" },
    says: ['type: Invalid value: "x.io/y": field is immutable'],
  },
  {
    what: "keeps its data",
    kind: ["apps", "ControllerRevision"],
    old: { data: { a: 1 }, revision: 1 },
    given: { data: { a: 2 }, revision: 2 },
    says: ['data: Invalid value: {"a":2}: field is immutable'],
  },
];

for (const { what, kind: [group, kind], old, given, says } of UPDATED) {
  Deno.test(`validateUpdate(): a ${kind} ${what}`, () => {
    const metadata = { name: "a" };
    const errors = validateUpdate(
      known(group, kind),
      { metadata, ...given },
      { metadata, ...old },
      "",
    );
    assert.deepEqual(said(errors), says);
  });
}
