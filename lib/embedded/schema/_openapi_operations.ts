/** The operations on resources, as OpenAPI v3 documents describe them. */

import type { JsonObject } from "./json.ts";
import type { KindSchema } from "./kind.ts";
import type { OpenApiSubresource } from "./openapi.ts";
import { reference, schemaName } from "./openapi_schemas.ts";

/** Parameters in queries, by name, and their types. */
const LIST_PARAMETERS = {
  allowWatchBookmarks: "boolean",
  continue: "string",
  fieldSelector: "string",
  labelSelector: "string",
  limit: "integer",
  resourceVersion: "string",
  resourceVersionMatch: "string",
  sendInitialEvents: "boolean",
  timeoutSeconds: "integer",
  watch: "boolean",
};
const WRITE_PARAMETERS = { dryRun: "string", fieldManager: "string", fieldValidation: "string" };
const PATCH_PARAMETERS = { ...WRITE_PARAMETERS, force: "boolean" };
const DELETE_PARAMETERS = {
  dryRun: "string",
  gracePeriodSeconds: "integer",
  ignoreStoreReadErrorWithClusterBreakingPotential: "boolean",
  orphanDependents: "boolean",
  propagationPolicy: "string",
};

const META = "io.k8s.apimachinery.pkg.apis.meta.v1";
const PATCH_TYPES = [
  "application/apply-patch+yaml",
  "application/json-patch+json",
  "application/merge-patch+json",
];
const STRATEGIC_MERGE_PATCH = "application/strategic-merge-patch+json";
const RESPONSE_TYPES = ["application/json", "application/yaml"];

/** An operation on one path. */
export interface Operation {
  /** HTTP method, in lower case. */
  readonly method: string;
  /** Verb of discovery that it serves. */
  readonly verb: string;
  /** `x-kubernetes-action`. */
  readonly action: string;
  /** For people. */
  readonly description: string;
  /** Name of the operation, unlike any other. */
  readonly operationId: string;
  /** Parameters in the query by name, and their types. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Body that it takes. */
  readonly request?: JsonObject;
  /** Name of the schema that it answers with. */
  readonly response: string;
  /** Statuses of success. */
  readonly codes: readonly string[];
  /** Kind that it is about. */
  readonly kind: KindSchema;
}

/** Lists objects. */
export function listOperation(kind: KindSchema, operationId: string): Operation {
  return {
    method: "get",
    verb: "list",
    action: "list",
    description: `list objects of kind ${kind.kind}`,
    operationId,
    parameters: LIST_PARAMETERS,
    response: `${schemaName(kind)}List`,
    codes: ["200"],
    kind,
  };
}

/** What can be done with a collection: list, create, delete all. */
export function collectionOperations(
  kind: KindSchema,
  idPart: string,
  scope: string,
): readonly Operation[] {
  return [
    listOperation(kind, `list${idPart}${scope}${kind.kind}`),
    createOperation(kind, kind, `create a ${kind.kind}`, `create${idPart}${scope}${kind.kind}`),
    {
      method: "delete",
      verb: "deletecollection",
      action: "deletecollection",
      description: `delete collection of ${kind.kind}`,
      operationId: `delete${idPart}Collection${scope}${kind.kind}`,
      parameters: LIST_PARAMETERS,
      response: `${META}.Status`,
      codes: ["200"],
      kind,
    },
  ];
}

function createOperation(
  kind: KindSchema,
  body: KindSchema,
  description: string,
  operationId: string,
): Operation {
  return {
    method: "post",
    verb: "create",
    action: "post",
    description,
    operationId,
    parameters: WRITE_PARAMETERS,
    request: bodyOf(body),
    response: schemaName(body),
    codes: ["200", "201", "202"],
    kind,
  };
}

/** What can be done with an object: read, replace, delete, patch. */
export function itemOperations(kind: KindSchema, idPart: string): readonly Operation[] {
  const [get, put, patch] = readWriteOperations(kind, kind, "", idPart + kind.kind);
  const remove = {
    method: "delete",
    verb: "delete",
    action: "delete",
    description: `delete a ${kind.kind}`,
    operationId: `delete${idPart}${kind.kind}`,
    parameters: DELETE_PARAMETERS,
    request: { content: answer(`${META}.DeleteOptions`) },
    response: `${META}.Status`,
    codes: ["200", "202"],
    kind,
  };
  return [get, put, remove, patch];
}

/** What can be done with a subresource. */
export function subresourceOperations(
  kind: KindSchema,
  { name, kind: own = kind }: OpenApiSubresource,
  idPart: string,
): readonly Operation[] {
  const id = idPart + kind.kind + capitalize(name);
  const of = kind.custom ? kind : own;
  const description = `create ${name} of a ${kind.kind}`;
  return [
    ...readWriteOperations(of, own, `${name} of `, id),
    createOperation(of, own, description, `create${id}`),
  ];
}

function readWriteOperations(
  kind: KindSchema,
  body: KindSchema,
  what: string,
  id: string,
): readonly [Operation, Operation, Operation] {
  const common = { response: schemaName(body), kind };
  const subject = `${what}the specified ${kind.kind}`;
  const types = kind.custom ? PATCH_TYPES : [...PATCH_TYPES, STRATEGIC_MERGE_PATCH];
  return [
    {
      ...common,
      method: "get",
      verb: "get",
      action: "get",
      description: `read ${subject}`,
      operationId: `read${id}`,
      parameters: kind.custom ? { resourceVersion: "string" } : {},
      codes: ["200"],
    },
    {
      ...common,
      method: "put",
      verb: "update",
      action: "put",
      description: `replace ${subject}`,
      operationId: `replace${id}`,
      parameters: WRITE_PARAMETERS,
      request: bodyOf(body),
      codes: ["200", "201"],
    },
    {
      ...common,
      method: "patch",
      verb: "patch",
      action: "patch",
      description: `partially update ${subject}`,
      operationId: `patch${id}`,
      parameters: PATCH_PARAMETERS,
      request: { content: content(types, `${META}.Patch`), required: true },
      codes: kind.custom ? ["200"] : ["200", "201"],
    },
  ];
}

function bodyOf(kind: KindSchema): JsonObject {
  return { content: answer(schemaName(kind)), required: true };
}

function content(types: readonly string[], schema: string): JsonObject {
  return Object.fromEntries(types.map((type) => [type, { schema: reference(schema) }]));
}

/** Bodies of objects, as they are sent and answered. */
export function answer(schema: string): JsonObject {
  return content(RESPONSE_TYPES, schema);
}

/** With its first letter in upper case. */
export function capitalize(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
