import assert from "node:assert/strict";

import fc from "fast-check";

import { jsonProblem } from "../../../lib/embedded/api/json_problem.ts";

// What a kube-apiserver 1.34 answered, that is Go's encoding/json.
for (
  const [text, problem] of [
    ["", "unexpected end of JSON input"],
    ["{", "unexpected end of JSON input"],
    ['{"a"', "unexpected end of JSON input"],
    ['{"a":1,', "unexpected end of JSON input"],
    ['{"a":"x', "unexpected end of JSON input"],
    ['{"a":1,}', "invalid character '}' looking for beginning of object key string"],
    ["[1,]", "invalid character ']' looking for beginning of value"],
    ['{"a":tru}', "invalid character '}' in literal true (expecting 'e')"],
    ['{"a":-}', "invalid character '}' in numeric literal"],
    ['{"a":01}', "invalid character '1' after object key:value pair"],
    ['{"a":1}}', "invalid character '}' after top-level value"],
    ["{nodes", "invalid character 'n' looking for beginning of object key string"],
    ['{"a" 1}', "invalid character '1' after object key"],
    ["[1 2]", "invalid character '2' after array element"],
    ['"\\u12x4"', "invalid character 'x' in \\u hexadecimal character escape"],
    ['"\\x"', "invalid character 'x' in string escape code"],
    ["'a'", "invalid character ''' looking for beginning of value"],
  ] as const
) {
  Deno.test(`jsonProblem() says of '${text}': ${problem}`, () => {
    assert.equal(jsonProblem(text), problem);
  });
}

Deno.test("jsonProblem() finds nothing wrong with any JSON, and something with whatever JSON.parse() refuses", () => {
  fc.assert(fc.property(fc.json(), (text) => jsonProblem(text) === undefined));
  fc.assert(
    fc.property(
      fc.json(),
      fc.nat(),
      fc.constantFrom("", "}", ",", "x", "\\", "\n", '"', "-", "."),
      (text, at, insertion) => {
        const position = at % (text.length + 1);
        const broken = text.slice(0, position) + insertion + text.slice(position + 1);
        let parses = true;
        try {
          JSON.parse(broken);
        } catch {
          parses = false;
        }
        assert.equal(jsonProblem(broken) === undefined, parses, broken);
      },
    ),
  );
});
