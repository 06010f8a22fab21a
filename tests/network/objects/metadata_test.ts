/** What all objects of a network have in common. */

import assert from "node:assert/strict";
import { labelsOf } from "../../../lib/network/mod.ts";
import { metadataOf } from "../../../lib/network/objects/metadata.ts";
import { OWNER } from "../_samples.ts";

Deno.test("metadataOf() makes the network the controller of the object", () => {
  assert.deepEqual(metadataOf(OWNER, "x"), {
    name: "x",
    namespace: "test",
    labels: labelsOf("net"),
    ownerReferences: [{
      apiVersion: "bitcoincontroller.christianb93.github.com/v1",
      kind: "BitcoinNetwork",
      name: "net",
      uid: "uid-net",
      controller: true,
      blockOwnerDeletion: true,
    }],
  });
});
