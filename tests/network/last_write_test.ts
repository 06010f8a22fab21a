/** The moment between a write and the informer's hearing of it. */

import assert from "node:assert/strict";
import type { Service } from "kubernetes-types/core/v1.d.ts";
import type { Stored } from "../../lib/kube/mod.ts";
import { LastWrite } from "../../lib/network/last_write.ts";
import { FakeClock } from "../support/fake_clock.ts";

function version(resourceVersion: string, generation?: number, uid = "u"): Stored<Service> {
  return {
    metadata: { name: "s", uid, resourceVersion, ...(generation && { generation }) },
  };
}

Deno.test("LastWrite.newest() is what was written until the informer has something else", () => {
  const write = new LastWrite<Service>(new FakeClock());
  const old = version("1");
  assert.equal(write.newest(old), old);
  const written = version("2");
  write.note(old, written);
  assert.equal(write.newest(version("1")), written);
  const heard = version("2");
  assert.equal(write.newest(heard), heard);
  const later = version("3");
  assert.equal(write.newest(later), later);
});

Deno.test("LastWrite.newest() does not bring back an object that was deleted", () => {
  const write = new LastWrite<Service>(new FakeClock());
  assert.equal(write.newest(undefined), undefined);
  write.note(version("1"), version("2"));
  assert.equal(write.newest(undefined), undefined);
});

Deno.test("LastWrite.newest() takes no status that was written between for what came after", () => {
  const write = new LastWrite<Service>(new FakeClock());
  const written = version("3", 2);
  write.note(version("1", 1), written);
  // Somebody wrote the status when the informer was late already.
  assert.equal(write.newest(version("2", 1)), written);
  const later = version("4", 2);
  assert.equal(write.newest(later), later);
  write.note(later, version("5", 3));
  const another = version("6", 1, "another");
  assert.equal(write.newest(another), another, "its generations begin anew");
});

Deno.test("LastWrite.newest() is what was made until the informer shows it, or for five seconds", async () => {
  const clock = new FakeClock();
  const write = new LastWrite<Service>(clock);
  const made = version("1");
  write.note(undefined, made);
  assert.equal(write.newest(undefined), made);
  await clock.advance(5_000);
  assert.equal(
    write.newest(undefined),
    undefined,
    "it was deleted, and the informer never showed it",
  );

  write.note(undefined, made);
  const heard = version("1");
  assert.equal(write.newest(heard), heard);
  assert.equal(write.newest(undefined), undefined, "it was deleted since");
});
