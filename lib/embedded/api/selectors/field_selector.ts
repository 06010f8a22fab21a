/** Field selectors of list and watch requests, with the grammar and messages of `k8s.io/apimachinery/pkg/fields`. */

import type { ApiObject } from "../object.ts";
import { badRequest } from "../status.ts";

/** Reads the value of a selectable field; a field that is absent reads as empty. */
export type FieldReader = (object: ApiObject) => string;

/** The fields of a kind that a selector may name. */
export interface SelectableFields {
  /** Readers by the name of the field. */
  readonly readers: Readonly<Record<string, FieldReader>>;
  /** Whether the refusal of another field lists those that are known, as it does for kinds that add none of their own. */
  readonly listsKnown: boolean;
}

/** Whether an object fulfils a selector. */
export type FieldMatcher = (object: ApiObject) => boolean;

interface Term {
  readonly field: string;
  readonly value: string;
  readonly equal: boolean;
}

/**
 * Reads a selector such as `metadata.name=a,status.phase!=Running`; an empty one matches everything.
 *
 * @throws {StatusError} 400 for one that cannot be read, or that names a field which the kind does not offer
 */
export function parseFieldSelector(selector: string, fields: SelectableFields): FieldMatcher {
  const matchers = splitTerms(selector).filter(Boolean).map((text): FieldMatcher => {
    const { field, value, equal } = parseTerm(text, selector);
    const read = Object.hasOwn(fields.readers, field) ? fields.readers[field] : undefined;
    if (!read) throw badRequest(unknownField(field, fields));
    return (object) => (read(object) === value) === equal;
  });
  return (object) => matchers.every((matches) => matches(object));
}

function unknownField(field: string, { readers, listsKnown }: SelectableFields): string {
  if (!listsKnown) return `field label not supported: ${field}`;
  const known = Object.keys(readers).map((name) => `"${name}"`).join(", ");
  return `"${field}" is not a known field selector: only ${known}`;
}

/** Splits at commas that no backslash stands before. */
function splitTerms(selector: string): string[] {
  return selector.match(/(?:\\.|[^,\\])+/gs) ?? [];
}

function parseTerm(text: string, selector: string): Term {
  const [, field, operator, value] = /^((?:\\.|[^\\=!])*)(!=|==|=)(.*)$/s.exec(text) ?? [];
  if (field === undefined || value === undefined) {
    throw badRequest(`invalid selector: '${selector}'; can't understand '${text}'`);
  }
  return { field, value: unescaped(value), equal: operator !== "!=" };
}

function unescaped(value: string): string {
  const [sequence] = /\\[^\\,=]/.exec(value.replaceAll("\\\\", "")) ?? [];
  if (sequence !== undefined) {
    throw badRequest(`invalid field selector: invalid escape sequence: ${sequence}`);
  }
  if (/(?<!\\)(?:\\\\)*=/.test(value)) {
    throw badRequest(`invalid field selector: unescaped character in value: ${"=".charCodeAt(0)}`);
  }
  return value.replaceAll(/\\(.)/g, "$1");
}
