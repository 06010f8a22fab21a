/** What runs containers on this machine. */

import assert from "node:assert/strict";
import { Machine } from "../../lib/embedded/machine.ts";

Deno.test("Machine.prepare() says where it cannot make its folder", async () => {
  const directory = "/no/such/folder";
  await assert.rejects(Machine.prepare({ bitcoind: "fake", directory }), {
    message: "Cannot make a folder in '/no/such/folder': it is not there, or not to be written to",
  });
});
