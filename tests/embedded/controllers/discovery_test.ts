import assert from "node:assert/strict";

import { parseResourceList } from "../../../lib/embedded/controllers/discovery.ts";

const FIXTURES = new URL("../../fixtures/kubernetes-api.json", import.meta.url);

Deno.test("parseResourceList() reads what a real API server answers, without subresources", async () => {
  const { exchanges } = JSON.parse(await Deno.readTextFile(FIXTURES));
  const bodyOf = (name: string): Parameters<typeof parseResourceList>[0] =>
    exchanges.find((exchange: { name: string }) => exchange.name === name).response.body;

  const apps = parseResourceList(bodyOf("discovery, legacy: one group"));
  assert.deepEqual(apps.map(({ type }) => type.plural), [
    "controllerrevisions",
    "daemonsets",
    "deployments",
    "replicasets",
    "statefulsets",
  ]);
  assert.deepEqual(apps.at(-1)?.type, {
    group: "apps",
    version: "v1",
    kind: "StatefulSet",
    plural: "statefulsets",
    namespaced: true,
  });
  assert.ok(apps.every(({ verbs }) => verbs.has("deletecollection")));

  const core = parseResourceList(bodyOf("discovery, legacy: core resources"));
  const bindings = core.find(({ type }) => type.plural === "bindings");
  assert.deepEqual(bindings, {
    type: { group: "", version: "v1", kind: "Binding", plural: "bindings", namespaced: true },
    verbs: new Set(["create"]),
  });
});
