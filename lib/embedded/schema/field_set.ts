/** Sets of fields of an object, as `managedFields` writes them in the format FieldsV1. */

import { entriesOf, isObject, type Json, type JsonObject } from "./json.ts";

/**
 * A set of fields.
 *
 * Elements are named as in FieldsV1: `f:spec` is a field or a key of a map, `k:{"name":"c"}` an item of a list by its keys,
 * `v:"x"` an item of a set by its value. A field can be a member without what is in it, and the other way round.
 */
export interface FieldSet {
  /** Fields of this level that belong to the set. */
  readonly members: ReadonlySet<string>;
  /** Fields of the levels below, none of them empty. */
  readonly children: ReadonlyMap<string, FieldSet>;
}

/** Names of the elements from the root of an object to a field. */
export type FieldPath = readonly string[];

/** Grows by insertion, and is a set at any time. */
export class FieldSetBuilder implements FieldSet {
  /** Fields of this level. */
  readonly members: Set<string> = new Set();
  /** Fields of the levels below. */
  readonly children: Map<string, FieldSetBuilder> = new Map();

  /** Adds one field; the empty path, which is the object itself, is never a member. */
  insert(path: FieldPath): void {
    const [element, ...rest] = path;
    if (element === undefined) return;
    if (rest.length === 0) {
      this.members.add(element);
      return;
    }
    let child = this.children.get(element);
    if (!child) this.children.set(element, child = new FieldSetBuilder());
    child.insert(rest);
  }
}

/** The set without any fields. */
export const NO_FIELDS: FieldSet = new FieldSetBuilder();

/** Makes a set of paths. */
export function fieldSetOf(...paths: readonly FieldPath[]): FieldSet {
  const builder = new FieldSetBuilder();
  for (const path of paths) builder.insert(path);
  return builder;
}

/** Whether the set has no fields. */
export function isEmptySet({ members, children }: FieldSet): boolean {
  return members.size === 0 && children.size === 0;
}

/** The part of a set below one element. */
export function below(set: FieldSet, element: string): FieldSet {
  return set.children.get(element) ?? NO_FIELDS;
}

/** Fields that are in one of the sets. */
export function union(a: FieldSet, b: FieldSet): FieldSet {
  return combine(a, b, (one, other) => new Set([...one, ...other]), union);
}

/** Fields that are in both sets. */
export function intersection(a: FieldSet, b: FieldSet): FieldSet {
  return combine(
    a,
    b,
    (one, other) => new Set([...one].filter((field) => other.has(field))),
    intersection,
  );
}

/** Fields of `a` that are not in `b`; what is below a member of `b` stays. */
export function difference(a: FieldSet, b: FieldSet): FieldSet {
  return combine(
    a,
    b,
    (one, other) => new Set([...one].filter((field) => !other.has(field))),
    difference,
  );
}

/** Fields of `a` that are neither in `b` nor below one of its members. */
export function withoutBelow(a: FieldSet, b: FieldSet): FieldSet {
  const { members, children } = difference(a, b);
  const rest = [...children].filter(([element]) => !b.members.has(element))
    .map(([element, child]) => [element, withoutBelow(child, below(b, element))] as const)
    .filter(([, child]) => !isEmptySet(child));
  return { members, children: new Map(rest) };
}

function combine(
  a: FieldSet,
  b: FieldSet,
  membersOf: (a: ReadonlySet<string>, b: ReadonlySet<string>) => ReadonlySet<string>,
  childOf: (a: FieldSet, b: FieldSet) => FieldSet,
): FieldSet {
  const children = new Map<string, FieldSet>();
  for (const element of new Set([...a.children.keys(), ...b.children.keys()])) {
    const child = childOf(below(a, element), below(b, element));
    if (!isEmptySet(child)) children.set(element, child);
  }
  return { members: membersOf(a.members, b.members), children };
}

/** All fields of a set, in the order in which the real server lists them: a field before those below it. */
export function pathsOf(set: FieldSet, prefix: FieldPath = []): readonly FieldPath[] {
  return [
    ...[...set.members].sort().map((element) => [...prefix, element]),
    ...[...set.children.keys()].sort().flatMap((element) =>
      pathsOf(below(set, element), [...prefix, element])
    ),
  ];
}

/** Writes FieldsV1. */
export function toFieldsV1({ members, children }: FieldSet): JsonObject {
  const fields: Record<string, Json> = {};
  for (const element of [...members, ...children.keys()].sort()) {
    const child = children.get(element);
    const own = child && members.has(element) ? { ".": {} } : {};
    fields[element] = child ? { ...own, ...toFieldsV1(child) } : own;
  }
  return fields;
}

/** Reads FieldsV1; anything that is no object counts as an empty set. */
export function fromFieldsV1(fields: Json | undefined): FieldSet {
  const members = new Set<string>();
  const children = new Map<string, FieldSet>();
  for (const [element, value] of isObject(fields) ? entriesOf(fields) : []) {
    if (element === ".") continue;
    const { ".": own, ...rest } = isObject(value) ? value : {};
    const child = fromFieldsV1(rest);
    if (!isEmptySet(child)) children.set(element, child);
    if (own !== undefined || isEmptySet(child)) members.add(element);
  }
  return { members, children };
}

/** A path as people read it: `.spec.containers[name="c"].image`. */
export function pathText(path: FieldPath): string {
  return path.map(elementText).join("");
}

/** One element of a path as people read it. */
export function elementText(element: string): string {
  const body = element.slice(2);
  if (element.startsWith("f:")) return `.${body}`;
  if (element.startsWith("v:")) return `[=${body}]`;
  // Elements of this room are made by itself or come from FieldsV1, where the keys are a JSON object.
  const keys = JSON.parse(body) as JsonObject;
  return `[${
    entriesOf(keys).map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(",")
  }]`;
}
