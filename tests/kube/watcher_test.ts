import assert from "node:assert/strict";

import {
  ApiError,
  type Change,
  follow,
  type ObjectList,
  TransportError,
  type WatchEvent,
} from "../../lib/kube/mod.ts";
import { FakeClock, settle } from "../support/fake_clock.ts";
import { FakeSource } from "./_fake_source.ts";
import { type Thing, thing } from "./_support.ts";

function listed(resourceVersion: string, ...items: ObjectList<Thing>["items"]): ObjectList<Thing> {
  return { items, resourceVersion };
}

function added(name: string, resourceVersion: string): WatchEvent<Thing> {
  return { type: "ADDED", object: thing(name, resourceVersion) };
}

function deleted(name: string, resourceVersion: string): WatchEvent<Thing> {
  return { type: "DELETED", object: thing(name, resourceVersion) };
}

function apiError(status: number, reason: string, more = {}): ApiError {
  return new ApiError({ request: "WATCH '/x'", status, reason, serverMessage: "m", ...more });
}

const expired = apiError(410, "Expired");
const lost = new TransportError("lost");

/** A following in virtual time; `random` is zero, so that delays are 800 ms, 1600 ms and so on. */
class Scene implements AsyncDisposable {
  readonly clock = new FakeClock();
  readonly changes: Change<Thing>[] = [];
  readonly #stop = new AbortController();
  readonly #done: Promise<void>;

  constructor(readonly source: FakeSource) {
    this.#done = this.#follow();
  }

  async #follow(): Promise<void> {
    const { clock } = this;
    const options = { clock, random: () => 0, signal: this.#stop.signal };
    for await (const change of follow(this.source, options)) this.changes.push(change);
  }

  get types(): string[] {
    return this.changes.map((change) => change.type);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#done;
    assert.equal(this.source.open, 0, "no watch is left open");
    assert.equal(this.clock.sleeping, 0, "no timer is left");
  }
}

async function scene(...args: ConstructorParameters<typeof FakeSource>): Promise<Scene> {
  const started = new Scene(new FakeSource(...args));
  await settle();
  return started;
}

// The way it goes when all is well

Deno.test("follow() lists, then watches from the list's version on", async () => {
  const watch = { events: [added("b", "6"), deleted("a", "7")] };
  await using s = await scene([listed("5", thing("a", "3"))], [watch]);
  assert.deepEqual(s.source.calls, ["list", "watch 5"]);
  assert.deepEqual(s.changes, [
    { type: "replaced", objects: [thing("a", "3")] },
    { type: "applied", object: thing("b", "6") },
    { type: "deleted", object: thing("a", "7") },
  ]);
});

Deno.test("follow() goes on from the last version, a bookmark's or a deletion's, when a watch ends", async () => {
  const bookmark = { type: "BOOKMARK" as const, resourceVersion: "9" };
  await using s = await scene([listed("5")], [
    { events: [added("a", "7"), bookmark], end: "clean" },
    { events: [deleted("a", "11")], end: "clean" },
  ]);
  assert.deepEqual(s.source.calls, ["list", "watch 5", "watch 9", "watch 11"]);
  assert.deepEqual(s.types, ["replaced", "applied", "deleted"]);
});

Deno.test("follow() spreads the ends of watches over five to ten minutes", async () => {
  const source = new FakeSource([listed("1")]);
  const stop = new AbortController();
  const options = { clock: new FakeClock(), random: () => 0.5, signal: stop.signal };
  const changes = follow(source, options);
  await changes.next();
  const next = changes.next();
  await settle();
  assert.equal(source.watches[0]?.timeoutSeconds, 450);
  stop.abort();
  assert.equal((await next).done, true);
});

Deno.test("follow() closes the watch when the iteration is left", async () => {
  const clock = new FakeClock();
  const source = new FakeSource([listed("1")], [{ events: [added("a", "2")] }]);
  for await (const change of follow(source, { clock, signal: new AbortController().signal })) {
    if (change.type === "applied") break;
  }
  assert.equal(source.open, 0);
  assert.equal(clock.sleeping, 0);
});

// Lost threads

Deno.test("follow() lists again, after one backoff step, when a 410 comes as an event or as a status", async () => {
  await using s = await scene([listed("5"), listed("20")], [{ end: expired }]);
  assert.deepEqual(s.types, ["replaced", "failed"]);
  await s.clock.advance(799);
  assert.deepEqual(s.source.calls, ["list", "watch 5"]);
  await s.clock.advance(1);
  assert.deepEqual(s.source.calls, ["list", "watch 5", "list", "watch 20"]);
});

Deno.test("follow() lists again when its version is too large for the server", async () => {
  const details = { causes: [{ reason: "ResourceVersionTooLarge" }] };
  await using s = await scene([listed("5"), listed("3")], [
    { end: apiError(504, "Timeout", { details }) },
  ]);
  await s.clock.advance(800);
  assert.deepEqual(s.source.calls, ["list", "watch 5", "list", "watch 3"]);
});

for (const error of [apiError(500, "InternalError"), apiError(403, "Forbidden"), new Error("x")]) {
  Deno.test(`follow() lists again after '${error.message}'`, async () => {
    await using s = await scene([listed("5"), listed("6")], [{ end: error }]);
    await s.clock.advance(800);
    assert.deepEqual(s.source.calls, ["list", "watch 5", "list", "watch 6"]);
  });
}

