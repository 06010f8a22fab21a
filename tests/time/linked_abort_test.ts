/** Abort controllers with parents. */

import assert from "node:assert/strict";
import { linkedAbort } from "../../lib/time/mod.ts";

Deno.test("linkedAbort() is aborted with the reason of the first parent that is aborted", () => {
  const [a, b] = [new AbortController(), new AbortController()];
  using linked = linkedAbort(a.signal, undefined, b.signal);
  assert.equal(linked.signal.aborted, false);
  const reason = new Error("b stops");
  b.abort(reason);
  a.abort(new Error("a stops"));
  assert.equal(linked.signal.reason, reason);
});

Deno.test("linkedAbort() is aborted from the start when a parent already is, the first of them", () => {
  const reasons = [new Error("first"), new Error("second")];
  using linked = linkedAbort(...reasons.map((reason) => AbortSignal.abort(reason)));
  assert.equal(linked.signal.reason, reasons[0]);
});

Deno.test("linkedAbort() is aborted by its own abort(), which leaves the parents alone", () => {
  const parent = new AbortController();
  using linked = linkedAbort(parent.signal);
  const reason = new Error("own");
  linked.abort(reason);
  assert.equal(linked.signal.reason, reason);
  assert.equal(parent.signal.aborted, false);
});

Deno.test("linkedAbort() does not follow its parents any more when it is disposed of", () => {
  const parent = new AbortController();
  const linked = linkedAbort(parent.signal);
  linked[Symbol.dispose]();
  parent.abort();
  assert.equal(linked.signal.aborted, false);
});
