/** From a request for a resource to the function that carries it out. */

import type { Answer, Call } from "./call.ts";
import type { Resource } from "./registry/resource.ts";
import { badRequest, methodNotAllowed, noSuchResource, NothingHereError } from "./status.ts";
import { bindPod } from "./subresources/binding.ts";
import { evictPod } from "./subresources/eviction.ts";
import { finalizeNamespace } from "./subresources/finalize.ts";
import { getScale, patchScale, updateScale } from "./subresources/scale.ts";
import { createObject } from "./verbs/create.ts";
import { deleteCollection, deleteObject } from "./verbs/delete.ts";
import { getObject } from "./verbs/get.ts";
import { listObjects } from "./verbs/list.ts";
import { patchObject } from "./verbs/patch.ts";
import { updateObject } from "./verbs/update.ts";

type Handler = (call: Call) => Answer;

const VERBS: Readonly<Record<string, Handler>> = {
  get: getObject,
  list: listObjects,
  create: createObject,
  update: updateObject,
  patch: patchObject,
  delete: deleteObject,
  deletecollection: deleteCollection,
};

/** The handlers of subresources, for each verb; the status of an object is handled like the object. */
const SUBRESOURCES: Readonly<Record<string, Readonly<Record<string, Handler>>>> = {
  status: { get: getObject, update: updateObject, patch: patchObject },
  scale: { get: getScale, update: updateScale, patch: patchScale },
  binding: { create: bindPod },
  eviction: { create: evictPod },
  finalize: { update: finalizeNamespace },
};

/**
 * Carries out anything but a watch or the reading of a log.
 *
 * @throws {StatusError} for whatever is refused
 */
export function carryOut(call: Call, verb: string): Answer {
  return handlerOf(call, verb)(call);
}

/**
 * Refuses what the resource does not offer.
 *
 * @throws {StatusError} 400, 404 or 405
 */
export function checkOffered(
  { resource, target }: Pick<Call, "resource" | "target">,
  verb: string,
): void {
  const { name, namespace, subresource } = target;
  if (subresource !== "") {
    const offered = resource.subresources.find((known) => known.name === subresource);
    if (!offered) throw nothingAt(resource);
    if (!offered.verbs.includes(verb)) throw methodNotAllowed();
    return;
  }
  if (!resource.verbs.includes(verb)) throw methodNotAllowed();
  if (name === "" && (verb === "update" || verb === "patch")) {
    throw resource.schema.custom ? badRequest("name must be provided") : methodNotAllowed();
  }
  // Only reads of collections go across namespaces.
  const acrossNamespaces = resource.namespaced && namespace === "";
  if (acrossNamespaces && name !== "") throw nothingAt(resource);
  if (acrossNamespaces && (verb === "create" || verb === "deletecollection")) {
    throw resource.schema.custom ? new NothingHereError() : methodNotAllowed();
  }
  if (!resource.namespaced && namespace !== "") throw nothingAt(resource);
  // A custom resource takes a creation at the URL of an object for one at that of the collection.
  if (verb === "create" && name !== "" && !resource.schema.custom) throw methodNotAllowed();
}

/** Paths of custom resources that do not exist are answered in plain text. */
function nothingAt({ schema }: Resource): Error {
  return schema.custom ? new NothingHereError() : noSuchResource();
}

function handlerOf({ target }: Call, verb: string): Handler {
  const handler = target.subresource === ""
    ? VERBS[verb]
    : SUBRESOURCES[target.subresource]?.[verb];
  if (!handler) throw methodNotAllowed();
  return handler;
}
