import assert from "node:assert/strict";

import type { Change } from "../../../../lib/embedded/api/storage/change.ts";
import { ExpiredRevisionError, History } from "../../../../lib/embedded/api/storage/history.ts";

function change(revision: number, key = "a"): Change {
  const latest = { metadata: { name: key, resourceVersion: String(revision) } };
  return { revision, key, object: latest, latest };
}

function revisions(changes: readonly Change[]): number[] {
  return changes.map(({ revision }) => revision);
}

Deno.test("History.since() returns the changes after a revision, whether or not it has one of its own", () => {
  const history = new History(10, 5);
  for (const revision of [7, 9, 12]) history.add(change(revision));

  assert.deepEqual(revisions(history.since(5)), [7, 9, 12]);
  assert.deepEqual(revisions(history.since(7)), [9, 12]);
  assert.deepEqual(revisions(history.since(10)), [12]);
  assert.deepEqual(revisions(history.since(99)), []);
});

Deno.test("History.since() refuses a revision from before it began", () => {
  const history = new History(10, 5);
  assert.throws(() => history.since(4), ExpiredRevisionError);
});

Deno.test("History.add() keeps at least as many changes as its limit, and knows how far it reaches back", () => {
  const history = new History(3, 0);
  for (let revision = 1; revision <= 100; revision++) history.add(change(revision));

  assert.ok(history.oldest <= 97, `${history.oldest}`);
  assert.ok(history.oldest >= 94, `${history.oldest}`);
  assert.equal(history.since(history.oldest).length, 100 - history.oldest);
  assert.throws(() => history.since(history.oldest - 1), {
    message: `Cannot go back to revision ${
      history.oldest - 1
    }: the history begins at ${history.oldest}`,
  });
});

Deno.test("History.undo() says what each changed object was, not what it was in between", () => {
  const history = new History(10, 0);
  const first = { metadata: { name: "a", resourceVersion: "1" } };
  const second = { metadata: { name: "a", resourceVersion: "2" } };
  history.add({ revision: 1, key: "a", object: first, latest: first });
  history.add({ revision: 2, key: "a", object: second, previous: first, latest: second });
  history.add({ revision: 3, key: "a", previous: second, latest: second });
  history.add({ revision: 4, key: "b", object: first, latest: first });

  assert.deepEqual([...history.undo(1)], [["a", first], ["b", undefined]]);
  assert.deepEqual([...history.undo(0)], [["a", undefined], ["b", undefined]]);
  assert.deepEqual([...history.undo(4)], []);
});

Deno.test("History.forget() leaves nothing to resume from", () => {
  const history = new History(10, 0);
  history.add(change(1));
  history.forget(7);

  assert.deepEqual(history.since(7), []);
  assert.throws(() => history.since(6), ExpiredRevisionError);
});
