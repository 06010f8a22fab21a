/** Small steps that defaults are made of; each returns a copy, or the very object if nothing is to do. */

import { has, isArray, isObject, type Json, type JsonObject } from "./json.ts";

/** A step from an object to one with more in it. */
export type Fill = (object: JsonObject) => JsonObject;

/** Adds the members that are absent. */
export function fill(object: JsonObject, defaults: Readonly<Record<string, Json>>): JsonObject {
  const missing = Object.entries(defaults).filter(([name]) => !has(object, name));
  return missing.length === 0 ? object : { ...object, ...Object.fromEntries(missing) };
}

/** Takes the step in a member, if that is an object. */
export function within(object: JsonObject, name: string, step: Fill): JsonObject {
  const value = object[name];
  if (!isObject(value)) return object;
  const changed = step(value);
  return changed === value ? object : { ...object, [name]: changed };
}

/** Takes the step in each object of a list, if there is that list. */
export function withinEach(object: JsonObject, name: string, step: Fill): JsonObject {
  const items = object[name];
  if (!isArray(items)) return object;
  const changed = items.map((item) => isObject(item) ? step(item) : item);
  return changed.every((item, index) => item === items[index])
    ? object
    : { ...object, [name]: changed };
}

/** Takes steps one after the other. */
export function steps(...all: readonly Fill[]): Fill {
  return (object) => all.reduce((current, step) => step(current), object);
}
