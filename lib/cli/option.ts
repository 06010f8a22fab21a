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

/** Collects the values of an option that may be given several times, each once. */
export function collect(text: string, before: readonly string[] | undefined): string[] {
  return [...new Set(before).add(nonEmpty(text))];
}
