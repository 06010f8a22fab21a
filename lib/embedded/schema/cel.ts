/** Whether an object obeys the rules that its schema has in the Common Expression Language. */

import type { FieldError } from "./errors.ts";
import {
  childPath,
  duplicate,
  forbidden,
  invalid,
  keyPath,
  required,
  ROOT,
} from "./field_error.ts";
import { type CompiledRule, rulesOf, type RuleVariables } from "./cel_rule.ts";
import { celValue } from "./cel_values.ts";
import {
  entriesOf,
  isArray,
  isObject,
  type Json,
  type JsonObject,
  member,
  sameJson,
} from "./json.ts";
import type { Schema } from "./schema.ts";
import { oldItems } from "./validate_schema.ts";

/** A value, and what it takes the place of. */
interface Visit {
  readonly value: Json;
  readonly old: Json | undefined;
  readonly schema: Schema;
  readonly path: string;
  /** Whether nothing has changed here or in what can be compared around it: a rule that was broken before may stay so. */
  readonly isUnchanged: boolean;
  readonly isWholeObject: boolean;
}

const withRules = new WeakMap<Schema, boolean>();

/** What breaks a rule of the schema; `old` is the object that this one takes the place of. */
export function validateRules(
  object: JsonObject,
  schema: Schema,
  old: JsonObject | undefined,
): readonly FieldError[] {
  const isUnchanged = old !== undefined && sameJson(object, old);
  return visit({ value: object, old, schema, path: ROOT, isUnchanged, isWholeObject: true });
}

function visit(at: Visit): readonly FieldError[] {
  if (at.value === null || !hasRules(at.schema)) return [];
  return [...ownErrors(at), ...itemErrors(at), ...memberErrors(at)];
}

/** Whether a schema, or one of those in it, has rules. */
export function hasRules(schema: Schema): boolean {
  const known = withRules.get(schema);
  if (known !== undefined) return known;
  // A definition that contains itself has no rules: only built-in kinds have such.
  withRules.set(schema, false);
  const children = [
    schema.items,
    schema.additional,
    ...schema.propertyNames.map((name) => schema.property(name)),
  ];
  const found = rulesOf(schema).length > 0 ||
    children.some((child) => child && hasRules(child));
  withRules.set(schema, found);
  return found;
}

function ownErrors(
  { value, old, schema, path, isUnchanged, isWholeObject }: Visit,
): readonly FieldError[] {
  const rules = rulesOf(schema);
  if (rules.length === 0) return [];
  const hasOld = old !== undefined && old !== null;
  const variables: RuleVariables = {
    self: celValue(value, schema, isWholeObject),
    ...(hasOld ? { oldSelf: celValue(old, schema, isWholeObject) } : {}),
  };
  return rules.flatMap((rule) => {
    const { source, usesOldSelf } = rule;
    if (usesOldSelf && !hasOld && !source.optionalOldSelf) return [];
    const result = rule.evaluate(variables);
    if (result === true) return [];
    const type = schema.source.type ?? "";
    if (result !== false) return [invalid(path, type, result.failure)];
    return isUnchanged && !usesOldSelf ? [] : [brokenRule(rule, variables, schema, path)];
  });
}

function brokenRule(
  rule: CompiledRule,
  variables: RuleVariables,
  schema: Schema,
  path: string,
): FieldError {
  const { fieldPath, reason } = rule.source;
  const field = fieldPath ? blamedPath(path, schema, fieldPath) : path;
  const message = rule.message(variables);
  switch (reason) {
    case "FieldValueForbidden":
      return forbidden(field, message);
    case "FieldValueRequired":
      return required(field, message);
    case "FieldValueDuplicate":
      return duplicate(field, schema.source.type ?? "");
    default:
      return invalid(field, schema.source.type ?? "", message);
  }
}

/** The path that a rule blames: `.spec.nodes`, or `.map['key']`. */
function blamedPath(path: string, schema: Schema, fieldPath: string): string {
  let field = path;
  let current: Schema | undefined = schema;
  for (const [, dotted, quoted] of fieldPath.matchAll(/\.([^.[\]]+)|\['((?:[^'\\]|\\.)*)'\]/g)) {
    const name = dotted ?? (quoted ?? "").replaceAll(/\\(.)/g, "$1");
    const property: Schema | undefined = current?.property(name);
    field = property ? childPath(field, name) : keyPath(field, name);
    current = property ?? current?.additional;
  }
  return field;
}

function itemErrors({ value, old, schema, path, isUnchanged }: Visit): readonly FieldError[] {
  const items = schema.items;
  if (!isArray(value) || !items) return [];
  const oldItem = oldItems(schema, old);
  return value.flatMap((item, index) => {
    const before = oldItem(item);
    return visit({
      value: item,
      old: before,
      schema: items,
      path: keyPath(path, index),
      isUnchanged: before === undefined ? isUnchanged : sameJson(item, before),
      isWholeObject: items.source["x-kubernetes-embedded-resource"] === true,
    });
  });
}

function memberErrors({ value, old, schema, path, isUnchanged }: Visit): readonly FieldError[] {
  if (!isObject(value)) return [];
  const oldObject = isObject(old) ? old : {};
  return entriesOf(value).flatMap(([name, child]) => {
    const property = schema.property(name);
    const childSchema = property ?? schema.additional;
    if (!childSchema) return [];
    const before = member(oldObject, name);
    return visit({
      value: child,
      old: before,
      schema: childSchema,
      path: property ? childPath(path, name) : keyPath(path, name),
      isUnchanged: before === undefined ? isUnchanged : sameJson(child, before),
      isWholeObject: childSchema.source["x-kubernetes-embedded-resource"] === true,
    });
  });
}
