import assert from "node:assert/strict";

import { kubeconfigText } from "../../lib/embedded/kubeconfig.ts";
import { loadConnection } from "../../lib/kube/mod.ts";

Deno.test("kubeconfigText() is read back as the connection that it describes", async () => {
  const text = kubeconfigText({ name: "demo", server: "http://127.0.0.1:8001/token/abc" });
  const connection = await loadConnection({
    kubeconfig: "/k",
    env: () => undefined,
    readFile: () => Promise.resolve(text),
  });
  assert.equal(connection.server, "http://127.0.0.1:8001/token/abc");
  assert.equal(connection.namespace, "default");
});
