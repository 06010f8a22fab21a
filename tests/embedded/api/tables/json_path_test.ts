import assert from "node:assert/strict";

import { parseJsonPath } from "../../../../lib/embedded/api/tables/json_path.ts";

const OBJECT = {
  spec: { nodes: 3, "a.b": "dotted", ports: [{ name: "rpc", port: 1 }, { name: "p2p", port: 2 }] },
  status: {
    conditions: [{ type: "Ready", status: "True", reason: "Connected" }, {
      type: "Other",
      status: "False",
    }],
  },
};

for (
  const [path, expected] of [
    [".spec.nodes", [3]],
    ["{.spec.nodes}", [3]],
    ["$.spec.nodes", [3]],
    [".spec.nothing", []],
    [".nothing.below", []],
    [".spec.a\\.b", ["dotted"]],
    [".spec['a.b']", ["dotted"]],
    ['.spec["a.b"]', ["dotted"]],
    [".spec.ports[0].name", ["rpc"]],
    [".spec.ports[-1].name", ["p2p"]],
    [".spec.ports[9].name", []],
    [".spec.ports[*].port", [1, 2]],
    [".status.conditions[?(@.type=='Ready')].reason", ["Connected"]],
    ['.status.conditions[?(@.type == "Ready")].status', ["True"]],
    [".status.conditions[?(@.reason)].type", ["Ready"]],
    [".status.conditions[?(@.type!='Ready')].type", ["Other"]],
    [".spec.ports[?(@.port>1)].name", ["p2p"]],
    [".spec.ports[?(@.port<=1)].name", ["rpc"]],
    [".spec.ports[?(@.name>1)].name", []],
    ["..port", [1, 2]],
  ] as const
) {
  Deno.test(`parseJsonPath() finds ${JSON.stringify(expected)} at ${path}`, () => {
    assert.deepEqual(parseJsonPath(path)(OBJECT), expected);
  });
}

Deno.test("parseJsonPath() refuses what is no path, and says where it goes wrong", () => {
  assert.throws(() => parseJsonPath(".a[b"), {
    name: "SyntaxError",
    message: "Cannot read JSONPath '.a[b': it goes on with '[b'",
  });
});
