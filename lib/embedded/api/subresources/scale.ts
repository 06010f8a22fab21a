/** The subresource `scale`: the number of replicas of any scalable kind, in one shape for all of them. */

import { builtInKind, type KindSchema } from "../../schema/mod.ts";
import { parseObject } from "../body.ts";
import { type Answer, type Call, storedObject } from "../call.ts";
import { asObject, type Json, type JsonObject, valueAt, withValueAt } from "../json.ts";
import { type ApiObject, asApiObject } from "../object.ts";
import { parseWriteOptions, type WriteOptions } from "../options.ts";
import { fromStored, type ScalePaths } from "../registry/resource.ts";
import { internalError, invalid, methodNotAllowed, noSuchResource } from "../status.ts";
import { checkPatchType, patch } from "../verbs/patch.ts";
import { checkName, checkRevision, replace } from "../verbs/update.ts";

const SCALE = { group: "autoscaling", kind: "Scale" };

/** Reads or changes the scale of an object. */
export function scaleObject(call: Call, verb: string): Answer {
  const paths = call.resource.scale;
  if (!paths) throw noSuchResource();
  const current = fromStored(call.resource, storedObject(call));
  const scale = scaleOf(current, paths);
  switch (verb) {
    case "get":
      return { code: 200, json: scale };
    case "update": {
      const options = parseWriteOptions(call.query, "UpdateOptions");
      return store(call, current, parseObject(call.body, SCALE.kind), paths, options);
    }
    case "patch": {
      checkPatchType(call.body, call.resource);
      const options = parseWriteOptions(call.query, "PatchOptions");
      return store(
        call,
        current,
        patch(call.body, scale, { schema: scaleSchema() }),
        paths,
        options,
      );
    }
    default:
      throw methodNotAllowed();
  }
}

/** The scale of an object. */
export function scaleOf(object: ApiObject, paths: ScalePaths): JsonObject {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const selector = paths.selector(object);
  return {
    kind: SCALE.kind,
    apiVersion: "autoscaling/v1",
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: numberAt(object, paths.specReplicas) === 0
      ? {}
      : { replicas: numberAt(object, paths.specReplicas) },
    status: {
      replicas: numberAt(object, paths.statusReplicas),
      ...(selector ? { selector } : {}),
    },
  };
}

function store(
  call: Call,
  current: ApiObject,
  wanted: JsonObject,
  paths: ScalePaths,
  options: WriteOptions,
): Answer {
  const sent = asApiObject(wanted);
  checkName(call, sent);
  checkRevision(call.resource, sent, current);
  const replicas = replicasOf(sent);
  const next = withValueAt(current, paths.specReplicas, replicas);
  const stored = replace(call, next, current, { options, subresource: "scale" });
  return { code: 200, json: scaleOf(stored, paths) };
}

/** The number that a scale asks for; a scale leaves out a zero. */
function replicasOf({ metadata, spec }: ApiObject): number {
  const replicas: Json = asObject(spec).replicas ?? 0;
  if (typeof replicas === "number" && replicas >= 0) return replicas;
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
