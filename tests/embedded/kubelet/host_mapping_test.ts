import assert from "node:assert/strict";

import { type HostMapping, mapFile, mapText } from "../../../lib/embedded/kubelet/host_mapping.ts";

const mapping: HostMapping = {
  address: "127.5.0.9",
  paths: [
    { containerPath: "/data", hostPath: "/h/v/data" },
    { containerPath: "/data/wallets", hostPath: "/h/v/wallets" },
    { containerPath: "/bitcoin.conf", hostPath: "/h/c/0" },
    { containerPath: "/etc/x+y/", hostPath: "/h/plus" },
  ],
};

const TABLE: readonly (readonly [what: string, text: string, mapped: string])[] = [
  ["a whole path", "/data", "/h/v/data"],
  ["a path below a mount", "/data/regtest/debug.log", "/h/v/data/regtest/debug.log"],
  ["a key of a configuration file", "datadir=/data\nx=1", "datadir=/h/v/data\nx=1"],
  ["a flag", "-conf=/bitcoin.conf", "-conf=/h/c/0"],
  ["a path in quotes", `echo "/data" '/data'`, `echo "/h/v/data" '/h/v/data'`],
  ["a list of paths", "/usr/bin:/data/bin", "/usr/bin:/h/v/data/bin"],
  ["a redirection", "echo x>/data/f", "echo x>/h/v/data/f"],
  ["the longest mount first", "/data/wallets/w", "/h/v/wallets/w"],
  ["a mount with a slash at its end and special characters", "/etc/x+y/f", "/h/plus/f"],
  ["no longer name", "/database /data-1 /data_x /data.old", "/database /data-1 /data_x /data.old"],
  ["no letter of another script behind it", "/datañ", "/datañ"],
  ["no tail of another path", "/var/data x/data ./data ~/data", "/var/data x/data ./data ~/data"],
  ["no path of a variable", "$HOME/data ${X}/data", "$HOME/data ${X}/data"],
  ["no host of a URL", "http://data/", "http://data/"],
  ["any address", "rpcbind=0.0.0.0", "rpcbind=127.5.0.9"],
  ["any address with a port", "0.0.0.0:18443", "127.5.0.9:18443"],
  ["the loopback address", "rpcconnect=127.0.0.1", "rpcconnect=127.5.0.9"],
  ["the loopback name", "curl http://localhost:80/x", "curl http://127.5.0.9:80/x"],
  ["an address before a path", "http://127.0.0.1/health", "http://127.5.0.9/health"],
  ["an address at the end of a sentence", "Bind 0.0.0.0.", "Bind 127.5.0.9."],
  ["no network", "rpcallowip=0.0.0.0/0", "rpcallowip=0.0.0.0/0"],
  ["no loopback network", "127.0.0.1/32,127.0.0.0/8", "127.0.0.1/32,127.0.0.0/8"],
  ["no longer address", "10.0.0.0.0 127.0.0.10 127.0.0.1.5", "10.0.0.0.0 127.0.0.10 127.0.0.1.5"],
  ["no longer name of a host", "my-localhost localhost.example", "my-localhost localhost.example"],
  ["a section", "[regtest]\nbind=0.0.0.0\n", "[regtest]\nbind=127.5.0.9\n"],
  ["nothing", "", ""],
];

for (const [what, text, mapped] of TABLE) {
  Deno.test(`mapText() maps ${what}`, () => {
    assert.equal(mapText(text, mapping), mapped);
  });
}

Deno.test("mapText() maps addresses when there are no mounts", () => {
  assert.equal(mapText("0.0.0.0 /data", { address: "127.1.0.1", paths: [] }), "127.1.0.1 /data");
});

Deno.test("mapText() does not map what it has put in", () => {
  const paths = [{ containerPath: "/a", hostPath: "/b" }, { containerPath: "/b", hostPath: "/a" }];
  assert.equal(mapText("/a /b", { address: "127.0.0.1", paths }), "/b /a");
});

Deno.test("mapFile() maps text with a byte order mark and keeps the mark", () => {
  const file = new Uint8Array([0xef, 0xbb, 0xbf, ...new TextEncoder().encode("/data")]);
  const mapped = new Uint8Array([0xef, 0xbb, 0xbf, ...new TextEncoder().encode("/h/v/data")]);
  assert.deepEqual(mapFile(file, mapping), mapped);
});

Deno.test("mapFile() leaves a file alone that is not text", () => {
  const withZero = new TextEncoder().encode("/data\0");
  const notUtf8 = new Uint8Array([...new TextEncoder().encode("/data "), 0xff]);
  assert.equal(mapFile(withZero, mapping), withZero);
  assert.equal(mapFile(notUtf8, mapping), notUtf8);
});
