import assert from "node:assert/strict";

import { EventRecorder, type FetchLike, KubeClient, type KubeObject } from "../../lib/kube/mod.ts";
import { FakeClock, settle } from "../support/fake_clock.ts";
import { captureLogs } from "../support/logs.ts";
import { failure } from "../support/scripted_server.ts";
import { connectionTo, exchange, thing } from "./_support.ts";

interface StoredEvent {
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly note: string;
  readonly reason: string;
  series?: { readonly count: number; readonly lastObservedTime: string };
}

/** A recorder in virtual time and the events that its API server has. */
class Scene implements AsyncDisposable {
  readonly clock = new FakeClock();
  readonly events = new Map<string, StoredEvent>();
  /** Answers of the next requests in place of the right ones; an Error is a lost connection. */
  readonly faults: (Response | Error)[] = [];
  writes = 0;
  readonly recorder: EventRecorder;
  readonly #stop = new AbortController();
  readonly #done: Promise<void>;

  constructor({ start = true } = {}) {
    const { clock } = this;
    const fetch: FetchLike = (url, init) => this.#serve(new URL(url).pathname, init);
    const client = new KubeClient(connectionTo("http://127.0.0.1"), { fetch, clock });
    const random = (): number => 0.5;
    const names = { component: "bitcoin-controller", instance: "pod-0" };
    this.recorder = new EventRecorder({ client, clock, random, ...names });
    this.#done = start ? this.recorder.run(this.#stop.signal) : Promise.resolve();
  }

  get list(): StoredEvent[] {
    return [...this.events.values()];
  }

  /** Records an event of a thing. */
  note(name: string, note = "made it", reason = "Created"): void {
    this.noteOf(thing(name, "1"), note, reason);
  }

  noteOf(object: KubeObject, note = "made it", reason = "Created"): void {
    this.recorder.event(object, { type: "Normal", reason, action: "Create", note });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#done;
    assert.equal(this.clock.sleeping, 0);
  }

  #serve(path: string, init: RequestInit): Promise<Response> {
    this.writes++;
    const fault = this.faults.shift();
    if (fault instanceof Error) return Promise.reject(fault);
    if (fault) return Promise.resolve(fault);
    const body = JSON.parse(String(init.body));
    if (init.method === "POST") {
      this.events.set(`${path}/${body.metadata.name}`, body);
      return Promise.resolve(Response.json(body, { status: 201 }));
    }
    const event = this.events.get(path);
    if (!event) return Promise.resolve(failure(404, "NotFound"));
    event.series = body.series;
    return Promise.resolve(Response.json(event));
  }
}

// What is written

Deno.test("event() is written as a real server accepts it", async () => {
  await using s = new Scene();
  s.recorder.event(
    { ...thing("a", "7"), metadata: { name: "a", namespace: "fixtures", uid: "u" } },
    { type: "Normal", reason: "CreatedService", action: "Create", note: "made it" },
  );
  await s.recorder.flush();
  const [event] = s.list;
  const { request } = exchange("Event: create (events.k8s.io/v1)");
  assert.ok(event);
  assert.match(event.metadata.name, /^a\.[0-9a-f]{16}$/);
  assert.deepEqual(event, {
    ...Object(request.body),
    apiVersion: "events.k8s.io/v1",
    kind: "Event",
    metadata: { name: event.metadata.name, namespace: "fixtures" },
    reportingInstance: "pod-0",
    regarding: {
      apiVersion: "example.com/v1",
      kind: "Thing",
      namespace: "fixtures",
      name: "a",
      uid: "u",
    },
  });
  const [path] = s.events.keys();
  assert.ok(path?.startsWith("/apis/events.k8s.io/v1/namespaces/fixtures/events/"));
});

Deno.test("event() names a second object, and puts a cluster-scoped one into 'default'", async () => {
  await using s = new Scene();
  const node = { apiVersion: "v1", kind: "Node", metadata: { name: "n", uid: "u" } };
  s.recorder.event(node, {
    type: "Warning",
    reason: "R",
    action: "A",
    note: "x",
    related: { kind: "Pod", metadata: { name: "p", namespace: "ns" } },
  });
  await s.recorder.flush();
  const [event] = s.list;
  assert.equal(event?.metadata.namespace, "default");
  assert.deepEqual(Object(event).related, { kind: "Pod", name: "p", namespace: "ns" });
});

Deno.test("event() cuts a note that is too long, between characters", async () => {
  await using s = new Scene();
  s.note("a", "😀".repeat(300));
  await s.recorder.flush();
  const note = s.list[0]?.note ?? "";
  assert.equal(note, `${"😀".repeat(255)}…`);
  assert.ok(new TextEncoder().encode(note).length <= 1024);
});

// Repetitions

Deno.test("event() raises the count of an event that repeats, whatever its note", async () => {
  await using s = new Scene();
  for (const note of ["one", "two", "three"]) {
    s.note("a", note);
    await s.recorder.flush();
    await s.clock.advance(60_000);
  }
  assert.deepEqual(s.list.map(({ note, series }) => ({ note, series })), [
    { note: "one", series: { count: 3, lastObservedTime: "2026-01-01T00:02:00.000000Z" } },
  ]);
});

Deno.test("event() begins anew after six minutes of silence, for another object or reason", async () => {
  await using s = new Scene();
  s.note("a");
  await s.clock.advance(360_000);
  s.note("a");
  s.note("b");
  s.note("a", "x", "Other");
  await s.recorder.flush();
  assert.equal(s.events.size, 4);
  assert.deepEqual(s.list.map((event) => event.series), Array(4).fill(undefined));
});

