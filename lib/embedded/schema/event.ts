/** stub */
import type { JsonObject } from "./json.ts";
/** stub */
export function convertEvent(
  event: JsonObject,
  _apiVersion: "v1" | "events.k8s.io/v1",
): JsonObject {
  return event;
}
