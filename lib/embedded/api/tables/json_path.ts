/** The part of Kubernetes' JSONPath that CRDs use: members, indexes, wildcards, filters and `..`. */

import { isObject, type Json } from "../json.ts";

/** Finds values in an object; none is an empty list. */
export type JsonPath = (value: Json) => readonly Json[];

type Step = (values: readonly Json[]) => readonly Json[];

/**
 * Reads a path such as `.status.conditions[?(@.type=="Ready")].reason`.
 *
 * @throws {SyntaxError} for what is not such a path
 */
export function parseJsonPath(path: string): JsonPath {
  const steps: Step[] = [];
  let rest = path.trim().replace(/^\{(.*)\}$/s, "$1").replace(/^\$/, "");
  while (rest !== "") {
    const [step, length] = parseStep(rest, path);
    steps.push(step);
    rest = rest.slice(length);
  }
  return (value) => steps.reduce<readonly Json[]>((values, step) => step(values), [value]);
}

const PATTERNS: readonly (readonly [RegExp, (match: RegExpExecArray) => Step])[] = [
  [/^\.\.([^.[\]]+)/, ([, name = ""]) => each((value) => descendants(value, name))],
  [/^\.\*|^\[\*\]/, () => each(children)],
  [/^\.((?:\\.|[^.[\]\\])+)/, ([, name = ""]) => member(name.replaceAll(/\\(.)/g, "$1"))],
  [/^\[(?:'([^']*)'|"([^"]*)")\]/, ([, single, double]) => member(single ?? double ?? "")],
  [/^\[(-?\d+)\]/, ([, index = ""]) => each((value) => atIndex(value, Number(index)))],
  [/^\[\?\(((?:'[^']*'|"[^"]*"|[^'"\]])*)\)\]/, ([, text = ""]) => filter(text)],
];

function parseStep(rest: string, path: string): [step: Step, length: number] {
  for (const [pattern, make] of PATTERNS) {
    const match = pattern.exec(rest);
    if (match) return [make(match), match[0].length];
  }
  throw new SyntaxError(`Cannot read JSONPath '${path}': it goes on with '${rest}'`);
}

function each(find: (value: Json) => readonly Json[]): Step {
  return (values) => values.flatMap(find);
}

function member(name: string): Step {
  return each((value) => isObject(value) && value[name] !== undefined ? [value[name]] : []);
}

function atIndex(value: Json, index: number): readonly Json[] {
  if (!Array.isArray(value)) return [];
  const item: Json | undefined = value.at(index);
  return item === undefined ? [] : [item];
}

function children(value: Json): readonly Json[] {
  if (Array.isArray(value)) return value;
  if (!isObject(value)) return [];
  return Object.values(value).filter((child) => child !== undefined);
}

function descendants(value: Json, name: string): readonly Json[] {
  const own = isObject(value) && value[name] !== undefined ? [value[name]] : [];
  return [...own, ...children(value).flatMap((child) => descendants(child, name))];
}

const COMPARISONS: Readonly<Record<string, (order: number) => boolean>> = {
  "==": (order) => order === 0,
  "!=": (order) => order !== 0,
  "<=": (order) => order <= 0,
  ">=": (order) => order >= 0,
  "<": (order) => order < 0,
  ">": (order) => order > 0,
};

/** Below, at or above zero as `a` is below, equal to or above `b`; not a number if they cannot be compared. */
function compare(a: Json, b: Json): number {
  if (a === b) return 0;
  if (typeof a === "string" && typeof b === "string") return a < b ? -1 : 1;
  return typeof a === "number" && typeof b === "number" ? a - b : NaN;
}

function filter(text: string): Step {
  const [, left = text, operator, right = ""] =
    /^(.*?)\s*(==|!=|<=|>=|<|>)\s*(.*)$/s.exec(text.trim()) ?? [];
  const leftOf = operand(left.trim());
  const holds = operator === undefined ? undefined : COMPARISONS[operator];
  if (!holds) return each((value) => children(value).filter((child) => leftOf(child).length > 0));
  const rightOf = operand(right.trim());
  return each((value) =>
    children(value).filter((child) => {
      const [a] = leftOf(child);
      const [b] = rightOf(child);
      return a !== undefined && b !== undefined && holds(compare(a, b));
    })
  );
}

function operand(text: string): JsonPath {
  if (text.startsWith("@")) return parseJsonPath(text.slice(1));
  const [, quoted] = /^'(.*)'$/s.exec(text) ?? /^"(.*)"$/s.exec(text) ?? [];
  if (quoted !== undefined) return () => [quoted];
  const value: Json = JSON.parse(text);
  return () => [value];
}
