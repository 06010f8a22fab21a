import assert from "node:assert/strict";

import { TransportError, writesOnlyWhile } from "../../lib/kube/mod.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { captureLogs } from "../support/logs.ts";
import { failure, json } from "../support/scripted_server.ts";
import { clientOf, rejection } from "./_support.ts";

Deno.test("a client tells once that nothing answers, and once that something does again", async () => {
  await using logs = await captureLogs();
  const clock = new FakeClock();
  const answers: ("none" | "refusal" | "good")[] = [];
  const fetch = (): Promise<Response> => {
    switch (answers.shift()) {
      case "refusal":
        return Promise.resolve(failure(403, "Forbidden"));
      case "good":
        return Promise.resolve(json({}));
      default:
        return Promise.reject(new TypeError("connection refused"));
    }
  };
  const client = clientOf({ url: "http://api" }, { clock, fetch });
  const ask = async (answer: "none" | "refusal" | "good"): Promise<void> => {
    answers.push(answer);
    // A write, which is sent once.
    await client.request({ method: "POST", path: "/x" }).catch(() => {});
    await clock.advance(1000);
  };
  const told = (): unknown[] =>
    logs.lines.filter(({ level }) => level !== "debug").map(({ text }) => text);

  for (const answer of ["none", "good", "none", "none", "none"] as const) await ask(answer);
  assert.deepEqual(told(), [], "two seconds are a hiccup");
  for (const answer of ["none", "none", "none"] as const) await ask(answer);
  assert.deepEqual(told(), ["The API server does not answer"]);
  assert.ok(logs.lines.at(-1)?.properties.error instanceof TransportError);
  await ask("refusal");
  assert.deepEqual(told(), ["The API server does not answer", "The API server answers again"]);
  assert.equal(logs.lines.at(-1)?.properties.afterMs, 6000);
  await ask("good");
  assert.equal(told().length, 2);
});

Deno.test("a client tells nothing of requests that their caller gave up", async () => {
  await using logs = await captureLogs();
  const clock = new FakeClock();
  const fetch = (): Promise<Response> => Promise.reject(new DOMException("aborted", "AbortError"));
  const client = clientOf({ url: "http://api" }, { clock, fetch });
  for (let count = 0; count < 10; count++) {
    const signal = AbortSignal.abort(new Error("enough"));
    await rejection(client.request({ path: "/x", signal }), Error);
    await clock.advance(1000);
  }
  assert.deepEqual(logs.lines, []);
});

Deno.test("a client blames nobody for a write that it may not send", async () => {
  await using logs = await captureLogs();
  const clock = new FakeClock();
  const client = clientOf({ url: "http://api" }, {
    clock,
    beforeSend: writesOnlyWhile(() => false),
  });
  for (let count = 0; count < 10; count++) {
    await rejection(client.request({ method: "POST", path: "/x" }), TransportError);
    await clock.advance(1000);
  }
  assert.deepEqual(logs.lines, []);
});
