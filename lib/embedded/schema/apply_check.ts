/** Whether an applied configuration fits its kind, in the words of `structured-merge-diff/typed/validate.go`. */

import { ApplyError } from "./errors.ts";
import { elementText } from "./field_set.ts";
import { fieldType, itemElement, type ListType, memberSchema } from "./field_type.ts";
import {
  asString,
  entriesOf,
  isArray,
  isObject,
  type Json,
  type JsonObject,
  valueAt,
} from "./json.ts";
import { apiVersionOf, type KindSchema } from "./kind.ts";
import type { Schema } from "./schema.ts";

/**
 * Refuses a configuration that is of another kind, brings managers of its own, or does not fit the schema.
 *
 * @throws {ApplyError}
 */
export function checkApplied(kind: KindSchema, applied: JsonObject): void {
  const apiVersion = asString(applied.apiVersion);
  if (applied.kind !== kind.kind || apiVersion !== apiVersionOf(kind)) {
    throw new ApplyError(
      400,
      `invalid object type: ${typeText(apiVersion, asString(applied.kind))}`,
    );
  }
  const managedFields = valueAt(applied, "metadata", "managedFields");
  if (managedFields !== undefined && managedFields !== null) {
    throw new ApplyError(400, "metadata.managedFields must be nil");
  }
  const problems = problemsOf(applied, kind.root, "");
  if (problems.length === 0) return;
  const [only = "", ...others] = problems;
  const list = others.length === 0
    ? only
    : `errors:\n${problems.map((problem) => `  ${problem}`).join("\n")}`;
  throw new ApplyError(
    500,
    `failed to create typed patch object (${objectText(applied)}): ${list}`,
  );
}

function typeText(apiVersion: string, kind: string): string {
  return `${apiVersion.includes("/") ? apiVersion : `/${apiVersion}`}, Kind=${kind}`;
}

function objectText(object: JsonObject): string {
  const namespace = asString(valueAt(object, "metadata", "namespace"));
  const name = asString(valueAt(object, "metadata", "name"));
  return `${namespace}/${name}; ${typeText(asString(object.apiVersion), asString(object.kind))}`;
}

function problemsOf(value: Json, schema: Schema, path: string): readonly string[] {
  if (value === null) return [];
  const type = fieldType(schema, value);
  switch (type.is) {
    case "scalar": {
      const problem = scalarProblem(value, schema);
      return problem ? [`${path}: ${problem}`] : [];
    }
    case "list":
      if (!isArray(value)) return [`${path}: expected list, got &{${plainText(value)}}`];
      return itemProblems(value, type, path);
    case "map":
      if (!isObject(value)) return [`${path}: expected map, got &{${plainText(value)}}`];
      return memberProblems(value, schema, path);
  }
}

function memberProblems(object: JsonObject, schema: Schema, path: string): readonly string[] {
  const problems: string[] = [];
  const entries = [...entriesOf(object)].sort(([a], [b]) => a < b ? -1 : 1);
  for (const [name, value] of entries) {
    const child = memberSchema(schema, name);
    // The real server looks no further in this object, either.
    if (!child) return [...problems, `${path}.${name}: field not declared in schema`];
    problems.push(...problemsOf(value, child, `${path}.${name}`));
  }
  return problems;
}

function itemProblems(items: readonly Json[], type: ListType, path: string): readonly string[] {
  const problems: string[] = [];
  const seen = new Set<string>();
  for (const [index, item] of items.entries()) {
    let text = `[${index}]`;
    if (!type.atomic) {
      const element = elementOrProblem(item, type);
      if (element instanceof RangeError) {
        return [...problems, `${path}: element ${index}: ${element.message}`];
      }
      text = elementText(element);
      if (seen.has(element)) problems.push(`${path}: duplicate entries for key ${text}`);
      seen.add(element);
    }
    problems.push(...problemsOf(item, type.items, path + text));
  }
  return problems;
}

function elementOrProblem(item: Json, type: ListType): string | RangeError {
  try {
    return itemElement(item, type);
  } catch (error) {
    if (error instanceof RangeError) return error;
    throw error;
  }
}

function scalarProblem(value: Json, { source: { type, format } }: Schema): string | undefined {
  if (type === "integer" || type === "number") {
    return typeof value === "number"
      ? undefined
      : `expected numeric (int or float), got ${goType(value)}`;
  }
  if (type === "boolean") {
    return typeof value === "boolean" ? undefined : `expected boolean, got &{${plainText(value)}}`;
  }
  if (type === "string" && (format === undefined || format === "byte")) {
    return typeof value === "string"
      ? undefined
      : `expected string, got &value.valueUnstructured{Value:${goText(value)}}`;
  }
  return isArray(value) || isObject(value)
    ? `expected any scalar, got &{${plainText(value)}}`
    : undefined;
}

function goType(value: Json): string {
  if (isArray(value)) return "[]interface {}";
  if (isObject(value)) return "map[string]interface {}";
  return typeof value === "boolean" ? "bool" : typeof value;
}

/** As Go's `%v` writes it. */
function plainText(value: Json): string {
  if (isArray(value)) return `[${value.map(plainText).join(" ")}]`;
  if (!isObject(value)) return value === null ? "<nil>" : String(value);
  const members = [...entriesOf(value)].sort(([a], [b]) => a < b ? -1 : 1);
  return `map[${members.map(([name, member]) => `${name}:${plainText(member)}`).join(" ")}]`;
}

/** As Go's `%#v` writes it. */
function goText(value: Json): string {
  if (isArray(value)) return `[]interface {}{${value.map(goText).join(", ")}}`;
  if (!isObject(value)) return value === null ? "interface {}(nil)" : JSON.stringify(value);
  const members = [...entriesOf(value)].sort(([a], [b]) => a < b ? -1 : 1);
  const text = members.map(([name, member]) => `${JSON.stringify(name)}:${goText(member)}`);
  return `map[string]interface {}{${text.join(", ")}}`;
}
