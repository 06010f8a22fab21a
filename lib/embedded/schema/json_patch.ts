/** stub */
import type { Json, JsonObject } from "./json.ts";
/** stub */
export function applyJsonPatch(target: JsonObject, _operations: Json): Json {
  return target;
}
