import assert from "node:assert/strict";

import type { ControllerRevision } from "kubernetes-types/apps/v1.d.ts";

import {
  chooseRevision,
  newRevision,
  surplusRevisions,
  templateOf,
} from "../../../lib/embedded/controllers/stateful_set_revision.ts";
import type { Stored } from "../../../lib/kube/mod.ts";
import { makePod, makeSet, ownerReference } from "./_objects.ts";

const setOf = (image: string): ReturnType<typeof makeSet> =>
  makeSet({
    template: {
      metadata: { labels: { app: "web" } },
      spec: { containers: [{ name: "c", image }] },
    },
  });

function stored(revision: ControllerRevision): Stored<ControllerRevision> {
  const name = revision.metadata?.name ?? "";
  const metadata = { ...revision.metadata, name, uid: `uid-${name}`, resourceVersion: "1" };
  return { ...revision, metadata };
}

const one = stored(newRevision(setOf("one"), 1, 0));
const two = stored(newRevision(setOf("two"), 2, 0));

Deno.test("newRevision() is named by the template alone, whatever the order of its keys", () => {
  const spec = { containers: [{ image: "one", name: "c" }] };
  const turned = makeSet({ template: { spec, metadata: { labels: { app: "web" } } } });
  assert.equal(newRevision(turned, 9, 0).metadata?.name, one.metadata.name);
  assert.match(one.metadata.name, /^web-[bcdfghjklmnpqrstvwxz2456789]{5,10}$/);
  assert.notEqual(two.metadata.name, one.metadata.name);
  assert.notEqual(newRevision(setOf("one"), 1, 1).metadata?.name, one.metadata.name);
});

Deno.test("newRevision() carries what kubectl rollout reads: labels, owner, a replacing patch", () => {
  const { metadata, data, revision } = newRevision(setOf("one"), 3, 0);
  assert.equal(revision, 3);
  assert.equal(metadata?.labels?.["app"], "web");
  assert.equal(`web-${metadata?.labels?.["controller.kubernetes.io/hash"]}`, metadata?.name);
  assert.deepEqual(metadata?.ownerReferences, [ownerReference("uid-web")]);
  assert.deepEqual(data, {
    spec: { template: { ...setOf("one").spec?.template, $patch: "replace" } },
  });
});

Deno.test("templateOf() returns the template that newRevision() kept", () => {
  assert.deepEqual(templateOf(one), setOf("one").spec?.template);
});

Deno.test("templateOf() refuses a revision of another controller's form", () => {
  assert.throws(() => templateOf({ ...one, data: {} }), {
    name: "TypeError",
    message: `Cannot read revision '${one.metadata.name}': it holds no pod template`,
  });
});

Deno.test("chooseRevision() creates number 1 for a new set", () => {
  const choice = chooseRevision(setOf("one"), [], 0);
  assert.equal(choice.type, "create");
  assert.equal(choice.revision.revision, 1);
});

Deno.test("chooseRevision() keeps the newest revision while the template stays", () => {
  assert.deepEqual(chooseRevision(setOf("two"), [two, one], 0), { type: "keep", revision: two });
});

Deno.test("chooseRevision() gives an old revision the next number when its template is back", () => {
  assert.deepEqual(chooseRevision(setOf("one"), [one, two], 0), {
    type: "renumber",
    revision: one,
    number: 3,
  });
});

Deno.test("chooseRevision() creates the next number for a new template", () => {
  const choice = chooseRevision(setOf("three"), [one, two], 0);
  assert.equal(choice.type, "create");
  assert.equal(choice.revision.revision, 3);
});

Deno.test("surplusRevisions() is what neither the set nor a pod needs, oldest first, beyond the limit", () => {
  const history = [1, 2, 3, 4, 5].map((number) =>
    stored(newRevision(setOf(`image-${number}`), number, 0))
  );
  const names = history.map(({ metadata }) => metadata.name);
  const pods = [makePod(0, "ready", { revision: names[1] ?? "" })];
  const surplus = (revisionHistoryLimit: number): string[] =>
    surplusRevisions(makeSet({ revisionHistoryLimit }), history.toReversed(), pods, [
      names[4] ?? "",
    ])
      .map(({ metadata }) => metadata.name);
  assert.deepEqual(surplus(3), []);
  assert.deepEqual(surplus(1), [names[0], names[2]]);
  assert.deepEqual(surplus(0), [names[0], names[2], names[3]]);
});
