import assert from "node:assert/strict";

import {
  BitcoindNotFoundError,
  chooseBitcoind,
  type ChosenBitcoind,
  thisMachine,
} from "../../lib/embedded/bitcoind_choice.ts";

/** A machine with these files, all executable, and two folders on its path. */
function choose(choice: string, files: readonly string[]): Promise<ChosenBitcoind> {
  return chooseBitcoind(choice, {
    path: "/usr/bin:bin:/opt/bin",
    isExecutable: (file) => Promise.resolve(files.includes(file)),
  });
}

const BOTH = ["/opt/bin/bitcoind", "/opt/bin/bitcoin-cli"];
const ELSEWHERE = ["/x/bitcoind", "/x/bitcoin-cli"];
const ON_PATH = { kind: "real", program: "/opt/bin/bitcoind", path: "/usr/bin:bin:/opt/bin" };
const BESIDE = { kind: "real", program: "/x/bitcoind", path: "/x:/usr/bin:bin:/opt/bin" };

const CHOICES: readonly [string, readonly string[], unknown][] = [
  ["fake", BOTH, { kind: "fake" }],
  ["auto", BOTH, ON_PATH],
  ["auto", [], { kind: "fake" }],
  ["auto", ["/opt/bin/bitcoind"], { kind: "fake" }],
  ["auto", ["bin/bitcoind", "bin/bitcoin-cli"], { kind: "fake" }],
  ["real", BOTH, ON_PATH],
  ["real", ["/usr/bin/bitcoin-cli", "/opt/bin/bitcoind"], ON_PATH],
  ["/x/bitcoind", ELSEWHERE, BESIDE],
  ["/x", ELSEWHERE, BESIDE],
  ["/x/bitcoind", ["/x/bitcoind", "/opt/bin/bitcoin-cli"], BESIDE],
];

for (const [choice, files, expected] of CHOICES) {
  Deno.test(`chooseBitcoind() takes '${choice}' with [${files.join(", ")}]`, async () => {
    assert.deepEqual(await choose(choice, files), expected);
  });
}

const REFUSALS: readonly [string, readonly string[], RegExp][] = [
  [
    "real",
    [],
    /^Cannot find 'bitcoind' in the folders of PATH '\/usr\/bin:bin:\/opt\/bin': install/,
  ],
  ["real", ["/opt/bin/bitcoind"], /^Cannot find 'bitcoin-cli' in the folders of PATH /],
  ["/x/bitcoind", ["/x/bitcoind"], /^Cannot find 'bitcoin-cli' in the folders of PATH '\/x:/],
  ["/x/bitcoind", [], /^Cannot use '\/x\/bitcoind' as bitcoind: it is no executable file$/],
  [
    "/x/node",
    ["/x/node"],
    /^Cannot use '\/x\/node' as bitcoind: it is neither a file named 'bitcoind'/,
  ],
];

for (const [choice, files, message] of REFUSALS) {
  Deno.test(`chooseBitcoind() refuses '${choice}' with [${files.join(", ")}]`, async () => {
    await assert.rejects(choose(choice, files), (error) => {
      assert.ok(error instanceof BitcoindNotFoundError);
      assert.match(error.message, message);
      return true;
    });
  });
}

Deno.test("thisMachine knows which files may be executed", async () => {
  assert.equal(await thisMachine.isExecutable("/bin/sh"), true);
  assert.equal(await thisMachine.isExecutable("/etc/passwd"), false);
  assert.equal(await thisMachine.isExecutable("/bin"), false);
  assert.equal(await thisMachine.isExecutable("/nowhere"), false);
});
