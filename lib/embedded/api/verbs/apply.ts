/** Server-side apply: a patch that says what its manager wants, and creates what is not there. */

import { parse as parseYaml, YAMLParseError } from "yaml";

import { rfc3339 } from "../../../time/mod.ts";
import {
  applyConfiguration,
  ApplyConflictError,
  applyDefaults,
  ApplyError,
  decodeProblem,
  managerName,
} from "../../schema/mod.ts";
import { type Answer, type Call, collectionOf, keyOf } from "../call.ts";
import { isObject, type Json, type JsonObject } from "../json.ts";
import { type ApiObject, asApiObject, withMetadata } from "../object.ts";
import type { WriteOptions } from "../options.ts";
import { apiVersionOf, fromStored, type Resource, resourceSubject } from "../registry/resource.ts";
import { badRequest, conflict, notFound, StatusError } from "../status.ts";
import { storeNew } from "./create.ts";
import { checkNamespace } from "./namespace_check.ts";
import { checkName, checkRevision, replace } from "./update.ts";

/** Applies the configuration in the body. */
export function applyObject(call: Call, options: WriteOptions): Answer {
  const { resource, target } = call;
  const applied = parseConfiguration(call);
  const stored = collectionOf(call).get(keyOf(call));
  if (!stored) {
    if (target.subresource) throw notFound(resourceSubject(resource), target.name);
    return { code: 201, object: createApplied(call, applied, options) };
  }
  const current = fromStored(resource, stored);
  checkRevision(resource, applied, current);
  const merged = merge(call, current, applied, options);
  const step = { options, subresource: target.subresource, owned: true };
  return { code: 200, object: replace(call, merged, current, step) };
}

function createApplied(call: Call, applied: ApiObject, options: WriteOptions): ApiObject {
  const { resource, target } = call;
  const { uid } = applied.metadata;
  if (uid) {
    const why =
      `uid mismatch: the provided object specified uid ${uid}, and no existing object was found`;
    throw conflict(resourceSubject(resource), target.name, why);
  }
  checkNamespace(call, target.name);
  const merged = merge(call, undefined, applied, options);
  return storeNew(call, applyDefaults(resource.schema, merged), options.dryRun);
}

function parseConfiguration(call: Call): ApiObject {
  const { resource, target } = call;
  const value = parseDocument(call.body.text);
  checkType(value, resource);
  const problem = decodeProblem(resource.schema, value);
  if (problem) {
    const { kind, version } = resource;
    throw badRequest(`${kind} in version "${version}" cannot be handled as a ${kind}: ${problem}`);
  }
  const applied = asApiObject(value);
  const named = withMetadata(applied, {
    name: applied.metadata.name ?? target.name,
    namespace: applied.metadata.namespace ?? (target.namespace || undefined),
  });
  checkName(call, named);
  if (applied.metadata.managedFields !== undefined) {
    throw badRequest("metadata.managedFields must be nil");
  }
  return named;
}

function parseDocument(text: string): JsonObject {
  try {
    const value: Json = parseYaml(text);
    if (isObject(value)) return value;
  } catch (error) {
    if (!(error instanceof YAMLParseError)) throw error;
    const why = error.message.split("\n", 1)[0];
    throw badRequest(`error decoding YAML: error converting YAML to JSON: yaml: ${why}`);
  }
  throw badRequest("error decoding YAML: the document is no object");
}

function checkType({ apiVersion, kind }: JsonObject, resource: Resource): void {
  if (apiVersion === apiVersionOf(resource) && kind === resource.kind) return;
  const given = typeof apiVersion === "string" && apiVersion !== ""
    ? (apiVersion.includes("/") ? apiVersion : `/${apiVersion}`)
    : "/";
  throw badRequest(`invalid object type: ${given}, Kind=${typeof kind === "string" ? kind : ""}`);
}

function merge(
  call: Call,
  current: ApiObject | undefined,
  applied: ApiObject,
  options: WriteOptions,
): JsonObject {
  const { resource, target, headers, state } = call;
  try {
    return applyConfiguration(resource.schema, current, applied, {
      manager: managerName(options.fieldManager, headers.get("user-agent")),
      subresource: target.subresource,
      time: rfc3339(state.clock.now()),
      force: options.force,
    });
  } catch (error) {
    if (error instanceof ApplyConflictError) {
      const { message, causes } = error;
      throw new StatusError({ code: 409, reason: "Conflict", message, details: { causes } }, {
        cause: error,
      });
    }
    if (!(error instanceof ApplyError)) throw error;
    const reason = error.code === 400 ? { reason: "BadRequest" } : {};
    throw new StatusError({ code: error.code, ...reason, message: error.message }, {
      cause: error,
    });
  }
}