for (const error of [lost, apiError(429, "TooManyRequests"), apiError(503, "Unavailable")]) {
  Deno.test(`follow() watches again from the same version after '${error.message}'`, async () => {
    await using s = await scene([listed("5")], [{ events: [added("a", "8")], end: error }]);
    assert.deepEqual(s.types, ["replaced", "applied", "failed"]);
    await s.clock.advance(800);
    assert.deepEqual(s.source.calls, ["list", "watch 5", "watch 8"]);
  });
}

Deno.test("follow() lists again when an event, a deletion or a bookmark goes back to an older version", async () => {
  const bookmark = { type: "BOOKMARK" as const, resourceVersion: "9" };
  for (const older of [added("b", "9"), deleted("b", "9"), bookmark]) {
    await using s = await scene([listed("5"), listed("11")], [
      { events: [added("a", "10"), older, added("c", "12")] },
    ]);
    assert.deepEqual(s.types, ["replaced", "applied", "failed"], "nothing comes of the older one");
    assert.equal(s.source.open, 0, "the watch is closed");
    await s.clock.advance(800);
    assert.deepEqual(s.source.calls, ["list", "watch 5", "list", "watch 11"]);
  }
});

Deno.test("follow() takes the same version twice, and versions that cannot be compared, as they come", async () => {
  const events = ["9", "9", "10", "b", "a", "0x1"].map((version) => added("a", version));
  await using s = await scene([listed("5")], [{ events }]);
  assert.deepEqual(s.types, ["replaced", ...events.map(() => "applied")]);
});

// Backoff

Deno.test("follow() tells that the kind is missing and lists until it is there", async () => {
  const missing = apiError(404, "NotFound");
  await using s = await scene([missing, missing, listed("1")]);
  assert.deepEqual(s.changes, [{ type: "failed", error: missing, retryMs: 800 }]);
  await s.clock.advance(800);
  assert.deepEqual(s.changes.at(-1), { type: "failed", error: missing, retryMs: 1600 });
  await s.clock.advance(1600);
  assert.deepEqual(s.types, ["failed", "failed", "replaced"]);
});

Deno.test("follow() waits longer with each failure, up to 30 s, although a watch worked in between", async () => {
  const watches = Array.from({ length: 8 }, (_, i) => ({
    events: [added("a", `${i + 10}`)],
    end: lost,
  }));
  await using s = await scene([listed("5")], watches);
  await s.clock.advance(300_000);
  const delays = s.changes.flatMap((change) => change.type === "failed" ? [change.retryMs] : []);
  assert.deepEqual(delays, [800, 1600, 3200, 6400, 12_800, 25_600, 30_000, 30_000]);
});

Deno.test("follow() waits as long as the server asks", async () => {
  const busy = apiError(429, "TooManyRequests", { retryAfterMs: 5000 });
  await using s = await scene([busy, listed("1")]);
  assert.deepEqual(s.changes, [{ type: "failed", error: busy, retryMs: 5000 }]);
  await s.clock.advance(5000);
  assert.deepEqual(s.types, ["failed", "replaced"]);
});

Deno.test("follow() backs off when a watch ends at once and brings nothing", async () => {
  await using s = await scene([listed("5")], [{ end: "clean" }, { end: "clean" }]);
  assert.deepEqual(s.source.calls, ["list", "watch 5"]);
  assert.deepEqual(s.types, ["replaced", "failed"]);
  await s.clock.advance(800);
  assert.deepEqual(s.source.calls, ["list", "watch 5", "watch 5"]);
  await s.clock.advance(1599);
  assert.equal(s.source.calls.length, 3);
});

Deno.test("follow() backs off when a watch brings only a bookmark or what is known, and ends at once", async () => {
  const bookmark = { type: "BOOKMARK" as const, resourceVersion: "6" };
  const nothing = { events: [bookmark], end: "clean" as const };
  const known = { events: [added("a", "6"), added("a", "6")], end: "clean" as const };
  await using s = await scene([listed("5")], [nothing, known]);
  assert.deepEqual(s.source.calls, ["list", "watch 5"]);
  await s.clock.advance(800);
  assert.deepEqual(s.source.calls, ["list", "watch 5", "watch 6"]);
  assert.deepEqual(s.types, ["replaced", "failed", "applied", "applied", "failed"]);
});

Deno.test("follow() waits a minute at most, whatever the server asks", async () => {
  const busy = apiError(429, "TooManyRequests", { retryAfterMs: 86_400_000 });
  await using s = await scene([busy, listed("1")]);
  assert.deepEqual(s.changes, [{ type: "failed", error: busy, retryMs: 60_000 }]);
});

// Dead connections

Deno.test("follow() lists again at once when a watch has been silent for two and a half minutes", async () => {
  await using s = await scene([listed("5"), listed("7")], [{ events: [added("a", "6")] }]);
  await s.clock.advance(149_999);
  assert.deepEqual(s.source.calls, ["list", "watch 5"]);
  await s.clock.advance(1);
  assert.deepEqual(s.source.calls, ["list", "watch 5", "list", "watch 7"]);
  assert.deepEqual(s.types, ["replaced", "applied", "replaced"], "silence is no failure");
});

Deno.test("follow() takes silence for death sooner when it is told to", async () => {
  const clock = new FakeClock();
  const source = new FakeSource([listed("5"), listed("7")]);
  const stop = new AbortController();
  const changes = follow(source, { clock, idleMs: 1000, signal: stop.signal });
  await changes.next();
  const next = changes.next();
  await clock.advance(1000);
  assert.equal((await next).value?.type, "replaced");
  stop.abort();
  await changes.next();
});

// The end

Deno.test("follow() ends when it is aborted in a wait, a list or a watch", async () => {
  for (const source of [[lost], [], [listed("1")]]) {
    await using s = await scene(source);
    assert.ok(s.source.calls.length > 0);
  }
});
