/** The paths in an OpenAPI v3 document, with the operations and parameters that clients look for. */

import {
  answer,
  capitalize,
  collectionOperations,
  itemOperations,
  listOperation,
  type Operation,
  subresourceOperations,
} from "./_openapi_operations.ts";
import { isObject, type Json, type JsonObject } from "./json.ts";
import type { OpenApiResource } from "./openapi.ts";

const RESPONSES: Readonly<Record<string, string>> = { 200: "OK", 201: "Created", 202: "Accepted" };

/** The paths of some resources of one group and version. */
export function openApiPaths(
  group: string,
  version: string,
  resources: readonly OpenApiResource[],
): JsonObject {
  const base = group ? `/apis/${group}/${version}` : `/api/${version}`;
  const name = groupName(group);
  const tag = `${name}_${version}`;
  const idPart = capitalize(name) + capitalize(version);
  const paths = resources.flatMap((resource) => resourcePaths(resource, base, idPart));
  return Object.fromEntries(
    paths.filter(([, operations]) => operations.length > 0)
      .map(([path, operations]) => [path, pathItem(path, operations, tag)]),
  );
}

/** `core`, `apps`, `coordination` for `coordination.k8s.io`; other groups in camel case. */
function groupName(group: string): string {
  const [first = "core", ...others] = group ? group.replace(/\.k8s\.io$/, "").split(/[.-]/) : [];
  return first + others.map(capitalize).join("");
}

function resourcePaths(
  resource: OpenApiResource,
  base: string,
  idPart: string,
): readonly (readonly [path: string, operations: readonly Operation[]])[] {
  const { kind, plural, namespaced, verbs, subresources } = resource;
  const scope = namespaced ? "Namespaced" : "";
  const collection = namespaced ? `${base}/namespaces/{namespace}/${plural}` : `${base}/${plural}`;
  const served = (operations: readonly Operation[], of: readonly string[]): readonly Operation[] =>
    operations.filter(({ verb }) => of.includes(verb));
  const everywhere = listOperation(kind, `list${idPart}${kind.kind}ForAllNamespaces`);
  return [
    ...(namespaced ? [[`${base}/${plural}`, served([everywhere], verbs)] as const] : []),
    [collection, served(collectionOperations(kind, idPart, scope), verbs)],
    [`${collection}/{name}`, served(itemOperations(kind, idPart + scope), verbs)],
    ...subresources.map((subresource) =>
      [
        `${collection}/{name}/${subresource.name}`,
        served(subresourceOperations(kind, subresource, idPart + scope), subresource.verbs),
      ] as const
    ),
  ];
}

/** A path with its operations; parameters that all of them have stand beside them. */
function pathItem(path: string, operations: readonly Operation[], tag: string): JsonObject {
  const [first, ...others] = operations.map(({ parameters }) => Object.keys(parameters));
  const common = (first ?? []).filter((name) => others.every((names) => names.includes(name)));
  const types = operations[0]?.parameters ?? {};
  const shared = [
    ...[...path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => parameter(name, "string", "path")),
    ...common.map((name) => parameter(name, types[name] ?? "string", "query")),
    parameter("pretty", "string", "query"),
  ];
  const entries = operations.map((
    operation,
  ): [string, Json] => [operation.method, operationObject(operation, common, tag)]);
  return { ...Object.fromEntries(entries), parameters: byName(shared) };
}

function parameter(name: string, type: string, place: "path" | "query"): JsonObject {
  const required = place === "path" ? { required: true } : {};
  return { name, in: place, ...required, schema: { type, uniqueItems: true } };
}

function byName(parameters: readonly JsonObject[]): readonly JsonObject[] {
  return parameters.toSorted((a, b) => String(a.name) < String(b.name) ? -1 : 1);
}

function operationObject(operation: Operation, shared: readonly string[], tag: string): JsonObject {
  const { kind, request, response, codes } = operation;
  const own = Object.entries(operation.parameters).filter(([name]) => !shared.includes(name))
    .map(([name, type]) => parameter(name, type, "query"));
  const responses = codes.map((code) => {
    const description = RESPONSES[code] ?? "";
    return [code, { description, content: answer(response) }];
  });
  return {
    tags: [tag],
    description: operation.description,
    operationId: operation.operationId,
    ...(own.length > 0 ? { parameters: byName(own) } : {}),
    ...(isObject(request) ? { requestBody: request } : {}),
    responses: { ...Object.fromEntries(responses), 401: { description: "Unauthorized" } },
    "x-kubernetes-action": operation.action,
    "x-kubernetes-group-version-kind": {
      group: kind.group,
      version: kind.version,
      kind: kind.kind,
    },
  };
}
