import assert from "node:assert/strict";

import { ReloadingTls, TlsMaterial } from "../../lib/kube/mod.ts";
import { FakeClock, settle } from "../support/fake_clock.ts";
import { rejection } from "./_support.ts";

/** Certificates that the test replaces. */
class Scene {
  readonly clock = new FakeClock();
  content: string | undefined = "one";
  reads = 0;
  readonly initial = new TlsMaterial({ caCerts: ["one"] });
  readonly tls = new ReloadingTls({
    initial: this.initial,
    clock: this.clock,
    owner: "a test",
    load: async () => {
      this.reads++;
      await settle();
      if (this.content === undefined) throw new Error("gone");
      return new TlsMaterial({ caCerts: [this.content] });
    },
  });
}

Deno.test("ReloadingTls reads its files every five minutes, and hands out the same material while they are the same", async () => {
  const s = new Scene();
  await s.clock.advance(299_999);
  assert.equal(await s.tls.current(), s.initial);
  assert.equal(s.reads, 0);
  await s.clock.advance(1);
  assert.equal(await s.tls.current(), s.initial);
  assert.equal(s.reads, 1);
  s.content = "two";
  assert.equal(await s.tls.current(), s.initial);
  await s.clock.advance(300_000);
  const [first, second] = await Promise.all([s.tls.current(), s.tls.current()]);
  assert.ok(first?.equals(new TlsMaterial({ caCerts: ["two"] })));
  assert.equal(second, first);
  assert.equal(s.reads, 2);
});

Deno.test("ReloadingTls keeps the old material while its files cannot be used, and looks again soon", async () => {
  const s = new Scene();
  s.content = undefined;
  await s.clock.advance(300_000);
  assert.equal(await s.tls.current(), s.initial);
  s.content = "two";
  assert.equal(await s.tls.current(), s.initial);
  await s.clock.advance(10_000);
  assert.notEqual(await s.tls.current(), s.initial);
});

Deno.test("ReloadingTls reads its files after a failure, but not with each one", async () => {
  const s = new Scene();
  s.content = "two";
  await s.clock.advance(9_999);
  s.tls.rejected(s.initial);
  assert.equal(await s.tls.current(), s.initial);
  await s.clock.advance(1);
  const material = await s.tls.current();
  assert.notEqual(material, s.initial);
  s.tls.rejected(s.initial);
  await s.clock.advance(10_000);
  await s.tls.current();
  assert.equal(s.reads, 1, "the failure was that of older material");
  s.tls.rejected(material);
  await s.tls.current();
  assert.equal(s.reads, 2);
});

Deno.test("ReloadingTls lets a request that is aborted go", async () => {
  const s = new Scene();
  await s.clock.advance(300_000);
  const stop = new AbortController();
  const failed = rejection(s.tls.current(stop.signal), Error);
  stop.abort(new Error("enough"));
  assert.equal((await failed).message, "enough");
  await settle();
});
