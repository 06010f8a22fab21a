import assert from "node:assert/strict";
import { Buffer } from "node:buffer";

import { readProtobufObject } from "../../../../lib/embedded/api/protobuf/objects.ts";

/** A field with bytes, a text or a message. */
function field(number: number, content: string | Uint8Array): Uint8Array {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  return Buffer.concat([varint((number << 3) | 2), varint(bytes.length), bytes]);
}

/** A field with a whole number. */
function number(field: number, value: number): Uint8Array {
  return Buffer.concat([varint(field << 3), varint(value)]);
}

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 0x7f; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 0x80);
  return Uint8Array.from([...bytes, rest]);
}

function message(...fields: Uint8Array[]): Uint8Array {
  return Buffer.concat(fields);
}

function body(apiVersion: string, kind: string, raw: Uint8Array): Uint8Array {
  return message(
    Uint8Array.from([0x6b, 0x38, 0x73, 0]),
    field(1, message(field(1, apiVersion), field(2, kind))),
    field(2, raw),
  );
}

Deno.test("readProtobufObject() reads texts, maps, bytes, flags and messages", () => {
  const metadata = message(
    field(1, "a"),
    field(8, message()),
    field(11, message(field(1, "app"), field(2, "ä"))),
    field(11, message(field(1, "empty"))),
    field(14, "x/y"),
    field(14, "z"),
  );
  const secret = message(
    field(1, metadata),
    field(2, message(field(1, "password"), field(2, Uint8Array.from([0, 255, 10])))),
    field(3, "Opaque"),
    number(5, 1),
  );
  assert.deepEqual(readProtobufObject(body("v1", "Secret", secret)), {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "a", labels: { app: "ä", empty: "" }, finalizers: ["x/y", "z"] },
    data: { password: "AP8K" },
    type: "Opaque",
    immutable: true,
  });
});

Deno.test("readProtobufObject() reads the ports of a service, whose target is a number or a name", () => {
  const port = (target: Uint8Array): Uint8Array =>
    field(1, message(field(2, "TCP"), number(3, 8080), field(4, target), number(5, 0)));
  const spec = message(
    port(message(number(1, 0), number(2, 300))),
    port(message(number(1, 1), field(3, "http"))),
  );
  assert.deepEqual(readProtobufObject(body("v1", "Service", field(2, spec)))?.spec, {
    ports: [{ protocol: "TCP", port: 8080, targetPort: 300 }, {
      protocol: "TCP",
      port: 8080,
      targetPort: "http",
    }],
  });
});

Deno.test("readProtobufObject() keeps a grace of zero, which is not the same as none", () => {
  assert.equal(
    readProtobufObject(body("v1", "DeleteOptions", number(1, 0)))?.gracePeriodSeconds,
    0,
  );
});

Deno.test("readProtobufObject() leaves kinds alone that it does not know", () => {
  assert.equal(readProtobufObject(body("v1", "Pod", message())), undefined);
});

for (
  const [what, bytes] of [
    ["another beginning", new TextEncoder().encode("{}")],
    ["an end in the middle of a field", Uint8Array.from([0x6b, 0x38, 0x73, 0, 0x0a, 0x09, 0x01])],
    ["a wire type that there is not", Uint8Array.from([0x6b, 0x38, 0x73, 0, 0x0f])],
  ] as const
) {
  Deno.test(`readProtobufObject() refuses ${what}`, () => {
    assert.throws(() => readProtobufObject(bytes), SyntaxError);
  });
}
