/** The headless Service. */

import assert from "node:assert/strict";
import { serviceOf } from "../../../lib/network/objects/service.ts";
import { OWNER } from "../_samples.ts";

Deno.test("serviceOf() is headless, has both ports, and names pods before they are Ready", () => {
  const { metadata, spec } = serviceOf(OWNER);
  assert.equal(metadata?.name, "net-svc");
  assert.deepEqual(spec, {
    clusterIP: "None",
    selector: { app: "net" },
    publishNotReadyAddresses: true,
    ports: [
      { name: "rpc", port: 18443, targetPort: "rpc", protocol: "TCP" },
      { name: "p2p", port: 18444, targetPort: "p2p", protocol: "TCP" },
    ],
  });
});
