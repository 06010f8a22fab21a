/** Bodies of requests: JSON or YAML that has to be an object of the resource's kind. */

import { parse as parseYaml, YAMLParseError } from "yaml";

import { builtInKind, decodeProblem } from "../schema/mod.ts";
import type { RequestBody } from "./call.ts";
import { asString, isObject, type Json, type JsonObject } from "./json.ts";
import { jsonProblem } from "./json_problem.ts";
import { readProtobufObject } from "./protobuf/objects.ts";
import {
  apiVersionOf,
  type GroupVersionKind,
  kindSubject,
  type Resource,
} from "./registry/resource.ts";
import { badRequest, invalid, unsupportedMediaType } from "./status.ts";

const PROTOBUF = "application/vnd.kubernetes.protobuf";

/** What the server reads, as it says in its refusals. */
const ACCEPTED = ["application/json", "application/yaml", PROTOBUF];

/** How much of a body a refusal quotes. */
const QUOTED_LENGTH = 30;

/**
 * Reads the object in a body.
 *
 * @throws {StatusError} 400, 415 or 422 if there is none, or one of another kind
 */
export function decodeObject(body: RequestBody, resource: Resource): JsonObject {
  const object = parseObject(body, resource.kind);
  const { kind: expectedKind, version, schema } = resource;
  const apiVersion = asString(object.apiVersion);
  const kind = asString(object.kind);
  if (schema.custom) {
    checkCustomType(body, resource, apiVersion, kind);
  } else {
    checkBuiltInType(resource, apiVersion || apiVersionOf(resource), kind || expectedKind);
  }
  const problem = decodeProblem(schema, object);
  if (problem) {
    throw badRequest(
      `${expectedKind} in version "${version}" cannot be handled as a ${expectedKind}: ${problem}`,
    );
  }
  if (schema.custom && kind !== expectedKind) throw wrongKind(resource, object, kind);
  return { ...object, apiVersion: apiVersionOf(resource), kind: expectedKind };
}

/**
 * Reads the object in a body, of whatever kind; an empty body is none.
 *
 * @throws {StatusError} 400 or 415 if it is no object
 */
export function parseObject(body: RequestBody, kind: string): JsonObject {
  const { mediaType, text, bytes } = body;
  if (mediaType === PROTOBUF) return parseProtobufObject(bytes, kind);
  if (mediaType === "application/yaml") return parseYamlObject(text, kind);
  if (mediaType !== "application/json" && mediaType !== "") throw unsupportedMediaType(ACCEPTED);
  const problem = jsonProblem(text);
  if (problem) {
    throw unrecognized(text, kind, `couldn't get version/kind; json parse error: ${problem}`);
  }
  const value: Json = JSON.parse(text);
  if (isObject(value)) return value;
  const type = value === null ? "null" : Array.isArray(value) ? "array" : typeof value;
  throw unrecognized(
    text,
    kind,
    `couldn't get version/kind; json parse error: json: cannot unmarshal ${type} into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }`,
  );
}

function parseYamlObject(text: string, kind: string): JsonObject {
  try {
    const value: Json = parseYaml(text);
    if (isObject(value)) return value;
  } catch (error) {
    if (!(error instanceof YAMLParseError)) throw error;
    throw unrecognized(text, kind, `yaml: ${error.message.split("\n", 1)[0]}`);
  }
  throw unrecognized(text, kind, "yaml: the document is no object");
}

function parseProtobufObject(bytes: Uint8Array = new Uint8Array(), kind: string): JsonObject {
  let object: JsonObject | undefined;
  try {
    object = readProtobufObject(bytes);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw badRequest(
      `the object provided is unrecognized (must be of type ${kind}): ${error.message}`,
    );
  }
  // Of protobuf only what kubectl sends is understood.
  if (!object) throw unsupportedMediaType(ACCEPTED.filter((type) => type !== PROTOBUF));
  return object;
}

function unrecognized(text: string, kind: string, why: string): Error {
  return badRequest(
    `the object provided is unrecognized (must be of type ${kind}): ${why} (${quote(text)})`,
  );
}

function quote(text: string): string {
  if (text === "") return "<empty>";
  const more = text.length > QUOTED_LENGTH ? " ..." : "";
  const start = text.slice(0, QUOTED_LENGTH);
  if (text.startsWith("{")) return start + more;
  const hex = Array.from(
    new TextEncoder().encode(start),
    (byte) => byte.toString(16).padStart(2, "0"),
  );
  return hex.join("") + more;
}

function checkCustomType(
  body: RequestBody,
  resource: Resource,
  apiVersion: string,
  kind: string,
): void {
  if (!kind) {
    throw unrecognized(
      body.text,
      resource.kind,
      `Object 'Kind' is missing in '${body.text.slice(0, QUOTED_LENGTH)}'`,
    );
  }
  const expected = apiVersionOf(resource);
  if (apiVersion !== expected) {
    throw badRequest(
      `the API version in the data (${apiVersion}) does not match the expected API version (${expected})`,
    );
  }
}

function wrongKind(resource: Resource, object: JsonObject, kind: string): Error {
  const subject = { ...kindSubject(resource), kind };
  const name = isObject(object.metadata) ? asString(object.metadata.name) : "";
  return invalid(subject, name, [{
    reason: "FieldValueInvalid",
    message: `Invalid value: ${JSON.stringify(kind)}: must be ${resource.kind}`,
    field: "kind",
  }]);
}

function checkBuiltInType(expected: GroupVersionKind, apiVersion: string, kind: string): void {
  if (apiVersion === apiVersionOf(expected) && kind === expected.kind) return;
  const slash = apiVersion.indexOf("/");
  const group = apiVersion.slice(0, Math.max(0, slash));
  const version = apiVersion.slice(slash + 1);
  const why = builtInKind(group, version, kind)
    ? `converting (${version}.${kind}) to (${
      expected.group || "core"
    }.${expected.kind}): unknown conversion`
    : `no kind ${JSON.stringify(kind)} is registered for version ${
      JSON.stringify(apiVersion)
    } in scheme "pkg/runtime/scheme.go:110"`;
  throw badRequest(
    `${kind} in version ${JSON.stringify(version)} cannot be handled as a ${expected.kind}: ${why}`,
  );
}
