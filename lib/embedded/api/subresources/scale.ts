/** The subresource `scale`: the number of replicas of any scalable kind, in one shape for all of them. */

import { builtInKind, type KindSchema } from "../../schema/mod.ts";
import { parseObject } from "../body.ts";
import { type Answer, type Call, storedObject } from "../call.ts";
import { checkPatched } from "../decode.ts";
import { asObject, type Json, type JsonObject, valueAt, withValueAt } from "../json.ts";
import { type ApiObject, asApiObject } from "../object.ts";
import { parseWriteOptions, type WriteOptions } from "../options.ts";
import {
  fromStored,
  type Resource,
  resourceSubject,
  type ScalePaths,
} from "../registry/resource.ts";
import { conflict, internalError, invalid, noSuchResource } from "../status.ts";
import { checkPatchType, patch } from "../verbs/patch.ts";
import {
  checkIdentity,
  checkName,
  checkRevision,
  replace,
  wrongIdentity,
} from "../verbs/update.ts";

const SCALE = { group: "autoscaling", kind: "Scale" };

/** Answers with the scale of an object. */
export function getScale(call: Call): Answer {
  const { current, paths } = scalable(call);
  return { code: 200, json: scaleOf(current, paths) };
}

/** Replaces the scale of an object. */
export function updateScale(call: Call): Answer {
  const options = parseWriteOptions(call.query, "UpdateOptions");
  const sent = asApiObject(parseObject(call.body, SCALE.kind));
  checkName(call, sent);
  const found = scalable(call);
  checkIdentity(call.resource, sent, found.current);
  return store(call, found, sent, options);
}

/** Changes the scale of an object as the patch in the body says. */
export function patchScale(call: Call): Answer {
  checkPatchType(call.body, call.resource);
  const options = parseWriteOptions(call.query, "PatchOptions");
  const found = scalable(call);
  const schema = scaleSchema();
  const patched = patch(call.body, scaleOf(found.current, found.paths), { schema });
  checkPatched(schema, patched);
  const sent = asApiObject(patched);
  checkName(call, sent);
  return store(call, found, sent, options);
}

/** An object that has a scale, and where in it. */
interface Scalable {
  readonly current: ApiObject;
  readonly paths: ScalePaths;
}

function scalable(call: Call): Scalable {
  const { scale } = call.resource;
  if (!scale) throw noSuchResource();
  return { current: fromStored(call.resource, storedObject(call)), paths: scale };
}

/** The scale of an object. */
function scaleOf(object: ApiObject, paths: ScalePaths): JsonObject {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const selector = paths.selector(object);
  const replicas = numberAt(object, paths.specReplicas);
  return {
    kind: SCALE.kind,
    apiVersion: "autoscaling/v1",
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: replicas === 0 ? {} : { replicas },
    status: {
      replicas: numberAt(object, paths.statusReplicas),
      ...(selector ? { selector } : {}),
    },
  };
}

function store(
  call: Call,
  { current, paths }: Scalable,
  sent: ApiObject,
  options: WriteOptions,
): Answer {
  checkRevision(call.resource, sent, current);
  const replicas = replicasOf(sent);
  // Of custom resources their own validation says what is wrong, and of a patch nobody looks at the UID.
  if (!call.resource.schema.custom) {
    checkReplicas(sent, replicas);
    checkScaleIdentity(call.resource, sent, current);
  }
  const next = withValueAt(current, paths.specReplicas, replicas);
  const stored = replace(call, next, current, { options, subresource: "scale" });
  return { code: 200, json: scaleOf(stored, paths) };
}

/** Refuses the scale of another object that had the name before. */
function checkScaleIdentity(resource: Resource, sent: ApiObject, current: ApiObject): void {
  const { uid } = sent.metadata;
  if (!uid || uid === current.metadata.uid) return;
  const { group, kind } = resourceSubject(resource);
  const { name = "" } = current.metadata;
  throw conflict({ group, kind: `${kind}/scale` }, name, wrongIdentity(sent, current));
}

/** The number that a scale asks for; a scale leaves out a zero. */
function replicasOf({ spec }: ApiObject): Json {
  return asObject(spec).replicas ?? 0;
}

function checkReplicas({ metadata }: ApiObject, replicas: Json): void {
  if (typeof replicas === "number" && replicas >= 0) return;
  throw invalid(SCALE, metadata.name ?? "", [{
    reason: "FieldValueInvalid",
    message: `Invalid value: ${JSON.stringify(replicas)}: must be greater than or equal to 0`,
    field: "spec.replicas",
  }]);
}

function numberAt(object: ApiObject, path: readonly string[]): number {
  const value = valueAt(object, ...path);
  return typeof value === "number" ? value : 0;
}

function scaleSchema(): KindSchema {
  const schema = builtInKind(SCALE.group, "v1", SCALE.kind);
  if (!schema) throw internalError("there is no schema of kind Scale");
  return schema;
}
