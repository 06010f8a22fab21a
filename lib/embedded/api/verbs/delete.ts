/** The verbs `delete` and `deletecollection`. */

import { type Answer, type Call, storedObject } from "../call.ts";
import { decodeDeleteOptions } from "../decode.ts";
import type { JsonObject } from "../json.ts";
import type { ApiObject } from "../object.ts";
import { type DeleteOptions, parseDeleteOptions } from "../options.ts";
import { fromStored, kindSubject, type Resource, resourceSubject } from "../registry/resource.ts";
import { conflict } from "../status.ts";
import { remove, store } from "./commit.ts";
import { planDeletion, planNamespaceDeletion } from "./deletion_plan.ts";
import { listObjects } from "./list.ts";

/** Deletes one object. */
export function deleteObject(call: Call): Answer {
  const options = parseOptions(call);
  const object = fromStored(call.resource, storedObject(call));
  checkPreconditions(call.resource, object, options);
  const { left, last } = deleteOne(call, object, options);
  if (left || call.resource.returnsDeleted) return { code: 200, object: last };
  return { code: 200, json: success(call.resource, object) };
}

/** Deletes all objects that the request selects, and answers with them as they were. */
export function deleteCollection(call: Call): Answer {
  const options = parseOptions(call);
  const answer = listObjects(call);
  if ("list" in answer) {
    for (const object of answer.list) deleteOne(call, object, options);
  }
  return answer;
}

function parseOptions({ body, query }: Call): DeleteOptions {
  return parseDeleteOptions(query, decodeDeleteOptions(body));
}

/** Deletes an object: what it is afterwards, and whether it is still there. */
function deleteOne(
  call: Call,
  object: ApiObject,
  options: DeleteOptions,
): { left: boolean; last: ApiObject } {
  const { resource, state } = call;
  const { dryRun } = options;
  if (resource.deletion === "definition") {
    return { left: true, last: dryRun ? object : state.definitions.terminate(object) };
  }
  const now = state.clock.now();
  const plan = resource.deletion === "namespace"
    ? planNamespaceDeletion(object, now)
    : planDeletion(object, resource.deletion, options, now);
  const marked = plan.mark ? store(call, plan.mark, dryRun) : object;
  if (!plan.remove) return { left: true, last: marked };
  return { left: false, last: remove(call, marked, dryRun) };
}

/**
 * Refuses to delete another object than the client means.
 *
 * @throws {StatusError} 409
 */
function checkPreconditions(
  resource: Resource,
  { metadata }: ApiObject,
  options: DeleteOptions,
): void {
  const { uid, resourceVersion } = options;
  const { name = "" } = metadata;
  if (uid !== undefined && uid !== metadata.uid) {
    throw conflict(
      kindSubject(resource),
      name,
      `the UID in the precondition (${uid}) does not match the UID in record (${metadata.uid}). The object might have been deleted and then recreated`,
    );
  }
  if (resourceVersion !== undefined && resourceVersion !== metadata.resourceVersion) {
    throw conflict(
      kindSubject(resource),
      name,
      `the ResourceVersion in the precondition (${resourceVersion}) does not match the ResourceVersion in record (${metadata.resourceVersion}). The object might have been modified`,
    );
  }
}

function success(resource: Resource, { metadata }: ApiObject): JsonObject {
  const { group, kind } = resourceSubject(resource);
  const { name = "", uid = "" } = metadata;
  return {
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Success",
    details: { name, ...(group ? { group } : {}), kind, uid },
  };
}
