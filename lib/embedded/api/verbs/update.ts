/** The verb `update`, and the part of it that patches and applied configurations share. */

import { rfc3339 } from "../../../time/mod.ts";
import {
  applyDefaults,
  managerName,
  prepareForUpdate,
  updateManagedFields,
  validateUpdate,
} from "../../schema/mod.ts";
import { type Answer, type Call, storedObject } from "../call.ts";
import { decodeBody } from "../decode.ts";
import { asArray, type JsonObject, sameJson, valueAt } from "../json.ts";
import { type ApiObject, asApiObject, storageKey, withMetadata } from "../object.ts";
import { parseWriteOptions, type WriteOptions } from "../options.ts";
import { fromStored, kindSubject, type Resource, resourceSubject } from "../registry/resource.ts";
import {
  badRequest,
  conflict,
  internalError,
  invalid,
  MODIFIED,
  type StatusCause,
  WRONG_NAMESPACE,
} from "../status.ts";
import { remove, store } from "./commit.ts";

/** How an update is carried out. */
export interface UpdateStep {
  /** Options of the request. */
  readonly options: WriteOptions;
  /** Part of the object that the request is about; empty for all but the subresources. */
  readonly subresource: string;
  /** Whether the owners of its fields are set already, as after a server-side apply. */
  readonly owned?: boolean;
}

/** Replaces an object, or its status, by the one in the body. */
export function updateObject(call: Call): Answer {
  const { query, resource, target } = call;
  const options = parseWriteOptions(query, "UpdateOptions");
  const { object: sent, warnings } = decodeBody(call, options);
  checkName(call, sent);
  const current = fromStored(resource, storedObject(call));
  checkVersion(resource, sent, current);
  const step = { options, subresource: target.subresource };
  return { code: 200, object: replace(call, sent, current, step), warnings };
}

/**
 * Stores what an object is to become, unless that is what it is.
 *
 * @throws {StatusError} 409 or 422
 */
export function replace(
  call: Call,
  wanted: JsonObject,
  current: ApiObject,
  { options, subresource, owned = false }: UpdateStep,
): ApiObject {
  const { resource, state, headers } = call;
  const { schema } = resource;
  const identified = keepIdentity(resource, asApiObject(applyDefaults(schema, wanted)), current);
  const admitted = resource.admit?.(identified, state.storage, current) ?? identified;
  // The scale of an object is part of its spec, so it changes by the rules of the object itself.
  const part = subresource === "scale" ? "" : subresource;
  const prepared = prepareForUpdate(schema, admitted, current, part);
  const next = asApiObject(
    owned ? prepared : updateManagedFields(schema, prepared, current, {
      manager: managerName(options.fieldManager, headers.get("user-agent")),
      subresource,
      time: rfc3339(state.clock.now()),
    }),
  );
  const causes = validateUpdate(schema, next, current, part);
  if (causes.length > 0) throw invalid(kindSubject(resource), current.metadata.name ?? "", causes);
  if (sameJson(next, current)) return current;
  if (isReleased(next, current)) {
    remove(call, current, options.dryRun);
    return next;
  }
  return store(call, next, options.dryRun);
}

/** Whether an object whose deletion was asked for is held by nothing any more (`ShouldDeleteDuringUpdate`). */
function isReleased(next: ApiObject, current: ApiObject): boolean {
  const { deletionTimestamp, deletionGracePeriodSeconds = 0 } = current.metadata;
  return deletionTimestamp !== undefined && deletionGracePeriodSeconds === 0 &&
    (next.metadata.finalizers ?? []).length === 0 &&
    (next.kind !== "Namespace" || asArray(valueAt(next, "spec", "finalizers")).length === 0);
}

/**
 * Refuses an object that is not the one in the URL.
 *
 * @throws {StatusError} 400
 */
export function checkName({ target }: Call, { metadata }: ApiObject): void {
  const { name, namespace } = metadata;
  if (!name) {
    throw badRequest(
      `the name of the object (${target.name} based on URL) was undeterminable: name must be provided`,
    );
  }
  if (name !== target.name) {
    throw badRequest(
      `the name of the object (${name}) does not match the name on the URL (${target.name})`,
    );
  }
  if (namespace && namespace !== target.namespace) throw badRequest(WRONG_NAMESPACE);
}

/**
 * Refuses an update of another version or another identity than the object has.
 *
 * @throws {StatusError} 409 or 422
 */
function checkVersion(resource: Resource, sent: ApiObject, current: ApiObject): void {
  const { resourceVersion } = sent.metadata;
  const { name = "" } = current.metadata;
  if (!resourceVersion && !resource.unconditionalUpdate) {
    throw invalid(resourceSubject(resource), name, [{
      reason: "FieldValueInvalid",
      message: "Invalid value: 0: must be specified for an update",
      field: "metadata.resourceVersion",
    }]);
  }
  checkIdentity(resource, sent, current);
  checkRevision(resource, sent, current);
}

/**
 * Refuses an update of another object that had the name before.
 *
 * @throws {StatusError} 409
 */
export function checkIdentity(resource: Resource, sent: ApiObject, current: ApiObject): void {
  const { uid } = sent.metadata;
  const { name = "", namespace } = current.metadata;
  if (!uid || uid === current.metadata.uid) return;
  const { group, plural, schema } = resource;
  const key = `/registry/${schema.custom ? `${group}/` : ""}${plural}/${
    storageKey(namespace, name)
  }`;
  throw conflict(
    resourceSubject(resource),
    name,
    `StorageError: invalid object, Code: 4, Key: ${key}, ResourceVersion: 0, AdditionalErrorMsg: ${
      wrongIdentity(sent, current)
    }`,
  );
}

/** Says that the UID that was sent is not that of the object. */
export function wrongIdentity(sent: ApiObject, current: ApiObject): string {
  return `Precondition failed: UID in precondition: ${sent.metadata.uid}, UID in object meta: ${current.metadata.uid}`;
}

/**
 * Refuses an update that was made from an older version of the object.
 *
 * @throws {StatusError} 409, and 500 for a version that is none
 */
export function checkRevision(resource: Resource, sent: ApiObject, current: ApiObject): void {
  const { resourceVersion } = sent.metadata;
  if (!resourceVersion || resourceVersion === current.metadata.resourceVersion) return;
  if (!/^\d+$/.test(resourceVersion)) {
    throw internalError(
      `strconv.ParseUint: parsing ${JSON.stringify(resourceVersion)}: invalid syntax`,
    );
  }
  throw conflict(resourceSubject(resource), current.metadata.name ?? "", MODIFIED);
}

/** What the server alone sets; an update may leave it out but not change it. */
const IMMUTABLE = ["uid", "deletionTimestamp", "deletionGracePeriodSeconds"] as const;

function keepIdentity(resource: Resource, next: ApiObject, current: ApiObject): ApiObject {
  const { metadata } = current;
  const causes = IMMUTABLE.flatMap((field): StatusCause[] => {
    const value = next.metadata[field];
    if (value === undefined || value === null || value === metadata[field]) return [];
    const message = `Invalid value: ${JSON.stringify(value)}: field is immutable`;
    return [{ reason: "FieldValueInvalid", message, field: `metadata.${field}` }];
  });
  if (causes.length > 0) throw invalid(kindSubject(resource), metadata.name ?? "", causes);
  return withMetadata(next, {
    ...Object.fromEntries(IMMUTABLE.map((field) => [field, metadata[field]])),
    name: metadata.name,
    namespace: metadata.namespace,
    creationTimestamp: metadata.creationTimestamp,
    resourceVersion: metadata.resourceVersion,
  });
}
