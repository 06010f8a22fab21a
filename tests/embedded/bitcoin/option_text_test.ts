import assert from "node:assert/strict";
import {
  isYes,
  parseArguments,
  parseConfigFile,
} from "../../../lib/embedded/bitcoin/option_text.ts";
import { StartupError } from "../../../lib/embedded/bitcoin/startup_error.ts";

const anything = (): boolean => true;

Deno.test("parseArguments() reads options with one dash or two, and resolves negations", () => {
  const { options, rest } = parseArguments(
    ["-a", "--b=1", "-c=x=y", "-nod", "-noe=0"],
    anything,
  );
  assert.deepEqual(options.map(({ name, value }) => `${name}:${value}`), [
    "a:",
    "b:1",
    "c:x=y",
    "d:0",
    "e:1",
  ]);
  assert.deepEqual(rest, []);
});

Deno.test("parseArguments() leaves what follows the first word without a dash as it is", () => {
  const { options, rest } = parseArguments(["-a", "generate", "-1", "-b"], anything);
  assert.deepEqual(options.map(({ name }) => name), ["a"]);
  assert.deepEqual(rest, ["generate", "-1", "-b"]);
});

Deno.test("parseArguments() refuses an unknown option as it was written", () => {
  assert.throws(
    () => parseArguments(["-nosuch=1"], () => false),
    new StartupError("Error parsing command line arguments: Invalid parameter -nosuch=1"),
  );
});

Deno.test("parseConfigFile() reads sections, comments, negations and names with a section", () => {
  const text = "# comment\n a = 1 # one\n\nnob=1\nregtest.c=2\n[regtest]\nd=\r\n[signet]\ne=x\n";
  assert.deepEqual(
    parseConfigFile(text).map(({ section, name, value }) => [section, name, value]),
    [["", "a", "1"], ["", "b", "0"], ["regtest", "c", "2"], ["regtest", "d", ""], [
      "signet",
      "e",
      "x",
    ]],
  );
});

Deno.test("parseConfigFile() refuses a password with a comment sign, and names the line", () => {
  assert.throws(
    () => parseConfigFile("a=1\nrpcpassword=a#b"),
    new StartupError(
      "Error reading configuration file: parse error on line 2, using # in rpcpassword can be ambiguous and should be avoided",
    ),
  );
});

const SWITCHES: readonly [value: string, yes: boolean][] = [
  ["", true],
  ["1", true],
  ["-1", true],
  ["2x", true],
  ["0", false],
  ["x", false],
];

for (const [value, yes] of SWITCHES) {
  Deno.test(`isYes() takes '${value}' for ${yes ? "yes" : "no"}`, () => {
    assert.equal(isYes(value), yes);
  });
}
