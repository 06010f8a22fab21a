/** Defaults: what an object says by not saying it. */

import { builtInDefaults } from "./defaults_builtin.ts";
import { structuralDefaults } from "./defaults_structural.ts";
import { goShape } from "./go_shape.ts";
import { isObject, type JsonObject } from "./json.ts";
import type { KindSchema } from "./kind.ts";

/**
 * The object as it is stored: with the defaults of its kind, and for a built-in kind, or in the metadata of any, as Go
 * writes it (see {@linkcode goShape}). A Secret's `stringData` has become `data`.
 */
export function applyDefaults(kind: KindSchema, object: JsonObject): JsonObject {
  if (!kind.custom) return builtInDefaults(kind, goShape(object, kind.root));
  const filled = structuralDefaults(object, kind.root);
  const metadata = kind.root.property("metadata");
  if (!isObject(filled.metadata) || !metadata) return filled;
  return { ...filled, metadata: goShape(filled.metadata, metadata) };
}
