import assert from "node:assert/strict";
import { Options } from "../../../lib/embedded/bitcoin/options.ts";
import { parseConfigFile } from "../../../lib/embedded/bitcoin/option_text.ts";
import { type BitcoindSettings, readSettings } from "../../../lib/embedded/bitcoin/settings.ts";
import { StartupError } from "../../../lib/embedded/bitcoin/startup_error.ts";

function settingsOf(...lines: readonly string[]): BitcoindSettings {
  const file = parseConfigFile(["regtest=1", "[regtest]", ...lines].join("\n"));
  return readSettings(new Options([], file), "127.1.2.3");
}

Deno.test("readSettings() has the defaults of bitcoind", () => {
  assert.deepEqual(settingsOf(), {
    rpc: { port: undefined, hashes: [], plain: undefined },
    p2pPort: 18444,
    addNodes: [],
    networkActive: true,
    userAgent: "/Satoshi:30.0.0/",
    maxTipAgeSeconds: 86_400,
  });
});

const RPC_PORTS: readonly [lines: readonly string[], port: number | undefined][] = [
  [["rpcallowip=0.0.0.0/0", "rpcbind=0.0.0.0"], 18443],
  [["rpcallowip=0.0.0.0/0", "rpcbind=127.1.2.3"], 18443],
  [["rpcallowip=0.0.0.0/0", "rpcbind=0.0.0.0", "rpcport=9"], 9],
  [["rpcallowip=0.0.0.0/0", "rpcbind=0.0.0.0:7", "rpcport=9"], 7],
  [["rpcallowip=0.0.0.0/0", "rpcbind=[::]:7"], 7],
  [["rpcallowip=0.0.0.0/0", "rpcbind=127.0.0.1"], undefined],
  [["rpcallowip=0.0.0.0/0"], undefined],
  [["rpcbind=0.0.0.0"], undefined],
  [["rpcallowip=0.0.0.0/0", "rpcbind=0.0.0.0", "server=0"], undefined],
];

for (const [lines, port] of RPC_PORTS) {
  Deno.test(`readSettings() opens RPC port ${port ?? "none"} to others for ${lines.join(", ")}`, () => {
    assert.equal(settingsOf(...lines).rpc.port, port);
  });
}

const P2P_PORTS: readonly [lines: readonly string[], port: number | undefined][] = [
  [["bind=0.0.0.0"], 18444],
  [["bind=127.1.2.3", "port=5"], 5],
  [["bind=0.0.0.0:6"], 6],
  [["bind=::"], 18444],
  [["bind=127.0.0.1"], undefined],
  [["bind=127.0.0.1", "bind=127.1.2.3:8"], 8],
  [["listen=0"], undefined],
];

for (const [lines, port] of P2P_PORTS) {
  Deno.test(`readSettings() opens p2p port ${port ?? "none"} to others for ${lines.join(", ")}`, () => {
    assert.equal(settingsOf(...lines).p2pPort, port);
  });
}

Deno.test("readSettings() reads users, nodes and comments", () => {
  const hash = `a:5a17$${"0f".repeat(32)}`;
  const settings = settingsOf(
    `rpcauth=${hash}`,
    "rpcuser=b",
    "rpcpassword=c",
    "addnode=10.0.0.1",
    "addnode=x:1",
    "uacomment=net-0",
    "uacomment=y z",
    "networkactive=0",
    "maxtipage=5",
  );
  assert.deepEqual(settings.rpc.hashes, [hash]);
  assert.deepEqual(settings.rpc.plain, { user: "b", password: "c" });
  assert.deepEqual(settings.addNodes, ["10.0.0.1", "x:1"]);
  assert.equal(settings.userAgent, "/Satoshi:30.0.0(net-0; y z)/");
  assert.equal(settings.networkActive, false);
  assert.equal(settings.maxTipAgeSeconds, 5);
});

const REFUSED: readonly [lines: readonly string[], said: RegExp][] = [
  [["rpcauth=a:b"], /Unable to start HTTP server/],
  [["uacomment=a/b"], /User Agent comment \(a\/b\) contains unsafe characters/],
  [
    [`uacomment=${"x".repeat(300)}`],
    /Total length of network version string \(318\) exceeds maximum length \(256\)/,
  ],
];

for (const [lines, said] of REFUSED) {
  Deno.test(`readSettings() refuses ${lines[0]?.slice(0, 20)}`, () => {
    assert.throws(() => settingsOf(...lines), (error) => {
      assert.ok(error instanceof StartupError);
      return said.test(error.message);
    });
  });
}
