import assert from "node:assert/strict";
import { Options, unknownNames } from "../../../lib/embedded/bitcoin/options.ts";
import { parseArguments, parseConfigFile } from "../../../lib/embedded/bitcoin/option_text.ts";
import { StartupError } from "../../../lib/embedded/bitcoin/startup_error.ts";

function optionsOf(args: string, ...file: readonly string[]): Options {
  const { options } = parseArguments(args.split(" ").filter(Boolean), () => true);
  return new Options(options, parseConfigFile(file.join("\n")));
}

Deno.test("Options.text() takes the last of the command line, then the first of the section, then of the file", () => {
  const file = ["a=top", "a=second", "[regtest]", "b=section", "b=second", "[signet]", "c=x"];
  assert.equal(optionsOf("-a=1 -a=2", ...file).text("a"), "2");
  assert.equal(optionsOf("", ...file).text("a"), "top");
  assert.equal(optionsOf("", "b=top", ...file).text("b"), "section");
  assert.equal(optionsOf("", ...file).text("c"), undefined);
});

Deno.test("Options.list() adds all up, and leaves out what is negated", () => {
  const options = optionsOf("-a=1", "a=3", "noa=1", "[regtest]", "a=2");
  assert.deepEqual(options.list("a"), ["1", "2", "3"]);
  assert.deepEqual(options.list("b"), []);
});

Deno.test("Options.flag() and Options.number() read values, and have one for absent options", () => {
  const options = optionsOf("-a -nob -c=7 -d=x");
  assert.deepEqual(
    [options.flag("a", false), options.flag("b", true), options.flag("e", true)],
    [true, false, true],
  );
  assert.deepEqual(
    [options.number("c", 1), options.number("d", 1), options.number("e", 1)],
    [7, 0, 1],
  );
});

for (const chosen of ["-regtest", "-chain=regtest", "-regtest=1 -nosignet"]) {
  Deno.test(`Options.requireRegtest() is content with ${chosen}`, () => {
    optionsOf(chosen).requireRegtest();
  });
}

const OTHERS: readonly [args: string, said: RegExp][] = [
  ["", /only regtest, not 'main'/],
  ["-regtest=0", /only regtest, not 'main'/],
  ["-signet", /only regtest, not 'signet'/],
  ["-chain=test", /only regtest, not 'test'/],
  ["-regtest -signet", /^StartupError: Invalid combination of -regtest/],
  ["-regtest -chain=regtest", /^StartupError: Invalid combination of -regtest/],
];

for (const [args, said] of OTHERS) {
  Deno.test(`Options.requireRegtest() refuses '${args}'`, () => {
    assert.throws(() => optionsOf(args).requireRegtest(), said);
  });
}

Deno.test("Options.requireSections() names every option above the sections that must be in one", () => {
  const top = ["port=1", "rpcbind=0.0.0.0", "rpcport=2", "server=1"];
  assert.throws(
    () => optionsOf("-rpcport=3", ...top, "[regtest]", "listen=1").requireSections(),
    new StartupError(
      "Config setting for -port only applied on regtest network when in [regtest] section.\n" +
        "Config setting for -rpcbind only applied on regtest network when in [regtest] section.\n",
    ),
  );
  optionsOf("-rpcbind=x -rpcport=3", ...top, "[regtest]", "port=1").requireSections();
});

Deno.test("unknownNames() lists the names of a file that bitcoind does not know, with their sections", () => {
  const file = parseConfigFile("server=1\nrpcconnect=x\n[regtest]\nport=1\n[foo]\nbar=1");
  assert.deepEqual(unknownNames(file), ["rpcconnect", "foo.bar"]);
});
