/** stub */
import type { JsonObject } from "./json.ts";
import type { KindSchema } from "./kind.ts";
/** stub */
export function applyStrategicMergePatch(
  _kind: KindSchema,
  target: JsonObject,
  _patch: JsonObject,
): JsonObject {
  return target;
}
