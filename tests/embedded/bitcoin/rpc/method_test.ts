import assert from "node:assert/strict";
import { RpcFailure } from "../../../../lib/embedded/bitcoin/rpc/failure.ts";
import {
  type Arguments,
  argumentsOfWords,
  type Method,
  readArguments,
  usageOf,
} from "../../../../lib/embedded/bitcoin/rpc/method.ts";

const METHOD: Method = {
  name: "example",
  parameters: [
    { name: "name", type: "string" },
    { name: "count", type: "number" },
    { name: "quick", type: "bool", isOptional: true },
    { name: "more", type: "string", isOptional: true },
  ],
  run: () => null,
};

function values(args: Arguments): unknown[] {
  return [args.text(0), args.number(1), args.flag(2, true), args.text(3, "absent")];
}

Deno.test("usageOf() writes texts in quotes and what may be left out in parentheses", () => {
  assert.equal(usageOf(METHOD), 'example "name" count ( quick "more" )');
  assert.equal(usageOf({ ...METHOD, parameters: [] }), "example");
});

const READ: readonly [params: unknown, values: readonly unknown[]][] = [
  [["a", 1], ["a", 1, true, "absent"]],
  [["a", 1, false, "b"], ["a", 1, false, "b"]],
  [["a", 1, null, "b"], ["a", 1, true, "b"]],
  [{ count: 1, name: "a" }, ["a", 1, true, "absent"]],
  [{ name: "a", count: 1, more: "b" }, ["a", 1, true, "b"]],
];

for (const [params, expected] of READ) {
  Deno.test(`readArguments() reads ${JSON.stringify(params)}`, () => {
    assert.deepEqual(values(readArguments(METHOD, params)), expected);
  });
}

const WRONG: readonly [params: unknown, code: number, said: RegExp][] = [
  [[], -1, /^example "name" count/],
  [["a"], -1, /^example/],
  [["a", 1, true, "b", 5], -1, /^example/],
  [{ count: 1 }, -3, /Position 1 \(name\)": "JSON value of type null is not of expected type str/],
  [{ name: "a", count: 1, nosuch: 1 }, -8, /^Unknown named parameter nosuch$/],
  [["a", "1"], -3, /Position 2 \(count\)": "JSON value of type string is not of expected type num/],
  [[1, "1"], -3, /Position 1 \(name\)".*,\n.*Position 2 \(count\)"/],
  [["a", 1, 1], -3, /type number is not of expected type bool/],
  [[["a"], 1], -3, /type array is not of expected type string/],
];

for (const [params, code, said] of WRONG) {
  Deno.test(`readArguments() refuses ${JSON.stringify(params)} with ${code}`, () => {
    assert.throws(() => readArguments(METHOD, params), (error) => {
      assert.ok(error instanceof RpcFailure);
      assert.match(error.message, said);
      return error.code === code;
    });
  });
}

Deno.test("Arguments.integer() refuses a number with a fraction", () => {
  assert.equal(readArguments(METHOD, ["a", 2]).integer(1), 2);
  assert.throws(
    () => readArguments(METHOD, ["a", 2.5]).integer(1),
    new RpcFailure(-1, "JSON integer out of range"),
  );
});

Deno.test("argumentsOfWords() reads words by the types of the parameters", () => {
  assert.deepEqual(argumentsOfWords(METHOD, ["7", "7", "false", "true"]), ["7", 7, false, "true"]);
  assert.deepEqual(argumentsOfWords(undefined, ["7"]), ["7"]);
  assert.throws(
    () => argumentsOfWords(METHOD, ["a", "x"]),
    new RpcFailure(-32700, "Error parsing JSON: x"),
  );
});
