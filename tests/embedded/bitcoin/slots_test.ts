import assert from "node:assert/strict";
import { Slots } from "../../../lib/embedded/bitcoin/slots.ts";
import { settle } from "../../support/fake_clock.ts";

const never = new AbortController().signal;

Deno.test("Slots.tryAcquire() hands out as many places as there are, and each again once it is released", () => {
  const slots = new Slots(2);
  const first = slots.tryAcquire();
  assert.ok(first && slots.tryAcquire());
  assert.equal(slots.tryAcquire(), undefined);
  first.release();
  first.release();
  assert.ok(slots.tryAcquire());
  assert.equal(slots.tryAcquire(), undefined, "A place was released twice");
});

Deno.test("Slots.acquire() waits for a place", async () => {
  const slots = new Slots(1);
  const first = await slots.acquire(never);
  const taken: string[] = [];
  const second = slots.acquire(never).then((slot) => (taken.push("second"), slot));
  const third = slots.acquire(never).then((slot) => (taken.push("third"), slot));
  await settle();
  assert.deepEqual(taken, []);
  first.release();
  await settle();
  assert.deepEqual(taken, ["second"]);
  (await second).release();
  await third;
});

Deno.test("Slots.acquire() throws the signal's reason", async () => {
  const slots = new Slots(0);
  const stop = new AbortController();
  const reason = new Error("stop");
  const rejected = assert.rejects(slots.acquire(stop.signal), reason);
  stop.abort(reason);
  await rejected;
  await assert.rejects(slots.acquire(stop.signal), reason);
});
