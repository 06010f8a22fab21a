/** Events in their two forms: those of `events.k8s.io/v1`, and the older ones of core/v1. */

import { entriesOf, type Json, type JsonObject } from "./json.ts";

/** Names of fields in core/v1 that are others in events.k8s.io/v1. */
const RENAMED: readonly (readonly [core: string, events: string])[] = [
  ["involvedObject", "regarding"],
  ["message", "note"],
  ["source", "deprecatedSource"],
  ["firstTimestamp", "deprecatedFirstTimestamp"],
  ["lastTimestamp", "deprecatedLastTimestamp"],
  ["count", "deprecatedCount"],
  ["reportingComponent", "reportingController"],
];

const TO_EVENTS = new Map(RENAMED);
const TO_CORE = new Map(RENAMED.map(([core, events]) => [events, core]));

/** The event in the other form; the very event if it has the form already. */
export function convertEvent(event: JsonObject, apiVersion: "v1" | "events.k8s.io/v1"): JsonObject {
  if (event.apiVersion === apiVersion) return event;
  const names = apiVersion === "v1" ? TO_CORE : TO_EVENTS;
  const converted: Record<string, Json> = {};
  for (const [name, value] of entriesOf(event)) converted[names.get(name) ?? name] = value;
  return { ...converted, apiVersion };
}
