/** Objects that clients send, as bodies or as the outcome of patches: of the right kind, with the right types, and with known fields alone. */

import { builtInKind, decodeProblem, type KindSchema, prune } from "../schema/mod.ts";
import { parseObject, quoteBody } from "./body.ts";
import type { Call, RequestBody } from "./call.ts";
import { asObject, asString, type JsonObject } from "./json.ts";
import { type ApiObject, asApiObject } from "./object.ts";
import type { WriteOptions } from "./options.ts";
import { apiVersionOf, type Resource } from "./registry/resource.ts";
import { badRequest, internalError, invalid, type StatusCause } from "./status.ts";

/** An object that can be worked with. */
export interface Decoded {
  /** The object, without unknown fields. */
  readonly object: ApiObject;
  /** For `Warning` headers. */
  readonly warnings: readonly string[];
}

/** Words a refusal. */
type Refuse = (why: string) => Error;

/**
 * Reads the object in a body.
 *
 * @throws {StatusError} 400, 415 or 422 if there is none, or it is not what the resource holds
 */
export function decodeBody({ body, resource }: Call, options: WriteOptions): Decoded {
  const object = parseObject(body, resource.kind);
  if (resource.schema.custom) checkCustomBody(body, resource, object);
  const kind = asString(object.kind) || resource.kind;
  const version = asString(object.apiVersion).split("/").at(-1) || resource.version;
  return decode(
    resource,
    object,
    options,
    (why) =>
      badRequest(`${kind} in version "${version}" cannot be handled as a ${resource.kind}: ${why}`),
  );
}

/**
 * Checks what a patch made of an object.
 *
 * @throws {StatusError} 422 if the resource does not hold such objects
 */
export function decodePatched(
  resource: Resource,
  patched: JsonObject,
  options: WriteOptions,
): Decoded {
  return decode(resource, patched, options, (why) => patchRefusal(patched, why));
}

/**
 * Checks the types of what a patch made of an object that is shown and not stored.
 *
 * @throws {StatusError} 422 if it is not of the kind
 */
export function checkPatched(schema: KindSchema, patched: JsonObject): void {
  const problem = decodeProblem(schema, patched);
  if (problem) throw patchRefusal(patched, problem);
}

function patchRefusal(patched: JsonObject, why: string): Error {
  const text = JSON.stringify(JSON.stringify(patched));
  return invalid({ group: "", kind: "" }, "", [{
    reason: "FieldValueInvalid",
    message: `Invalid value: ${text}: ${why}`,
    field: "patch",
  }]);
}

function decode(
  resource: Resource,
  object: JsonObject,
  options: WriteOptions,
  refuse: Refuse,
): Decoded {
  if (resource.schema.custom) checkCustomType(resource, object);
  else checkBuiltInType(resource, object, refuse);
  const problem = decodeProblem(resource.schema, object);
  if (problem) throw refuse(problem);
  const typed = { ...object, apiVersion: apiVersionOf(resource), kind: resource.kind };
  const { object: known, unknown } = prune(resource.schema, typed);
  const problems = unknown.map((path) => `unknown field ${JSON.stringify(path)}`);
  if (problems.length > 0 && options.fieldValidation === "Strict") {
    throw refuse(`strict decoding error: ${problems.join(", ")}`);
  }
  return {
    object: asApiObject(known),
    warnings: options.fieldValidation === "Warn" ? problems : [],
  };
}

function checkCustomBody({ text }: RequestBody, resource: Resource, object: JsonObject): void {
  if (!asString(object.kind)) {
    throw badRequest(
      `the object provided is unrecognized (must be of type ${resource.kind}): Object 'Kind' is missing in '${text}' (${
        quoteBody(text)
      })`,
    );
  }
  const apiVersion = asString(object.apiVersion);
  const expected = apiVersionOf(resource);
  if (apiVersion === expected) return;
  throw badRequest(
    `the API version in the data (${apiVersion}) does not match the expected API version (${expected})`,
  );
}

function checkCustomType(resource: Resource, object: JsonObject): void {
  const given = { apiVersion: asString(object.apiVersion), kind: asString(object.kind) };
  const expected = { apiVersion: apiVersionOf(resource), kind: resource.kind };
  const causes = (["apiVersion", "kind"] as const).flatMap((field): StatusCause[] => {
    if (given[field] === expected[field]) return [];
    const message = `Invalid value: ${JSON.stringify(given[field])}: must be ${expected[field]}`;
    return [{ reason: "FieldValueInvalid", message, field }];
  });
  if (causes.length === 0) return;
  throw invalid(
    { group: resource.group, kind: given.kind },
    asString(asObject(object.metadata).name),
    causes,
  );
}

function checkBuiltInType(resource: Resource, object: JsonObject, refuse: Refuse): void {
  const apiVersion = asString(object.apiVersion) || apiVersionOf(resource);
  const kind = asString(object.kind) || resource.kind;
  if (apiVersion === apiVersionOf(resource) && kind === resource.kind) return;
  const slash = apiVersion.indexOf("/");
  const group = apiVersion.slice(0, Math.max(0, slash));
  const version = apiVersion.slice(slash + 1);
  if (!builtInKind(group, version, kind)) throw refuse(unregistered(kind, apiVersion));
  const target = `${resource.group || "core"}.${resource.kind}`;
  throw refuse(`converting (${version}.${kind}) to (${target}): unknown conversion`);
}

function unregistered(kind: string, apiVersion: string): string {
  return `no kind ${JSON.stringify(kind)} is registered for version ${
    JSON.stringify(apiVersion)
  } in scheme "pkg/runtime/scheme.go:110"`;
}

/**
 * Reads the options in the body of a deletion; undefined if there are none.
 *
 * @throws {StatusError} 500, as the real server answers, if they cannot be read
 */
export function decodeDeleteOptions(body: RequestBody): JsonObject | undefined {
  if (body.text === "") return undefined;
  const options = parseObject(body, "DeleteOptions", internalError);
  const { apiVersion = "v1", kind = "DeleteOptions", gracePeriodSeconds } = options;
  if (kind !== "DeleteOptions") {
    throw internalError(unregistered(asString(kind), asString(apiVersion)));
  }
  if (typeof (gracePeriodSeconds ?? 0) === "number") return options;
  throw internalError(
    `json: cannot unmarshal ${typeof gracePeriodSeconds} into Go struct field DeleteOptions.gracePeriodSeconds of type int64`,
  );
}
