/** Parsers of option values that several commands share. */

import { InvalidArgumentError } from "@commander-js/extra-typings";

/** A parser of whole numbers from `min` to `max`. */
export function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < min || value > max) {
      throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`);
    }
    return value;
  };
}

/** A parser of seconds, with a fraction if one likes, from `min` to `max`; returns ms. */
export function seconds(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+(\.\d+)?$/.test(text) || value < min || value > max) {
      throw new InvalidArgumentError(`It must be a number of seconds from ${min} to ${max}.`);
    }
    return value * 1000;
  };
}

/** Parses text that says something: what a script left unset must not come to mean anything else. */
export function nonEmpty(text: string): string {
  if (text === "") throw new InvalidArgumentError("It must not be empty.");
  return text;
}

/** Parses the name of a namespace (a DNS-1123 label). */
export function namespaceName(text: string): string {
  if (!/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(text) || text.length > 63) {
    throw new InvalidArgumentError(
      "It must be at most 63 lower-case letters, digits and '-', beginning and ending with a letter or digit.",
    );
  }
  return text;
}

/** Collects namespaces that are given one by one, each once. What a script left unset never comes to mean "all". */
export function namespaceNames(text: string, before: readonly string[] | undefined): string[] {
  return [...new Set(before).add(namespaceName(text))];
}
