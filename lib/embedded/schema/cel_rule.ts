/** Rules in the Common Expression Language, compiled once for each schema that has them. */

import {
  type ASTNode,
  type Environment,
  EvaluationError,
  Optional,
  ParseError,
} from "@marcbachmann/cel-js";
import { celEnvironment } from "./cel_functions.ts";
import type { CelValue } from "./cel_values.ts";
import type { Schema, ValidationRule } from "./schema.ts";

type Evaluate = (context: Readonly<Record<string, unknown>>) => unknown;

/** A rule that can be evaluated. */
export interface CompiledRule {
  /** The rule as it stands in the schema. */
  readonly source: ValidationRule;
  /** Whether it compares with the value before. */
  readonly usesOldSelf: boolean;
  /** Evaluates the rule, or says in the words of the real server why that fails. */
  readonly evaluate: (variables: RuleVariables) => boolean | RuleFailure;
  /** What to say when the rule does not hold. */
  readonly message: (variables: RuleVariables) => string;
}

/** What a rule can refer to. */
export interface RuleVariables {
  /** The value. */
  readonly self: CelValue;
  /** The value before, if there was one. */
  readonly oldSelf?: CelValue;
}

/** Why a rule could not be evaluated. */
export interface RuleFailure {
  /** In the words of the real server. */
  readonly failure: string;
}

const compiled = new WeakMap<Schema, readonly CompiledRule[]>();
let plainEnvironment: Environment | undefined;
let optionalEnvironment: Environment | undefined;

/** The rules of a schema itself; those of what is in it are not among them. */
export function rulesOf(schema: Schema): readonly CompiledRule[] {
  let rules = compiled.get(schema);
  if (!rules) {
    rules = (schema.source["x-kubernetes-validations"] ?? []).map(compile);
    compiled.set(schema, rules);
  }
  return rules;
}

/** What is wrong with the syntax of an expression, if anything. */
export function expressionProblem(expression: string): string | undefined {
  try {
    environment().parse(expression);
    return undefined;
  } catch (error) {
    if (error instanceof ParseError) return error.summary;
    throw error;
  }
}

/** Making an environment takes a while, and most processes never evaluate a rule. */
function environment(hasOptionalOldSelf = false): Environment {
  if (!hasOptionalOldSelf) return plainEnvironment ??= celEnvironment("dyn");
  return optionalEnvironment ??= celEnvironment("optional<dyn>");
}

function compile(source: ValidationRule): CompiledRule {
  const text = (source.message ?? source.rule).trim();
  const problem = expressionProblem(source.rule);
  if (problem !== undefined) {
    const failure = `rule compile error: ${problem}`;
    return { source, usesOldSelf: false, evaluate: () => ({ failure }), message: () => text };
  }
  const inEnvironment = environment(source.optionalOldSelf);
  const parsed = inEnvironment.parse(source.rule);
  const variablesOf = (variables: RuleVariables): Readonly<Record<string, unknown>> =>
    source.optionalOldSelf
      ? { ...variables, oldSelf: optional(variables.oldSelf) }
      : { ...variables };
  return {
    source,
    usesOldSelf: mentions(parsed.ast, "oldSelf"),
    evaluate: (variables) => {
      const backwards = (): Evaluate => readBackwards(inEnvironment.parse(source.rule));
      return evaluateRule(parsed, backwards, variablesOf(variables), text);
    },
    message: (variables) =>
      evaluateMessage(inEnvironment, source.messageExpression, variablesOf(variables)) ??
        (source.message?.trim() || `failed rule: ${text}`),
  };
}

function optional(value: CelValue | undefined): Optional {
  return value === undefined ? Optional.none() : Optional.of(value);
}

function evaluateRule(
  evaluate: Evaluate,
  backwards: () => Evaluate,
  variables: Readonly<Record<string, unknown>>,
  text: string,
): boolean | RuleFailure {
  try {
    return evaluate(variables) === true;
  } catch (error) {
    return { failure: failureText(errorOf(backwards(), variables) ?? error, text) };
  }
}

function errorOf(evaluate: Evaluate, variables: Readonly<Record<string, unknown>>): unknown {
  try {
    evaluate(variables);
    return undefined;
  } catch (error) {
    return error;
  }
}

/**
 * The same expression with the sides of each `&&` and `||` changed over: its value is the same, but where both sides
 * fail, the real server says why the left one did and this library why the right one did.
 */
function readBackwards<T extends { readonly ast: ASTNode }>(parsed: T): T {
  reverse(parsed.ast);
  return parsed;
}

function reverse(node: ASTNode): void {
  if (node.op === "&&" || node.op === "||") node.args.reverse();
  for (const child of argumentsOf(node.args)) reverse(child);
}

function failureText(error: unknown, text: string): string {
  if (!(error instanceof EvaluationError)) {
    return `${error instanceof Error ? error.message : String(error)} evaluating rule: ${text}`;
  }
  switch (error.code) {
    case "no_such_overload":
    case "no_matching_overload":
      return `'no such overload': call arguments did not match a supported operator, function or macro signature for rule: ${text}`;
    case "index_out_of_bounds": {
      const index = /index (-?\d+)/.exec(error.summary)?.[1] ?? "";
      return `index out of bounds: ${index} evaluating rule: ${text}`;
    }
    default:
      return `${error.summary.replace("No such key", "no such key")} evaluating rule: ${text}`;
  }
}

/** A message must be one line with something in it; one that cannot be made is replaced by the plain message. */
function evaluateMessage(
  environment: Environment,
  expression: string | undefined,
  variables: Readonly<Record<string, unknown>>,
): string | undefined {
  if (!expression) return undefined;
  try {
    const message: unknown = environment.evaluate(expression, { ...variables });
    if (typeof message !== "string" || message.trim() === "" || message.trim().includes("\n")) {
      return undefined;
    }
    return message.trim();
  } catch {
    return undefined;
  }
}

function mentions(node: ASTNode, name: string): boolean {
  if (node.op === "id") return node.args === name;
  return argumentsOf(node.args).some((child) => mentions(child, name));
}

function argumentsOf(args: unknown): readonly ASTNode[] {
  if (Array.isArray(args)) return args.flatMap(argumentsOf);
  return isNode(args) ? [args] : [];
}

function isNode(value: unknown): value is ASTNode {
  return typeof value === "object" && value !== null && "op" in value && "args" in value;
}
