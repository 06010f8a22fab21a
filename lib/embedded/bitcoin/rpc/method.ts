/** What a method of the fake's RPC is, and how its arguments are read (src/rpc/util.cpp). */

import {
  RPC_INVALID_PARAMETER,
  RPC_MISC_ERROR,
  RPC_PARSE_ERROR,
  RPC_TYPE_ERROR,
} from "../../../rpc/mod.ts";
import type { NodeState } from "../node_state.ts";
import { RpcFailure } from "./failure.ts";

/** One argument of a method. */
export interface Parameter {
  /** Its name. */
  readonly name: string;
  /** Its type in JSON. */
  readonly type: "string" | "number" | "bool";
  /** Whether it may be left out. */
  readonly isOptional?: boolean;
}

/** One method. */
export interface Method {
  /** Its name. */
  readonly name: string;
  /** Its arguments, in order. */
  readonly parameters: readonly Parameter[];
  /** Carries it out; throws an `RpcFailure` to refuse. What it returns becomes the result. */
  readonly run: (node: NodeState, args: Arguments) => unknown;
}

/** The arguments of one call, of the right number and types. */
export class Arguments {
  readonly #values: readonly unknown[];

  /** Use {@linkcode readArguments}. */
  constructor(values: readonly unknown[]) {
    this.#values = values;
  }

  /** A text; `absent` if it was left out. */
  text(index: number, absent = ""): string {
    const value = this.#values[index];
    return typeof value === "string" ? value : absent;
  }

  /** A number; undefined if it was left out. */
  number(index: number): number | undefined {
    const value = this.#values[index];
    return typeof value === "number" ? value : undefined;
  }

  /**
   * A whole number that is there.
   *
   * @throws {RpcFailure} if it has a fraction
   */
  integer(index: number): number {
    const value = this.number(index) ?? 0;
    if (!Number.isInteger(value)) throw new RpcFailure(RPC_MISC_ERROR, "JSON integer out of range");
    return value;
  }

  /** Yes or no; `absent` if it was left out. */
  flag(index: number, absent: boolean): boolean {
    const value = this.#values[index];
    return typeof value === "boolean" ? value : absent;
  }
}

/** How a method is called, such as `addnode "node" "command" ( v2transport )`. */
export function usageOf({ name, parameters }: Method): string {
  const written = (parameter: Parameter): string =>
    parameter.type === "string" ? `"${parameter.name}"` : parameter.name;
  const required = parameters.filter(({ isOptional }) => !isOptional).map(written);
  const optional = parameters.filter(({ isOptional }) => isOptional).map(written);
  return [name, ...required, ...(optional.length ? ["(", ...optional, ")"] : [])].join(" ");
}

/**
 * Reads the arguments of a call, by position or by name.
 *
 * @throws {RpcFailure} as bitcoind does when one is missing, too many, unknown, or of a wrong type
 */
export function readArguments(method: Method, params: unknown): Arguments {
  const { parameters } = method;
  const values: readonly unknown[] = Array.isArray(params) ? params : byPosition(method, params);
  const required = parameters.filter(({ isOptional }) => !isOptional).length;
  if (values.length < required || values.length > parameters.length) throw wrongUse(method);
  const problems = parameters.flatMap(({ name, type, isOptional }, index) => {
    const actual = jsonType(values[index]);
    if (actual === type || (actual === "null" && isOptional)) return [];
    const position = `    "Position ${index + 1} (${name})"`;
    return [`${position}: "JSON value of type ${actual} is not of expected type ${type}"`];
  });
  if (problems.length > 0) {
    throw new RpcFailure(RPC_TYPE_ERROR, `Wrong type passed:\n{\n${problems.join(",\n")}\n}`);
  }
  return new Arguments(values);
}

/** The error of a method that is not used as its usage says. */
export function wrongUse(method: Method): RpcFailure {
  return new RpcFailure(RPC_MISC_ERROR, `${usageOf(method)}\n`);
}

/**
 * Turns words of a command line into arguments: what is not a text by its type is read as JSON (src/rpc/client.cpp).
 *
 * @throws {RpcFailure} if a word is no JSON where it must be
 */
export function argumentsOfWords(method: Method | undefined, words: readonly string[]): unknown[] {
  return words.map((word, index) => {
    if ((method?.parameters[index]?.type ?? "string") === "string") return word;
    try {
      return JSON.parse(word);
    } catch {
      throw new RpcFailure(RPC_PARSE_ERROR, `Error parsing JSON: ${word}`);
    }
  });
}

function byPosition({ parameters }: Method, params: unknown): unknown[] {
  const named = new Map(Object.entries(params ?? {}));
  const unknown = [...named.keys()].find((key) => !parameters.some(({ name }) => name === key));
  if (unknown !== undefined) {
    throw new RpcFailure(RPC_INVALID_PARAMETER, `Unknown named parameter ${unknown}`);
  }
  const last = parameters.findLastIndex(({ name }) => named.has(name));
  return parameters.slice(0, last + 1).map(({ name }) => named.get(name) ?? null);
}

function jsonType(value: unknown): string {
  if (value === null || value === undefined) return "null";
  if (typeof value === "boolean") return "bool";
  return Array.isArray(value) ? "array" : typeof value;
}
