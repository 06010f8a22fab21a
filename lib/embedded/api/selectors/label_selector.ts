/** Label selectors of list and watch requests, with the grammar and messages of `k8s.io/apimachinery/pkg/labels`. */

import { badRequest } from "../status.ts";
import { labelKeyProblem, labelValueProblem } from "./_label_syntax.ts";

/** Whether an object's labels fulfil a selector. */
export type LabelMatcher = (labels: Readonly<Record<string, string>>) => boolean;

/** The operators that take a value. */
const OPERATORS = ["in", "notin", "=", "==", "!=", ">", "<"];

/** The same as the real server calls them. */
const OPERATOR_NAMES = "in, notin, =, ==, !=, gt, lt";

/** The end of the selector among its tokens. */
const END = "";

/**
 * Reads a selector such as `app=a,tier in (x, y),!old`; an empty one matches everything.
 *
 * @throws {StatusError} 400 for one that cannot be read
 */
export function parseLabelSelector(selector: string): LabelMatcher {
  const tokens = new Tokens(selector);
  const matchers: LabelMatcher[] = [];
  while (tokens.peek() !== END) {
    if (tokens.peek() !== "!" && isSymbol(tokens.peek())) {
      throw badRequest(`found '${tokens.peek()}', expected: !, identifier, or 'end of string'`);
    }
    matchers.push(parseRequirement(tokens));
    const separator = tokens.next();
    if (separator === END) break;
    if (separator !== ",") {
      throw badRequest(`found '${separator}', expected: ',' or 'end of string'`);
    }
    const next = tokens.peek();
    if (next !== "!" && (next === END || isSymbol(next))) {
      throw badRequest(`found '${next}', expected: identifier after ','`);
    }
  }
  return (labels) => matchers.every((matches) => matches(labels));
}

function parseRequirement(tokens: Tokens): LabelMatcher {
  const negated = tokens.peek() === "!";
  if (negated) tokens.next();
  const key = tokens.next();
  if (key === END || isSymbol(key)) throw unreadable(`found '${key}', expected: identifier`);
  const problem = labelKeyProblem(key);
  if (problem) throw unreadable(`<nil>: Invalid value: ${JSON.stringify(key)}: ${problem}`);
  const endsHere = tokens.peek() === END || tokens.peek() === ",";
  if (negated) return (labels) => labels[key] === undefined;
  if (endsHere) return (labels) => labels[key] !== undefined;
  return parseComparison(key, tokens);
}

function parseComparison(key: string, tokens: Tokens): LabelMatcher {
  const operator = tokens.next();
  if (!OPERATORS.includes(operator)) {
    throw unreadable(`found '${operator}', expected: ${OPERATOR_NAMES}`);
  }
  const values = operator === "in" || operator === "notin"
    ? parseValues(tokens)
    : [parseExactValue(tokens)];
  values.forEach((value, index) => {
    const problem = labelValueProblem(value);
    if (problem) {
      throw unreadable(
        `values[${index}][${key}]: Invalid value: ${JSON.stringify(value)}: ${problem}`,
      );
    }
  });
  if (operator === "<" || operator === ">") return compareNumbers(key, operator, values[0] ?? "");
  const wanted = new Set(values);
  if (operator === "!=" || operator === "notin") {
    return (labels) => labels[key] === undefined || !wanted.has(labels[key]);
  }
  return (labels) => labels[key] !== undefined && wanted.has(labels[key]);
}

function compareNumbers(key: string, operator: "<" | ">", value: string): LabelMatcher {
  if (!/^[+-]?\d+$/.test(value)) {
    throw unreadable(
      `values[0]: Invalid value: ${
        JSON.stringify(value)
      }: for 'Gt', 'Lt' operators, the value must be an integer`,
    );
  }
  const limit = Number(value);
  return (labels) => {
    const label = labels[key];
    if (label === undefined || !/^[+-]?\d+$/.test(label)) return false;
    return operator === "<" ? Number(label) < limit : Number(label) > limit;
  };
}

function parseValues(tokens: Tokens): string[] {
  const open = tokens.next();
  if (open !== "(") throw unreadable(`found '${open}' expected: '('`);
  const values: string[] = [];
  for (;;) {
    // An empty place between commas stands for the empty value.
    values.push(tokens.peek() === "," || tokens.peek() === ")" ? "" : tokens.next());
    const separator = tokens.next();
    if (separator === ")") return values.sort();
    if (separator !== ",") throw unreadable(`found '${separator}', expected: ',' or ')'`);
  }
}

function parseExactValue(tokens: Tokens): string {
  if (tokens.peek() === END || tokens.peek() === ",") return "";
  const value = tokens.next();
  if (isSymbol(value)) throw unreadable(`found '${value}', expected: identifier`);
  return value;
}

function unreadable(why: string): Error {
  return badRequest(`unable to parse requirement: ${why}`);
}

function isSymbol(token: string): boolean {
  return /^[=!(),<>]/.test(token);
}

/** The words and symbols of a selector, one after the other. */
class Tokens {
  readonly #tokens: readonly string[];
  #position = 0;

  constructor(selector: string) {
    this.#tokens = selector.match(/==|!=|[=!(),<>]|[^\s=!(),<>]+/g) ?? [];
  }

  peek(): string {
    return this.#tokens[this.#position] ?? END;
  }

  next(): string {
    const token = this.peek();
    this.#position++;
    return token;
  }
}
