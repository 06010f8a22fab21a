import assert from "node:assert/strict";

import fc from "fast-check";

import {
  difference,
  elementText,
  type FieldPath,
  type FieldSet,
  fieldSetOf,
  fromFieldsV1,
  intersection,
  isEmptySet,
  NO_FIELDS,
  pathsOf,
  pathText,
  toFieldsV1,
  union,
  withoutBelow,
} from "../../../lib/embedded/schema/field_set.ts";

const element = fc.constantFrom("f:a", "f:b", 'k:{"name":"c"}', 'v:"x"', "v:1");
const path = fc.array(element, { minLength: 1, maxLength: 3 });
const paths = fc.array(path, { maxLength: 5 });

function texts(set: FieldSet): readonly string[] {
  return pathsOf(set).map((each) => each.join(" "));
}

function textSet(all: readonly FieldPath[]): Set<string> {
  return new Set(all.map((each) => each.join(" ")));
}

Deno.test("fieldSetOf() has the fields that it is made of, and each once", () => {
  fc.assert(fc.property(paths, (all) => {
    assert.deepEqual(new Set(texts(fieldSetOf(...all))), textSet(all));
  }));
});

Deno.test("union(), intersection() and difference() are those of sets of paths", () => {
  fc.assert(fc.property(paths, paths, (a, b) => {
    const [setA, setB] = [fieldSetOf(...a), fieldSetOf(...b)];
    const [textsA, textsB] = [textSet(a), textSet(b)];
    assert.deepEqual(new Set(texts(union(setA, setB))), textsA.union(textsB));
    assert.deepEqual(new Set(texts(intersection(setA, setB))), textsA.intersection(textsB));
    assert.deepEqual(new Set(texts(difference(setA, setB))), textsA.difference(textsB));
  }));
});

Deno.test("operations never leave empty levels behind", () => {
  fc.assert(fc.property(paths, paths, (a, b) => {
    const [setA, setB] = [fieldSetOf(...a), fieldSetOf(...b)];
    for (
      const set of [difference(setA, setB), intersection(setA, setB), withoutBelow(setA, setB)]
    ) {
      assert.equal(isEmptySet(set), pathsOf(set).length === 0);
    }
  }));
});

Deno.test("withoutBelow() takes away members and all that is below them", () => {
  const set = fieldSetOf(["f:a"], ["f:a", "f:b"], ["f:c", "f:d"], ["f:c", "f:e"]);
  const rest = withoutBelow(set, fieldSetOf(["f:a"], ["f:c", "f:d"]));
  assert.deepEqual(texts(rest), ["f:c f:e"]);
});

Deno.test("difference() keeps what is below a member", () => {
  const rest = difference(fieldSetOf(["f:a"], ["f:a", "f:b"]), fieldSetOf(["f:a"]));
  assert.deepEqual(texts(rest), ["f:a f:b"]);
});

Deno.test("toFieldsV1() writes fields below each other, and '.' for a field that is there itself", () => {
  const set = fieldSetOf(
    ["f:spec", "f:list"],
    ["f:spec", "f:list", 'k:{"name":"c"}', "f:image"],
    ["f:spec", "f:a"],
  );
  assert.deepEqual(toFieldsV1(set), {
    "f:spec": {
      "f:a": {},
      "f:list": { ".": {}, 'k:{"name":"c"}': { "f:image": {} } },
    },
  });
});

Deno.test("fromFieldsV1() reads what toFieldsV1() has written", () => {
  fc.assert(fc.property(paths, (all) => {
    const set = fieldSetOf(...all);
    assert.deepEqual(texts(fromFieldsV1(toFieldsV1(set))), texts(set));
  }));
});

Deno.test("fromFieldsV1() reads nothing from what is no object", () => {
  assert.ok(isEmptySet(fromFieldsV1("x")));
  assert.ok(isEmptySet(fromFieldsV1(undefined)));
  assert.ok(isEmptySet(NO_FIELDS));
});

Deno.test("pathText() writes a path as people read it", () => {
  assert.equal(
    pathText(["f:spec", "f:ports", 'k:{"port":1,"protocol":"TCP"}', "f:name"]),
    '.spec.ports[port=1,protocol="TCP"].name',
  );
  assert.equal(elementText('v:"x"'), '[="x"]');
});
