/** Merging an applied configuration into an object. */

import { fieldType, itemElementOrNone, type ListType, memberSchemaOrAny } from "./field_type.ts";
import {
  asArray,
  asObject,
  entriesOf,
  isArray,
  isObject,
  type Json,
  type JsonObject,
} from "./json.ts";
import type { Schema } from "./schema.ts";

/**
 * The live object with the applied one merged into it: maps by their keys, lists as their schema has it, everything else
 * is replaced.
 */
export function mergeFields(live: JsonObject, applied: JsonObject, schema: Schema): JsonObject {
  return asObject(merge(live, applied, schema));
}

function merge(
  live: Json | undefined,
  applied: Json | undefined,
  schema: Schema,
): Json | undefined {
  if (applied === undefined) return live;
  const type = fieldType(schema, applied ?? live);
  if (type.is === "scalar" || type.atomic || !(hasContent(live) || hasContent(applied))) {
    return applied;
  }
  if (type.is === "list") return mergeItems(asArray(live), asArray(applied), type);
  return mergeMembers(asObject(live), asObject(applied), schema);
}

function hasContent(value: Json | undefined): boolean {
  return isArray(value) ? value.length > 0 : isObject(value) && Object.keys(value).length > 0;
}

function mergeMembers(live: JsonObject, applied: JsonObject, schema: Schema): JsonObject {
  const merged = new Map(entriesOf(live));
  for (const [name, value] of entriesOf(applied)) {
    merged.set(name, merge(merged.get(name), value, memberSchemaOrAny(schema, name)) ?? value);
  }
  return Object.fromEntries(merged);
}

/**
 * Items that both have come in the order of the applied list; those that only the live list has stay where they were
 * relative to their neighbours.
 */
function mergeItems(
  live: readonly Json[],
  applied: readonly Json[],
  type: ListType,
): readonly Json[] {
  const liveNames = live.map((item) => itemElementOrNone(item, type));
  const appliedNames = applied.map((item) => itemElementOrNone(item, type));
  const shared = appliedNames.filter((name) => liveNames.includes(name));
  const merged: Json[] = [];
  const done = new Set<string | undefined>();
  const take = (index: number): void => {
    const name = appliedNames[index];
    const item = applied[index];
    const liveItem = live[liveNames.indexOf(name)];
    merged.push(merge(liveItem, item, type.items) ?? null);
    done.add(name);
    if (shared[0] === name) shared.shift();
  };

  let left = 0;
  let right = 0;
  while (left < live.length || right < applied.length) {
    const name = liveNames[left];
    const hasBoth = left < live.length && right < applied.length;
    if (hasBoth && name === appliedNames[right]) {
      take(right++);
      left++;
    } else if (hasBoth && appliedNames.includes(name) && shared.length > 0 && shared[0] !== name) {
      left++;
    } else if (left < live.length && !appliedNames.includes(name)) {
      merged.push(live[left++] ?? null);
    } else {
      if (left < live.length && done.has(name)) left++;
      if (right < applied.length) take(right++);
    }
  }
  return merged;
}
