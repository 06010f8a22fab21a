import assert from "node:assert/strict";

import { parseRequestInfo } from "../../../lib/embedded/api/request_info.ts";

function parse(method: string, path: string): unknown[] {
  const { verb, target } = parseRequestInfo(method, new URL(path, "http://x"));
  if (!target) return [verb];
  const { group, version, resource, subresource, namespace, name } = target;
  return [verb, group, version, resource, subresource, namespace, name];
}

for (
  const [method, path, expected] of [
    ["GET", "/api/v1/pods", ["list", "", "v1", "pods", "", "", ""]],
    ["GET", "/api/v1/namespaces/n/pods?watch=1", ["watch", "", "v1", "pods", "", "n", ""]],
    ["GET", "/api/v1/namespaces/n/pods?watch=false", ["list", "", "v1", "pods", "", "n", ""]],
    ["GET", "/api/v1/namespaces/n/pods/p", ["get", "", "v1", "pods", "", "n", "p"]],
    ["GET", "/api/v1/namespaces/n/pods/p/log?follow=true", [
      "get",
      "",
      "v1",
      "pods",
      "log",
      "n",
      "p",
    ]],
    ["POST", "/apis/apps/v1/namespaces/n/statefulsets/", [
      "create",
      "apps",
      "v1",
      "statefulsets",
      "",
      "n",
      "",
    ]],
    ["PUT", "/apis/apps/v1/namespaces/n/statefulsets/s/status", [
      "update",
      "apps",
      "v1",
      "statefulsets",
      "status",
      "n",
      "s",
    ]],
    ["PATCH", "/api/v1/nodes/x%2Fy", ["patch", "", "v1", "nodes", "", "", "x/y"]],
    ["DELETE", "/api/v1/namespaces/n/pods", ["deletecollection", "", "v1", "pods", "", "n", ""]],
    ["DELETE", "/api/v1/namespaces/n", ["delete", "", "v1", "namespaces", "", "", "n"]],
    ["PUT", "/api/v1/namespaces/n/finalize", [
      "update",
      "",
      "v1",
      "namespaces",
      "finalize",
      "",
      "n",
    ]],
    ["GET", "/api/v1/namespaces/n/status", ["get", "", "v1", "namespaces", "status", "", "n"]],
    ["GET", "/api/v1", ["get"]],
    ["GET", "/apis/apps/v1", ["get"]],
    ["GET", "/version", ["get"]],
    ["GET", "/", ["get"]],
  ] as const
) {
  Deno.test(`parseRequestInfo() reads ${method} ${path} as ${expected.join(" ")}`, () => {
    assert.deepEqual(parse(method, path), expected);
  });
}
