/** Reads the fields of a kubeconfig's entries; each complaint names the file, the entry and the field. */

import { dirname, isAbsolute, join } from "node:path";

import { getLogger } from "@logtape/logtape";

import { asMapping } from "./_mapping.ts";
import { ConfigError } from "./errors.ts";

const log = getLogger(["bitcoin-controller", "kube"]);

/** One cluster, user or context: its fields, and where they stand. */
export interface Entry {
  /** `cluster 'a' of kubeconfig '/x'`, for messages. */
  readonly title: string;
  /** Path of the file; relative paths in the fields start from its folder. */
  readonly file: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** An error about one field. */
export function fieldError({ title }: Entry, field: string, state: string): ConfigError {
  return new ConfigError(`Cannot use ${title}: field '${field}' ${state}`);
}

/** Warns of fields that have no effect because nobody knows them; kubectl does not refuse them either. */
export function warnOfOthers({ title, fields }: Entry, known: readonly string[]): void {
  const others = Object.keys(fields).filter((field) => !known.includes(field));
  if (others.length === 0) return;
  log.warn("Unknown fields in the kubeconfig have no effect: check how they are spelled", {
    entry: title,
    fields: others,
  });
}

/**
 * A field that is text; undefined if it is absent or empty.
 *
 * @throws {ConfigError} if it is something else
 */
export function textField(entry: Entry, field: string): string | undefined {
  const value = entry.fields[field];
  if (value === undefined || value === null || value === "") return undefined;
  if (typeof value !== "string") throw fieldError(entry, field, "is not text");
  return value;
}

/**
 * A field that is true or false, and false if it is absent.
 *
 * @throws {ConfigError} if it is something else
 */
export function booleanField(entry: Entry, field: string): boolean {
  const value = entry.fields[field] ?? false;
  if (typeof value !== "boolean") throw fieldError(entry, field, "is not true or false");
  return value;
}

/**
 * A field that is a list; empty if it is absent.
 *
 * @throws {ConfigError} if it is something else
 */
export function listField(entry: Entry, field: string): readonly unknown[] {
  const value = entry.fields[field] ?? [];
  if (!Array.isArray(value)) throw fieldError(entry, field, "is not a list");
  return value;
}

/**
 * A field that is a list of texts; empty if it is absent.
 *
 * @throws {ConfigError} if it is something else
 */
export function textListField(entry: Entry, field: string): string[] {
  return listField(entry, field).map((value) => {
    if (typeof value !== "string") throw fieldError(entry, field, "is not a list of texts");
    return value;
  });
}

/**
 * A field that is a mapping, as an entry of its own; undefined if it is absent.
 *
 * @throws {ConfigError} if it is something else
 */
export function mappingField(entry: Entry, field: string): Entry | undefined {
  const value = entry.fields[field] ?? undefined;
  if (value === undefined) return undefined;
  const fields = asMapping(value);
  if (!fields) throw fieldError(entry, field, "is not a mapping");
  return { title: `field '${field}' of ${entry.title}`, file: entry.file, fields };
}

/** Relative paths start from the folder of the file they stand in. */
export function resolvePath({ file }: Entry, path: string): string {
  return isAbsolute(path) ? path : join(dirname(file), path);
}
