import assert from "node:assert/strict";

import {
  asArray,
  asObject,
  asString,
  customKind,
  entriesOf,
  isArray,
  isObject,
  type Json,
  type JsonObject,
  type KindSchema,
} from "../../../lib/embedded/schema/mod.ts";
import { Pipeline, type WriteAnswer, type WriteRequest } from "./_pipeline.ts";

/** A write to a real API server, and what it answered. */
type Recorded = WriteRequest & WriteAnswer & { readonly name: string };

interface Recording {
  readonly schemas: Readonly<Record<string, JsonObject>>;
  readonly sequences: Readonly<Record<string, readonly Recorded[]>>;
}

const recording: Recording = JSON.parse(
  await Deno.readTextFile(new URL("../../fixtures/kubernetes-writes.json", import.meta.url)),
);

/** What a server fills in by itself, and what is allocated. */
const LEFT_OUT = [
  "uid",
  "creationTimestamp",
  "resourceVersion",
  "clusterIP",
  "clusterIPs",
  "nodePort",
];

const PIECES = /, (?=[a-z<])|: \[|\n|\]$/;

function customKinds(): readonly KindSchema[] {
  return Object.entries(recording.schemas).map(([name, openAPIV3Schema]) => {
    const [plural = "", ...group] = name.split(".");
    const kind = plural === "things" ? "Thing" : `R${plural}`;
    const versions = [{ name: "v1", subresources: { status: {} }, schema: { openAPIV3Schema } }];
    return customKind(
      { spec: { group: group.join("."), names: { kind, plural }, versions } },
      "v1",
    );
  });
}

/** Leaves out what differs from run to run. A real server lists managers of the same second by name. */
function comparable(value: Json, name = ""): Json {
  if (name === "managedFields") {
    return asArray(value).map((entry) => comparable(entry)).toSorted((a, b) =>
      managerKey(a) < managerKey(b) ? -1 : 1
    );
  }
  if (name === "time") return "T";
  if (isArray(value)) return value.map((item) => comparable(item));
  if (!isObject(value)) return value;
  const members = entriesOf(value).filter(([member]) => !LEFT_OUT.includes(member))
    .map(([member, child]) => [member, comparable(child, member)] as const);
  return Object.fromEntries(members.toSorted(([a], [b]) => a < b ? -1 : 1));
}

function managerKey(entry: Json): string {
  const { manager, operation, subresource } = asObject(entry);
  return [manager, operation, subresource].map(asString).join(" ");
}

/** A real server goes through maps in any order, and so does its list of what is wrong. */
function comparableAnswer({ status, message, causes, warning, object }: WriteAnswer): Json {
  return {
    status,
    message: (message ?? "").split(PIECES).toSorted(),
    causes: (causes ?? []).map((cause) => JSON.stringify(comparable(cause))).toSorted(),
    warning: (warning ?? "").split(", ").toSorted(),
    object: object ? comparable(object) : null,
  };
}

for (const [sequence, recorded] of Object.entries(recording.sequences)) {
  Deno.test(`the functions for writes answer as a real API server did: ${sequence}`, async (t) => {
    const pipeline = new Pipeline(customKinds());
    for (const exchange of recorded) {
      const answer = comparableAnswer(pipeline.write(exchange));
      await t.step(exchange.name, () => assert.deepEqual(answer, comparableAnswer(exchange)));
    }
  });
}
