/** Proves that nothing that a program wrote holds a secret that it had. */

import assert from "node:assert/strict";
import type { Secret } from "kubernetes-types/core/v1.d.ts";

/** A shorter secret would be found by accident. */
const MIN_LENGTH = 8;

/** Keys of Secrets whose values are none: they are names. */
const PUBLIC_KEYS = /user|name/i;

/** A secret that stands where it must not. */
export interface Leak {
  /** Which secret, by the name that it was given. */
  readonly secret: string;
  /** In which output, by its name. */
  readonly output: string;
  /** The line that it stands in, without it. */
  readonly line: string;
}

/**
 * Secrets that a test has used, to be looked for in all that it wrote. It also finds them as they look in base64, in
 * a URL and in JSON.
 */
export class UsedSecrets {
  /** Each form of each secret, and its name. */
  readonly #forms = new Map<string, string>();

  /**
   * Adds one.
   *
   * @param name how to call it in an error
   * @throws {RangeError} if it is so short that it would be found by accident
   */
  add(name: string, value: string): this {
    if (value.length < MIN_LENGTH) {
      throw new RangeError(`Cannot look for '${name}': it has only ${value.length} characters`);
    }
    for (const form of formsOf(value)) this.#forms.set(form, name);
    return this;
  }

  /** Adds what a Secret of Kubernetes holds, but for names of users. */
  addObject({ metadata, data = {}, stringData = {} }: Secret): this {
    const name = (key: string): string =>
      `${key} of Secret ${metadata?.namespace}/${metadata?.name}`;
    for (const [key, value] of Object.entries(data)) {
      if (!PUBLIC_KEYS.test(key)) this.add(name(key), atob(value));
    }
    for (const [key, value] of Object.entries(stringData)) {
      if (!PUBLIC_KEYS.test(key)) this.add(name(key), value);
    }
    return this;
  }

  /** Adds the tokens, passwords and keys of a kubeconfig's text, also a token in the path of a server. */
  addKubeconfig(text: string): this {
    const fields = /^\s*-?\s*"?(token|password|client-key-data)"?:\s*"?([^"\s,]+)/gm;
    for (const [, field = "", value = ""] of text.matchAll(fields)) {
      this.add(`${field} of a kubeconfig`, value);
    }
    for (const [, token = ""] of text.matchAll(/\/token\/([^/"\s]+)/g)) {
      this.add("token in the URL of a kubeconfig", decodeURIComponent(token));
    }
    return this;
  }

  /** How many there are, in all their forms. */
  get size(): number {
    return this.#forms.size;
  }

  /** Where outputs, by their names, hold any of them. */
  leaksIn(outputs: Readonly<Record<string, string>>): readonly Leak[] {
    return Object.entries(outputs).flatMap(([output, text]) =>
      Array.from(this.#forms).filter(([form]) => text.includes(form)).map(([form, secret]) => ({
        secret,
        output,
        line: lineAt(text, form).replaceAll(form, "…"),
      }))
    );
  }

  /** Fails with the leaks there are, or if there is no secret to look for. */
  assertNoneIn(outputs: Readonly<Record<string, string>>): void {
    assert.ok(this.size > 0, "no secrets were collected");
    assert.deepEqual(this.leaksIn(outputs), [], "a secret was written");
  }
}

/** All that this file of tests has used, for the output of each program that it starts: see `startProgram()`. */
export const usedSecrets = new UsedSecrets();

function formsOf(value: string): ReadonlySet<string> {
  const bytes = new TextEncoder().encode(value);
  const base64 = btoa(String.fromCharCode(...bytes)).replace(/=+$/, "");
  return new Set([
    value,
    base64,
    base64.replaceAll("+", "-").replaceAll("/", "_"),
    encodeURIComponent(value),
    JSON.stringify(value).slice(1, -1),
  ]);
}

function lineAt(text: string, part: string): string {
  const at = text.indexOf(part);
  const start = text.lastIndexOf("\n", at) + 1;
  const end = text.indexOf("\n", at);
  return text.slice(start, end < 0 ? text.length : end);
}
