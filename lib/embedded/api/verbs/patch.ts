/** The verb `patch`: merge, JSON and strategic merge patches, and server-side apply. */

import {
  applyJsonPatch,
  applyMergePatch,
  applyStrategicMergePatch,
  PatchError,
} from "../../schema/mod.ts";
import { type Answer, type Call, type RequestBody, storedObject } from "../call.ts";
import { decodePatched } from "../decode.ts";
import { isObject, type Json, type JsonObject } from "../json.ts";
import { jsonProblem } from "../json_problem.ts";
import { parseWriteOptions } from "../options.ts";
import { fromStored, type Resource } from "../registry/resource.ts";
import { badRequest, StatusError, unprocessable, unsupportedMediaType } from "../status.ts";
import { applyObject } from "./apply.ts";
import { checkName, checkRevision, replace } from "./update.ts";

const JSON_PATCH = "application/json-patch+json";
const MERGE_PATCH = "application/merge-patch+json";
const STRATEGIC_MERGE_PATCH = "application/strategic-merge-patch+json";
const APPLY_PATCH = "application/apply-patch+yaml";

/** Changes an object, or its status, as the patch in the body says. */
export function patchObject(call: Call): Answer {
  const { body, query, resource, target } = call;
  checkPatchType(body, resource);
  const isApply = body.mediaType === APPLY_PATCH;
  const options = parseWriteOptions(query, "PatchOptions", isApply);
  if (isApply) return applyObject(call, options);
  const current = fromStored(resource, storedObject(call));
  const patched = patch(body, current, resource);
  const { object: sent, warnings } = decodePatched(resource, patched, options);
  checkName(call, sent);
  checkRevision(resource, sent, current);
  const step = { options, subresource: target.subresource };
  return { code: 200, object: replace(call, sent, current, step), warnings };
}

/**
 * Refuses patches of kinds that the server does not know.
 *
 * @throws {StatusError} 415
 */
export function checkPatchType({ mediaType }: RequestBody, { schema }: Resource): void {
  const accepted = [JSON_PATCH, MERGE_PATCH, APPLY_PATCH];
  if (!schema.custom) accepted.splice(2, 0, STRATEGIC_MERGE_PATCH);
  if (accepted.includes(mediaType)) return;
  if (schema.custom) throw unsupportedMediaType(accepted);
  const message = "415: Unsupported Media Type";
  throw new StatusError({ code: 415, reason: "UnsupportedMediaType", message, details: {} });
}

/**
 * What a merge, JSON or strategic merge patch makes of an object.
 *
 * @throws {StatusError} 400 or 422 if it cannot be read or does not fit
 */
export function patch(
  body: RequestBody,
  current: JsonObject,
  { schema }: Pick<Resource, "schema">,
): JsonObject {
  const value = parsePatch(body);
  try {
    const patched = body.mediaType === JSON_PATCH
      ? applyJsonPatch(current, value)
      : isObject(value) && body.mediaType === STRATEGIC_MERGE_PATCH
      ? applyStrategicMergePatch(schema, current, value)
      : applyMergePatch(current, value);
    if (!isObject(patched)) throw unprocessable();
    return patched;
  } catch (error) {
    if (!(error instanceof PatchError)) throw error;
    if (error.code === 422) throw unprocessable();
    throw error.code === 400
      ? badRequest(error.message)
      : new StatusError({ code: error.code, message: error.message }, { cause: error });
  }
}

function parsePatch({ mediaType, text }: RequestBody): Json {
  const problem = jsonProblem(text);
  if (problem) throw badRequest(`error decoding patch: ${problem}`);
  const value: Json = JSON.parse(text);
  const type = isObject(value) ? "object" : Array.isArray(value) ? "array" : typeof value;
  const expected = mediaType === JSON_PATCH ? "array" : "object";
  if (type === expected) return value;
  const target = mediaType === JSON_PATCH ? "[]handlers.jsonPatchOp" : "map[string]interface {}";
  throw badRequest(
    `error decoding patch: json: cannot unmarshal ${type} into Go value of type ${target}`,
  );
}
