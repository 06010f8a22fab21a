/** Bodies of requests, read as JSON, YAML or protobuf. */

import { parse as parseYaml, YAMLParseError } from "yaml";

import type { RequestBody } from "./call.ts";
import { isObject, type Json, type JsonObject } from "./json.ts";
import { jsonProblem } from "./json_problem.ts";
import { readProtobufObject } from "./protobuf/objects.ts";
import { badRequest, unsupportedMediaType } from "./status.ts";

const PROTOBUF = "application/vnd.kubernetes.protobuf";

/** What the server reads, as it says in its refusals. */
const ACCEPTED = ["application/json", "application/yaml", PROTOBUF];

/** How much of a body a refusal quotes. */
const QUOTED_LENGTH = 30;

/**
 * Reads the object in a body, of whatever kind.
 *
 * @param kind what it should be, for refusals
 * @param refuse words a refusal; as a rule 400 with a quotation of the body
 * @throws {StatusError} if it is no object, and 415 if it is in a form that is not read
 */
export function parseObject(
  { mediaType, text, bytes }: RequestBody,
  kind: string,
  refuse: (why: string) => Error = (why) =>
    badRequest(
      `the object provided is unrecognized (must be of type ${kind}): ${why} (${quoteBody(text)})`,
    ),
): JsonObject {
  switch (mediaType) {
    case "":
    case "application/json":
      return parseJsonObject(text, refuse);
    case "application/yaml":
      return parseYamlObject(text, refuse);
    case PROTOBUF:
      return parseProtobufObject(bytes ?? new Uint8Array(), refuse);
    default:
      throw unsupportedMediaType(ACCEPTED);
  }
}

function parseJsonObject(text: string, refuse: (why: string) => Error): JsonObject {
  const problem = jsonProblem(text);
  if (problem) throw refuse(`couldn't get version/kind; json parse error: ${problem}`);
  const value: Json = JSON.parse(text);
  if (isObject(value)) return value;
  const type = value === null ? "null" : Array.isArray(value) ? "array" : typeof value;
  throw refuse(
    `couldn't get version/kind; json parse error: json: cannot unmarshal ${type} into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }`,
  );
}

function parseYamlObject(text: string, refuse: (why: string) => Error): JsonObject {
  try {
    const value: Json = parseYaml(text);
    if (isObject(value)) return value;
  } catch (error) {
    if (!(error instanceof YAMLParseError)) throw error;
    throw refuse(`yaml: ${error.message.split("\n", 1)[0]}`);
  }
  throw refuse("yaml: the document is no object");
}

function parseProtobufObject(bytes: Uint8Array, refuse: (why: string) => Error): JsonObject {
  let object: JsonObject | undefined;
  try {
    object = readProtobufObject(bytes);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw refuse(error.message);
  }
  // Of protobuf only what kubectl sends is understood.
  if (!object) throw unsupportedMediaType(ACCEPTED.filter((type) => type !== PROTOBUF));
  return object;
}

/** The beginning of a body, as refusals quote it. */
export function quoteBody(text: string): string {
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
