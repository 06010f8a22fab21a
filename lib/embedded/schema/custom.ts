/** The kinds that CustomResourceDefinitions add. */

import { KUBERNETES_DEFINITIONS } from "./builtin.ts";
import {
  asArray,
  asObject,
  asString,
  isObject,
  type Json,
  type JsonObject,
  valueAt,
} from "./json.ts";
import type { KindSchema } from "./kind.ts";
import { OBJECT_META, Schema, type SchemaSource } from "./schema.ts";

/**
 * The kind that a CustomResourceDefinition defines in one of its versions. Keep it as long as the definition does not
 * change: what is derived from it, compiled rules for example, is kept with it.
 *
 * @throws {RangeError} if the definition does not have the version
 */
export function customKind(definition: JsonObject, version: string): KindSchema {
  const spec = asObject(definition.spec);
  const found = asArray(spec.versions).filter(isObject).find(({ name }) => name === version);
  if (!found) {
    const name = asString(valueAt(definition, "metadata", "name"));
    throw new RangeError(
      `Cannot read CustomResourceDefinition '${name}': it has no version '${version}'`,
    );
  }
  const declared = schemaOf(valueAt(found, "schema", "openAPIV3Schema"));
  const root = {
    ...declared,
    properties: { ...declared.properties, ...TYPE_AND_METADATA },
  };
  return {
    group: asString(spec.group),
    version,
    kind: asString(valueAt(spec, "names", "kind")),
    custom: true,
    ...scaleOf(valueAt(found, "subresources", "scale")),
    hasStatus: isObject(valueAt(found, "subresources", "status")),
    root: new Schema(root, KUBERNETES_DEFINITIONS),
    declared: new Schema(declared),
  };
}

function scaleOf(scale: Json | undefined): Pick<KindSchema, "scale"> {
  if (!isObject(scale)) return {};
  const { specReplicasPath, statusReplicasPath, labelSelectorPath } = scale;
  return {
    scale: {
      specReplicas: asString(specReplicasPath),
      statusReplicas: asString(statusReplicasPath),
      selector: asString(labelSelectorPath) || undefined,
    },
  };
}

function schemaOf(schema: Json | undefined): SchemaSource {
  // The kind CustomResourceDefinition has let through nothing but schemas.
  return (schema ??
    { type: "object", "x-kubernetes-preserve-unknown-fields": true }) as SchemaSource;
}

/** What `kubectl explain` says of the fields that all objects have; from `k8s.io/apimachinery/pkg/apis/meta/v1/types.go`. */
const API_VERSION =
  "APIVersion defines the versioned schema of this representation of an object. Servers should convert recognized schemas to the latest internal value, and may reject unrecognized values. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#resources";
const KIND =
  "Kind is a string value representing the REST resource this object represents. Servers may infer this from the endpoint the client submits requests to. Cannot be updated. In CamelCase. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds";
const METADATA =
  "Standard object's metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata";

const TYPE_AND_METADATA: Readonly<Record<string, SchemaSource>> = {
  apiVersion: { type: "string", description: API_VERSION },
  kind: { type: "string", description: KIND },
  metadata: { $ref: OBJECT_META, description: METADATA },
};
