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

/** Collects the values of an option that may be given several times, each once. */
export function collect(text: string, before: readonly string[] | undefined): string[] {
  // What a script left unset must not come to mean "all".
  if (text === "") throw new InvalidArgumentError("It must not be empty.");
  return [...new Set(before).add(text)];
}
