/** The functions that Kubernetes adds to the Common Expression Language, as far as rules of custom resources need them. */

import { Environment } from "@marcbachmann/cel-js";
import { compilePattern } from "./patterns.ts";
import { isQuantity, quantityNanos } from "./quantity.ts";
import { hasFormat } from "./formats.ts";

/** A quantity in an expression. */
class Quantity {
  readonly #nanos: bigint;

  constructor(nanos: bigint) {
    this.#nanos = nanos;
  }

  compareTo(other: Quantity): bigint {
    if (this.#nanos === other.#nanos) return 0n;
    return this.#nanos < other.#nanos ? -1n : 1n;
  }
}

type Comparable = bigint | number | string;

/** The environment that rules are compiled in: `self` and `oldSelf`, and what the language has in Kubernetes. */
export function celEnvironment(oldSelfType: "dyn" | "optional<dyn>"): Environment {
  const environment = new Environment({
    enableOptionalTypes: true,
    homogeneousAggregateLiterals: false,
  })
    .registerVariable("self", "dyn")
    .registerVariable("oldSelf", oldSelfType);
  addStrings(environment);
  addLists(environment);
  addQuantities(environment);
  return environment;
}

function addStrings(environment: Environment): void {
  environment
    .registerFunction(
      "string.charAt(int): string",
      (text: string, index: bigint) => text.charAt(Number(index)),
    )
    .registerFunction(
      "string.replace(string, string): string",
      (text: string, from: string, to: string) => {
        return text.replaceAll(from, () => to);
      },
    )
    .registerFunction(
      "string.replace(string, string, int): string",
      (text: string, from: string, to: string, limit: bigint) =>
        replaceSome(text, from, to, Number(limit)),
    )
    .registerFunction("string.find(string): string", (text: string, pattern: string) => {
      return compilePattern(pattern)?.exec(text)?.[0] ?? "";
    })
    .registerFunction("string.findAll(string): list<string>", (text: string, pattern: string) => {
      const regExp = compilePattern(pattern);
      if (!regExp) return [];
      return [...text.matchAll(new RegExp(regExp, `${regExp.flags}g`))].map(([found]) => found);
    })
    .registerFunction("string.format(list): string", (text: string, values: readonly unknown[]) => {
      let index = 0;
      return text.replaceAll(
        /%(%|(?:\.\d+)?[a-zA-Z])/g,
        (_, verb: string) => verb === "%" ? "%" : String(values[index++]),
      );
    })
    .registerFunction(
      "isIP(string): bool",
      (text: string) => hasFormat(text, "ipv4") || hasFormat(text, "ipv6"),
    )
    .registerFunction("isURL(string): bool", (text: string) => hasFormat(text, "uri"));
}

function replaceSome(text: string, from: string, to: string, limit: number): string {
  if (limit < 0) return text.replaceAll(from, () => to);
  const parts = text.split(from);
  const head = parts.slice(0, limit + 1).join(to);
  return [head, ...parts.slice(limit + 1)].join(from);
}

function addLists(environment: Environment): void {
  environment
    .registerFunction("list.sum(): dyn", (items: readonly (bigint | number)[]) => {
      if (items.every((item) => typeof item === "bigint")) {
        return items.reduce((sum, item) => sum + item, 0n);
      }
      return items.reduce((sum: number, item) => sum + Number(item), 0);
    })
    .registerFunction(
      "list.min(): dyn",
      (items: readonly Comparable[]) => extreme(items, (a, b) => a < b),
    )
    .registerFunction(
      "list.max(): dyn",
      (items: readonly Comparable[]) => extreme(items, (a, b) => a > b),
    )
    .registerFunction(
      "list.isSorted(): bool",
      (items: readonly Comparable[]) =>
        items.every((item, index) => index === 0 || (items[index - 1] ?? item) <= item),
    )
    .registerFunction(
      "list.indexOf(dyn): int",
      (items: readonly unknown[], wanted: unknown) => BigInt(items.indexOf(wanted)),
    )
    .registerFunction(
      "list.lastIndexOf(dyn): int",
      (items: readonly unknown[], wanted: unknown) => BigInt(items.lastIndexOf(wanted)),
    );
}

function extreme(
  items: readonly Comparable[],
  isBetter: (a: Comparable, b: Comparable) => boolean,
): Comparable {
  const [first, ...others] = items;
  if (first === undefined) throw new RangeError("min/max called on empty list");
  return others.reduce((best, item) => isBetter(item, best) ? item : best, first);
}

function addQuantities(environment: Environment): void {
  environment
    .registerType("Quantity", Quantity)
    .registerFunction("isQuantity(string): bool", isQuantity)
    .registerFunction("quantity(string): Quantity", (text: string) => {
      const nanos = quantityNanos(text);
      if (nanos === undefined) {
        throw new RangeError(`Cannot read quantity '${text}': it is not one`);
      }
      return new Quantity(nanos);
    })
    .registerFunction(
      "Quantity.compareTo(Quantity): int",
      (a: Quantity, b: Quantity) => a.compareTo(b),
    )
    .registerFunction(
      "Quantity.isGreaterThan(Quantity): bool",
      (a: Quantity, b: Quantity) => a.compareTo(b) > 0n,
    )
    .registerFunction(
      "Quantity.isLessThan(Quantity): bool",
      (a: Quantity, b: Quantity) => a.compareTo(b) < 0n,
    );
}
