import assert from "node:assert/strict";

import {
  asArray,
  asObject,
  customKind,
  entriesOf,
  isArray,
  isObject,
  type Json,
  type JsonObject,
  openApiDocument,
  openApiIndex,
  type OpenApiResource,
  valueAt,
} from "../../../lib/embedded/schema/mod.ts";
import { known, thingKind } from "./_kinds.ts";

interface Exchange {
  readonly request: { readonly path: string };
  readonly response: { readonly body: JsonObject };
}

const FIXTURES: { readonly exchanges: readonly Exchange[] } = JSON.parse(
  await Deno.readTextFile(new URL("../../fixtures/kubernetes-api.json", import.meta.url)),
);

const GROUP = "bitcoincontroller.christianb93.github.com";
const NAME = "com.github.christianb93.bitcoincontroller.v1.BitcoinNetwork";
const READ_WRITE = ["get", "patch", "update"];
const ALL = ["create", "delete", "deletecollection", "list", "watch", ...READ_WRITE];

/** The first answer of the real server that `fits`. */
function answered(fits: (exchange: Exchange) => boolean): JsonObject {
  const found = FIXTURES.exchanges.find(fits);
  assert.ok(found, "no such exchange was recorded");
  return found.response.body;
}

const real = answered(({ request }) => request.path === `/openapi/v3/apis/${GROUP}/v1`);
const definition = answered(({ response }) => response.body?.kind === "CustomResourceDefinition");

const networks: OpenApiResource = {
  kind: customKind(definition, "v1"),
  plural: "bitcoinnetworks",
  namespaced: true,
  verbs: ALL,
  subresources: [
    { name: "status", verbs: READ_WRITE },
    { name: "scale", verbs: READ_WRITE, kind: known("autoscaling", "Scale") },
  ],
};

const document = openApiDocument(GROUP, "v1", [networks]);

/** Leaves out the descriptions of parameters, which only fill the screen. */
function withoutParameterTexts(value: Json): Json {
  if (isArray(value)) return value.map(withoutParameterTexts);
  if (!isObject(value)) return value;
  const isParameter = value.in !== undefined;
  return Object.fromEntries(
    entriesOf(value).filter(([name]) => !(isParameter && name === "description"))
      .map(([name, member]) => [name, withoutParameterTexts(member)]),
  );
}

Deno.test("openApiDocument() has the paths of a custom kind as a real server has them", () => {
  assert.deepEqual(document.paths, withoutParameterTexts(real.paths ?? null));
});

Deno.test("openApiDocument() has the schema of a custom kind with all that it says of itself", () => {
  const schemas = asObject(valueAt(document, "components", "schemas"));
  const realSchemas = asObject(valueAt(real, "components", "schemas"));
  assert.deepEqual(schemas[NAME], realSchemas[NAME]);
  assert.deepEqual(Object.keys(schemas), Object.keys(realSchemas));
});

function resource(
  group: string,
  kind: string,
  plural: string,
  namespaced: boolean,
): OpenApiResource {
  return { kind: known(group, kind), plural, namespaced, verbs: ALL, subresources: [] };
}

const core = openApiDocument("", "v1", [
  resource("", "Node", "nodes", false),
  resource("", "Pod", "pods", true),
]);

Deno.test("openApiDocument() has the paths of built-in kinds, with and without namespaces", () => {
  assert.deepEqual(Object.keys(asObject(core.paths)), [
    "/api/v1/nodes",
    "/api/v1/nodes/{name}",
    "/api/v1/pods",
    "/api/v1/namespaces/{namespace}/pods",
    "/api/v1/namespaces/{namespace}/pods/{name}",
  ]);
});

Deno.test("openApiDocument() lets kubectl see that a patch can be tried and validated", () => {
  const pods = valueAt(core, "paths", "/api/v1/namespaces/{namespace}/pods/{name}");
  const patch = asObject(valueAt(pods, "patch"));
  const parameters = [...asArray(patch.parameters), ...asArray(asObject(pods).parameters)]
    .map((parameter) => asObject(parameter).name);
  for (const name of ["dryRun", "fieldManager", "fieldValidation", "force"]) {
    assert.ok(parameters.includes(name), name);
  }
  assert.deepEqual(patch["x-kubernetes-group-version-kind"], {
    group: "",
    version: "v1",
    kind: "Pod",
  });
  const types = Object.keys(asObject(valueAt(patch, "requestBody", "content")));
  assert.ok(types.includes("application/strategic-merge-patch+json"));
});

/** All references in a document. */
function references(value: Json): readonly string[] {
  if (isArray(value)) return value.flatMap(references);
  if (!isObject(value)) return [];
  return entriesOf(value).flatMap(([name, member]) =>
    name === "$ref" && typeof member === "string" ? [member] : references(member)
  );
}

for (const [name, each] of [["custom", document], ["core", core]] as const) {
  Deno.test(`openApiDocument() has all schemas that it refers to, in the ${name} document`, () => {
    const schemas = asObject(valueAt(each, "components", "schemas"));
    for (const reference of new Set(references(each))) {
      assert.ok(schemas[reference.replace("#/components/schemas/", "")], reference);
    }
  });
}

Deno.test("openApiDocument() leaves out what is not served", () => {
  const kind = thingKind({});
  const only = { kind, plural: "things", namespaced: true, verbs: ["get"], subresources: [] };
  const { paths } = openApiDocument("x.io", "v1", [only]);
  const path = "/apis/x.io/v1/namespaces/{namespace}/things/{name}";
  assert.deepEqual(Object.keys(asObject(paths)), [path]);
  assert.deepEqual(Object.keys(asObject(asObject(paths)[path])), ["get", "parameters"]);
});

Deno.test("openApiIndex() gives a document another address when its content is another", () => {
  const addressOf = (content: JsonObject): Json | undefined =>
    valueAt(openApiIndex(new Map([["api/v1", content]])), "paths", "api/v1", "serverRelativeURL");
  assert.match(String(addressOf({ a: 1 })), /^\/openapi\/v3\/api\/v1\?hash=[0-9A-F]{128}$/);
  assert.equal(addressOf({ a: 1 }), addressOf({ a: 1 }));
  assert.notEqual(addressOf({ a: 1 }), addressOf({ a: 2 }));
});
