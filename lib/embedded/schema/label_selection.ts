/** Label selectors in specs: whether they are right, and what they select. */

import type { FieldError } from "./errors.ts";
import { childPath, forbidden, invalid, keyPath, required } from "./field_error.ts";
import {
  asArray,
  asObject,
  asString,
  entriesOf,
  isObject,
  type Json,
  type JsonObject,
  member,
} from "./json.ts";
import { labelValueProblems, qualifiedNameProblems } from "./names.ts";
import { textErrors, validateLabels } from "./validate_metadata.ts";

/** What is wrong with a label selector. */
export function validateSelector(selector: JsonObject, path: string): readonly FieldError[] {
  return [
    ...validateLabels(selector.matchLabels, childPath(path, "matchLabels")),
    ...asArray(selector.matchExpressions).flatMap((expression, index) =>
      validateExpression(asObject(expression), keyPath(childPath(path, "matchExpressions"), index))
    ),
  ];
}

function validateExpression(expression: JsonObject, path: string): readonly FieldError[] {
  const values = asArray(expression.values).map(asString);
  return [
    ...operatorErrors(asString(expression.operator), values.length, path),
    ...textErrors(childPath(path, "key"), asString(expression.key), qualifiedNameProblems),
    ...values.flatMap((value, index) =>
      textErrors(keyPath(childPath(path, "values"), index), value, labelValueProblems)
    ),
  ];
}

function operatorErrors(operator: string, count: number, path: string): readonly FieldError[] {
  const values = childPath(path, "values");
  switch (operator) {
    case "In":
    case "NotIn":
      if (count > 0) return [];
      return [required(values, "must be specified when `operator` is 'In' or 'NotIn'")];
    case "Exists":
    case "DoesNotExist":
      if (count === 0) return [];
      return [
        forbidden(values, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"),
      ];
    default:
      return [invalid(childPath(path, "operator"), operator, "not a valid selector operator")];
  }
}

/** Whether a selector without mistakes selects these labels. An empty selector selects everything. */
export function selects(selector: JsonObject, labels: Json | undefined): boolean {
  const given = asObject(labels);
  const matchLabels = entriesOf(asObject(selector.matchLabels));
  return matchLabels.every(([name, value]) => member(given, name) === value) &&
    asArray(selector.matchExpressions).filter(isObject).every((expression) =>
      fits(expression, given)
    );
}

function fits({ key, operator, values }: JsonObject, labels: JsonObject): boolean {
  const value = member(labels, asString(key));
  const isListed = value !== undefined && asArray(values).includes(value);
  switch (operator) {
    case "In":
      return isListed;
    case "NotIn":
      return !isListed;
    case "Exists":
      return value !== undefined;
    default:
      return value === undefined;
  }
}

/** Whether a selector has no conditions. */
export function isEmptySelector(selector: JsonObject): boolean {
  return entriesOf(asObject(selector.matchLabels)).length === 0 &&
    asArray(selector.matchExpressions).length === 0;
}
