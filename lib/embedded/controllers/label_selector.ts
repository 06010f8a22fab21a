/** Matching labels against a `LabelSelector`, as apimachinery's `LabelSelectorAsSelector` does. */

import type { LabelSelector, LabelSelectorRequirement } from "kubernetes-types/meta/v1.d.ts";

/** The labels of an object. */
export type Labels = Readonly<Record<string, string>>;

/** Whether `labels` satisfy every requirement of `selector`. An empty selector matches everything. */
export function matchesSelector(selector: LabelSelector, labels: Labels = {}): boolean {
  const exact = Object.entries(selector.matchLabels ?? {});
  return exact.every(([key, value]) => labels[key] === value) &&
    (selector.matchExpressions ?? []).every((expression) => matchesExpression(expression, labels));
}

function matchesExpression(expression: LabelSelectorRequirement, labels: Labels): boolean {
  const value = labels[expression.key];
  const values = expression.values ?? [];
  switch (expression.operator) {
    case "In":
      return value !== undefined && values.includes(value);
    case "NotIn":
      return value === undefined || !values.includes(value);
    case "Exists":
      return value !== undefined;
    case "DoesNotExist":
      return value === undefined;
    default:
      return false;
  }
}