Deno.test("event() writes repetitions that wait together as one", async () => {
  await using s = new Scene({ start: false });
  for (let i = 0; i < 100; i++) s.note("a");
  const stop = new AbortController();
  const done = s.recorder.run(stop.signal);
  await s.recorder.flush();
  assert.deepEqual([s.writes, s.list[0]?.series?.count], [2, 100]);
  stop.abort();
  await done;
});

Deno.test("event() makes a new Event when the one it would count up is gone", async () => {
  await using s = new Scene();
  s.note("a");
  await s.recorder.flush();
  s.events.clear();
  s.note("a");
  await s.recorder.flush();
  assert.deepEqual(s.list.map((event) => event.series?.count), [2]);
});

// Limits

Deno.test("event() allows an object 25 writes for a reason at once and one more every five minutes, and counts the rest", async () => {
  await using s = new Scene();
  for (let i = 0; i < 30; i++) {
    s.note("a");
    await s.recorder.flush();
  }
  assert.deepEqual([s.writes, s.list[0]?.series?.count], [25, 25]);
  s.note("b");
  await s.recorder.flush();
  assert.equal(s.events.size, 2, "another object has its own budget");
  await s.clock.advance(300_000);
  s.note("a");
  s.note("a");
  await s.recorder.flush();
  assert.deepEqual([s.writes, s.list[0]?.series?.count], [27, 32]);
});

Deno.test("event() writes what happens once beside what happens all the time", async () => {
  await using s = new Scene();
  for (let i = 0; i < 100; i++) {
    s.note("a", "again", "Flapping");
    await s.recorder.flush();
  }
  s.note("a", "once", "Important");
  await s.recorder.flush();
  assert.deepEqual(s.list.map(({ reason }) => reason), ["Flapping", "Important"]);
});

Deno.test("event() drops what is beyond a thousand waiting events", async () => {
  await using s = new Scene({ start: false });
  for (let i = 0; i < 1100; i++) s.note(`a${i}`);
  const stop = new AbortController();
  const done = s.recorder.run(stop.signal);
  await s.recorder.flush();
  assert.equal(s.events.size, 1000);
  stop.abort();
  await done;
});

// Failures

Deno.test("event() is tried again while there is no answer, first soon and then every ten seconds", async () => {
  await using s = new Scene();
  s.faults.push(new TypeError("lost"), failure(500, "InternalError"), failure(429, "Busy"));
  s.note("a");
  await s.clock.advance(4_999);
  assert.equal(s.writes, 1);
  await s.clock.advance(1);
  assert.equal(s.writes, 2);
  await s.clock.advance(20_000);
  assert.deepEqual([s.writes, s.events.size], [4, 1]);
});

Deno.test("event() is given up after twelve tries, and the next one is written", async () => {
  await using s = new Scene();
  for (let i = 0; i < 12; i++) s.faults.push(new TypeError("lost"));
  s.note("a");
  s.note("b");
  await s.clock.advance(200_000);
  assert.deepEqual(s.list.map((event) => event.metadata.name.slice(0, 1)), ["b"]);
});

Deno.test("event() is given up at once when it is refused, and is written when it happens again", async () => {
  await using s = new Scene();
  s.faults.push(failure(403, "Forbidden"));
  s.note("a");
  await s.recorder.flush();
  assert.deepEqual([s.writes, s.events.size], [1, 0]);
  s.note("a");
  await s.recorder.flush();
  assert.equal(s.list[0]?.series?.count, 2);
});

Deno.test("event() is given up quietly when its namespace is going, and loudly for other reasons", async () => {
  await using logs = await captureLogs();
  await using s = new Scene();
  const details = { causes: [{ reason: "NamespaceTerminating" }] };
  s.faults.push(failure(403, "Forbidden", { details }), failure(403, "Forbidden"));
  s.note("a");
  s.note("b");
  await s.recorder.flush();
  assert.deepEqual(logs.lines.map((line) => line.level), ["debug", "warning"]);
});

Deno.test("event() is done when an earlier try got through without its answer", async () => {
  await using s = new Scene();
  s.faults.push(new TypeError("lost"), failure(409, "AlreadyExists"));
  s.note("a");
  await s.clock.advance(10_000);
  await s.recorder.flush();
  assert.equal(s.writes, 2);
});

Deno.test("event() never throws, even for an object without a name", async () => {
  await using s = new Scene();
  s.noteOf({ kind: "Thing" });
  s.note("a");
  await s.recorder.flush();
  assert.equal(s.events.size, 1);
});

// Start and end

Deno.test("flush() rejects with the signal's reason, and can be called again", async () => {
  await using s = new Scene({ start: false });
  s.note("a");
  const reason = new Error("enough");
  await assert.rejects(() => s.recorder.flush(AbortSignal.abort(reason)), reason);
  const stop = new AbortController();
  const done = s.recorder.run(stop.signal);
  await Promise.all([s.recorder.flush(), s.recorder.flush()]);
  assert.equal(s.events.size, 1);
  s.note("b");
  await s.recorder.flush();
  assert.equal(s.events.size, 2);
  stop.abort();
  await done;
});

Deno.test("run() ends at once when it is aborted between two tries", async () => {
  const s = new Scene();
  s.faults.push(new TypeError("lost"));
  s.note("a");
  await settle();
  assert.equal(s.clock.sleeping, 1);
  await s[Symbol.asyncDispose]();
});
