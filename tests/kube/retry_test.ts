import assert from "node:assert/strict";

import { retryDelayMs } from "../../lib/kube/_retry.ts";
import { ApiError, type Method, TransportError } from "../../lib/kube/mod.ts";

function refused(status: number, retryAfterMs?: number): ApiError {
  const init = { request: "GET '/x'", status, reason: "R", serverMessage: "m", retryAfterMs };
  return new ApiError(init);
}

const lost = new TransportError("lost");
const late = new TransportError("late", { timedOut: true });

const CASES: [string, Method, number, unknown, number | undefined][] = [
  ["waits for Retry-After of a 429", "POST", 1, refused(429, 3000), 3000],
  ["waits for Retry-After of a 503", "PATCH", 1, refused(503, 1000), 1000],
  ["waits at least its own delay", "GET", 6, refused(429, 0), 3200],
  ["gives up a 429 without Retry-After", "GET", 1, refused(429), undefined],
  ["gives up a 500 without Retry-After", "GET", 1, refused(500), undefined],
  ["gives up a 409 even with Retry-After", "PUT", 1, refused(409, 1000), undefined],
  ["gives up after ten attempts", "GET", 10, refused(429, 1000), undefined],
  ["gives up when the time left is too short", "GET", 1, refused(429, 30_000), undefined],
  ["sends a GET again after a lost connection", "GET", 1, lost, 1000],
  ["sends a GET a third time", "GET", 2, lost, 1000],
  ["sends no GET a fourth time", "GET", 3, lost, undefined],
  ["never repeats a POST that may have got through", "POST", 1, lost, undefined],
  ["never repeats a DELETE that may have got through", "DELETE", 1, lost, undefined],
  ["does not repeat after a deadline", "GET", 1, late, undefined],
  ["does not repeat after other errors", "GET", 1, new Error("x"), undefined],
];

for (const [name, method, attempt, error, expected] of CASES) {
  Deno.test(`retryDelayMs() ${name}`, () => {
    assert.equal(retryDelayMs({ method, attempt, leftMs: 30_000, error }), expected);
  });
}
