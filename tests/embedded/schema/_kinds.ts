/** Kinds, objects and errors in short forms, for tests. */

import {
  builtInKind,
  customKind,
  type FieldError,
  type JsonObject,
  type KindSchema,
  KUBERNETES_DEFINITIONS,
} from "../../../lib/embedded/schema/mod.ts";

/** A built-in kind that is known to be there. */
export function known(group: string, kind: string): KindSchema {
  const found = builtInKind(group, "v1", kind);
  if (!found) throw new RangeError(`Cannot find kind '${kind}'`);
  return found;
}

/** All built-in kinds. */
export function builtInKinds(): readonly KindSchema[] {
  return Object.values(KUBERNETES_DEFINITIONS)
    .flatMap((source) => source["x-kubernetes-group-version-kind"] ?? [])
    .flatMap(({ group, version, kind }) => builtInKind(group, version, kind) ?? []);
}

/** A definition of the kind `Thing` with some properties in its spec. */
export function thingDefinition(spec: JsonObject, more: JsonObject = {}): JsonObject {
  return {
    metadata: { name: "things.x.io" },
    spec: {
      group: "x.io",
      names: { kind: "Thing", plural: "things" },
      versions: [{
        name: "v1",
        subresources: { status: {} },
        schema: {
          openAPIV3Schema: {
            type: "object",
            properties: {
              spec: { type: "object", properties: spec },
              status: { type: "object", properties: { phase: { type: "string" } } },
            },
            ...more,
          },
        },
      }],
    },
  };
}

/** A custom kind with some properties in its spec. */
export function thingKind(spec: JsonObject, more: JsonObject = {}): KindSchema {
  return customKind(thingDefinition(spec, more), "v1");
}

/** An object of that kind. */
export function thing(spec: JsonObject, more: JsonObject = {}): JsonObject {
  return { apiVersion: "x.io/v1", kind: "Thing", metadata: { name: "a" }, spec, ...more };
}

/** A pod with one container. */
export function pod(container: JsonObject = {}, spec: JsonObject = {}): JsonObject {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "p", namespace: "n" },
    spec: { containers: [{ name: "c", image: "i:1", ...container }], ...spec },
  };
}

/** Errors as a client reads them. */
export function said(errors: readonly FieldError[]): readonly string[] {
  return errors.map(({ field, message }) => `${field}: ${message}`);
}
