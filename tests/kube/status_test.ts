import assert from "node:assert/strict";

import { errorOfResponse, errorOfStatus } from "../../lib/kube/_status.ts";
import type { ApiError } from "../../lib/kube/mod.ts";
import { answerOf, exchange } from "./_support.ts";

function errorOf(body: BodyInit | null, status: number, headers = {}): Promise<ApiError> {
  return errorOfResponse(new Response(body, { status, headers }), "GET '/x'");
}

type Predicate =
  | "isNotFound"
  | "isAlreadyExists"
  | "isConflict"
  | "isExpired"
  | "isResourceVersionTooLarge"
  | "isUnauthorized"
  | "isForbidden"
  | "isInvalid"
  | "isTooManyRequests"
  | "isNamespaceTerminating";

const PREDICATES: Predicate[] = [
  "isNotFound",
  "isAlreadyExists",
  "isConflict",
  "isExpired",
  "isResourceVersionTooLarge",
  "isUnauthorized",
  "isForbidden",
  "isInvalid",
  "isTooManyRequests",
  "isNamespaceTerminating",
];

const REAL: [string, Predicate[], string][] = [
  ["get, missing", ["isNotFound"], "NotFound"],
  ["unknown path", ["isNotFound"], "NotFound"],
  ["create, already exists", ["isAlreadyExists"], "AlreadyExists"],
  ["create, schema violation", ["isInvalid"], "Invalid"],
  ["create, unsupported media type", [], "UnsupportedMediaType"],
  ["update with a stale resourceVersion", ["isConflict"], "Conflict"],
  ["server-side apply: conflict", ["isConflict"], "Conflict"],
  ["delete with a UID precondition that does not hold", ["isConflict"], "Conflict"],
  ["list, resourceVersion in the future", ["isResourceVersionTooLarge"], "Timeout"],
  ["watch, resourceVersion that is no number", [], "InternalError"],
  ["not authenticated", ["isUnauthorized"], "Unauthorized"],
  ["anonymous", ["isForbidden"], "Forbidden"],
];

for (const [name, expected, reason] of REAL) {
  Deno.test(`errorOfResponse() reads what a real server answered to '${name}'`, async () => {
    const error = await errorOfResponse(answerOf(name), "GET '/x'");
    assert.deepEqual(PREDICATES.filter((predicate) => error[predicate]), expected);
    assert.equal(error.reason, reason);
    assert.equal(error.status, exchange(name).response.status);
  });
}

Deno.test("errorOfResponse() reads the causes of a Status and the server's wish to wait", async () => {
  const error = await errorOfResponse(answerOf("list, resourceVersion in the future"), "GET '/x'");
  assert.equal(error.retryAfterMs, 1000);
  assert.equal(error.details?.causes?.[0]?.reason, "ResourceVersionTooLarge");
});

Deno.test("errorOfResponse() uses the text of a body that is no Status", async () => {
  const error = await errorOf("Too many requests, please try again later.\n", 429, {
    "retry-after": "1",
    "x-kubernetes-pf-flowschema-uid": "flow",
  });
  assert.equal(
    error.message,
    "Cannot GET '/x': Too many requests, please try again later. (429 TooManyRequests)",
  );
  assert.equal(error.retryAfterMs, 1000);
  assert.equal(error.flowSchema, "flow");
});

Deno.test("errorOfResponse() says so when the body is empty", async () => {
  const error = await errorOf(null, 503);
  assert.equal(error.message, "Cannot GET '/x': the answer is empty (503 ServiceUnavailable)");
});

Deno.test("errorOfResponse() cuts a long page of HTML at 2 kB", async () => {
  const error = await errorOf(`<html>${"x".repeat(100_000)}`, 502);
  assert.equal(error.reason, "Unknown");
  assert.equal(error.serverMessage.length, 2049);
  assert.ok(error.serverMessage.endsWith("x…"));
});

Deno.test("errorOfResponse() stops reading a body that has no end, and hangs up", async () => {
  const cancelled = Promise.withResolvers<void>();
  const endless = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(new Uint8Array(64 * 1024).fill(0x78)),
    cancel: () => cancelled.resolve(),
  });
  assert.equal((await errorOf(endless, 500)).status, 500);
  await cancelled.promise;
});

Deno.test("errorOfResponse() keeps the status when the body breaks off", async () => {
  const broken = new ReadableStream<Uint8Array>({
    start: (controller) => controller.error(new TypeError("broken")),
  });
  assert.equal((await errorOf(broken, 409)).isConflict, true);
});

for (const body of ["{", "{}", "[]", "null", '{"kind":"Pod"}', '"text"']) {
  Deno.test(`errorOfResponse() copes with the body ${body}`, async () => {
    const error = await errorOf(body, 404);
    assert.equal(error.isNotFound, true);
    assert.equal(error.serverMessage, body);
  });
}

Deno.test("errorOfResponse() ignores a Retry-After that is a date", async () => {
  const error = await errorOf("", 429, { "retry-after": "Wed, 21 Oct 2026 07:28:00 GMT" });
  assert.equal(error.retryAfterMs, undefined);
});

Deno.test("errorOfStatus() reads an expired version, and a Status without anything", () => {
  const expired = errorOfStatus({ code: 410, reason: "Expired", message: "too old" }, "WATCH '/x'");
  assert.equal(expired.isExpired, true);
  assert.equal(expired.message, "Cannot WATCH '/x': too old (410 Expired)");
  const empty = errorOfStatus({}, "WATCH '/x'");
  assert.equal(empty.status, 500);
  assert.equal(empty.reason, "InternalError");
});

Deno.test("errorOfStatus() reads how long the server asks to wait", () => {
  const busy = errorOfStatus({ code: 429, details: { retryAfterSeconds: 5 } }, "WATCH '/x'");
  assert.equal(busy.retryAfterMs, 5000);
  assert.equal(busy.isTooManyRequests, true);
});

Deno.test("isNamespaceTerminating is true for the cause of that name", () => {
  const status = {
    code: 403,
    reason: "Forbidden",
    details: { causes: [{ reason: "NamespaceTerminating" }] },
  };
  assert.equal(errorOfStatus(status, "POST '/x'").isNamespaceTerminating, true);
});
