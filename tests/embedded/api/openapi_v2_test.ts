/** The empty document at `/openapi/v2`. */

import assert from "node:assert/strict";

import { openApiV2 } from "../../../lib/embedded/api/discovery/openapi_v2.ts";
import { readFields } from "../../../lib/embedded/api/protobuf/wire.ts";

Deno.test("openApiV2() is JSON, or a protocol buffer for who accepts that first", () => {
  const info = { title: "Kubernetes", version: "v1" };
  assert.deepEqual(openApiV2(null, "v1"), {
    body: { swagger: "2.0", info, paths: {}, definitions: {} },
    contentType: "application/json",
  });
  for (const separator of [".", "@"]) {
    const accept = `application/com.github.proto-openapi.spec.v2${separator}v1.0+protobuf`;
    const { body } = openApiV2(accept, "v1");
    assert.equal(typeof body, "string");
    const decoder = new TextDecoder();
    const [swagger, document] = readFields(new TextEncoder().encode(String(body)));
    assert.ok(swagger?.value instanceof Uint8Array && document?.value instanceof Uint8Array);
    assert.equal(decoder.decode(swagger.value), "2.0");
    const parts = readFields(document.value).map(({ number, value }) => [
      number,
      value instanceof Uint8Array && decoder.decode(value),
    ]);
    assert.deepEqual(parts, [[1, "Kubernetes"], [2, "v1"]]);
  }
});
