import assert from "node:assert/strict";
import { describeError } from "../../lib/cli/describe_error.ts";

class ThingError extends Error {}

const CASES: readonly (readonly [string, unknown, string])[] = [
  ["one line for an error of ours", new ThingError("The thing is broken"), "The thing is broken"],
  [
    "the causes as well",
    new ThingError("Cannot start", { cause: new Error("Port 1 is taken") }),
    "Cannot start: Port 1 is taken",
  ],
  [
    "a cause only once",
    new ThingError("Cannot start: Port 1 is taken", { cause: new Error("Port 1 is taken") }),
    "Cannot start: Port 1 is taken",
  ],
  [
    "no cause between a message and what it repeats already",
    new ThingError("Cannot GET '/x': Connection refused", {
      cause: new TypeError("fetch failed", { cause: new Error("Connection refused") }),
    }),
    "Cannot GET '/x': Connection refused",
  ],
  [
    "no cause that is the operating system's",
    new ThingError("Cannot read '/x': it does not exist", {
      cause: new Deno.errors.NotFound("No such file or directory (os error 2): readfile '/x'"),
    }),
    "Cannot read '/x': it does not exist",
  ],
  ["what is no error", "just a text", "just a text"],
];

for (const [name, error, expected] of CASES) {
  Deno.test(`describeError() gives ${name}`, () => assert.equal(describeError(error), expected));
}

Deno.test("describeError() keeps the stack of a programmer's mistake and asks for a report", () => {
  const text = describeError(new TypeError("undefined is not a function"));
  assert.match(text, /undefined is not a function\n\s+at /);
  assert.match(text, /This is a bug/);
});
