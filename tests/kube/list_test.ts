import assert from "node:assert/strict";

import { ApiError, PODS, TransportError } from "../../lib/kube/mod.ts";
import { failure, json, ScriptedServer } from "../support/scripted_server.ts";
import { answerOf, clientOf, rejection, thing, thingList, THINGS } from "./_support.ts";

const PATH = "GET /apis/example.com/v1/namespaces/ns/things";

Deno.test("list() joins all pages and sends no resource version with a continue token", async () => {
  await using server = new ScriptedServer().answer(
    json(thingList("9", [thing("a", "1")], { continue: "t1" })),
    json(thingList("9", [thing("b", "2")], { continue: "t2" })),
    json(thingList("9", [thing("c", "3")], { continue: "" })),
  );
  const things = clientOf(server).resource(THINGS, "ns");
  const list = await things.list({ resourceVersion: "5", labelSelector: "x=y" });
  assert.deepEqual(list.items.map((item) => item.metadata.name), ["a", "b", "c"]);
  assert.equal(list.resourceVersion, "9");
  assert.deepEqual(server.asked, [
    `${PATH}?labelSelector=x=y&limit=500&resourceVersion=5`,
    `${PATH}?labelSelector=x=y&limit=500&continue=t1`,
    `${PATH}?labelSelector=x=y&limit=500&continue=t2`,
  ]);
});

Deno.test("list() reads the pages of a real server", async () => {
  await using server = new ScriptedServer().answer(
    answerOf("list, page 1"),
    answerOf("list, page 2"),
  );
  const list = await clientOf(server).resource(THINGS, "ns").list({ limit: 1 });
  assert.deepEqual(list.items.map((item) => item.metadata.name), ["a", "b"]);
  assert.equal(list.resourceVersion, "280");
});

Deno.test("list() keeps of each object what it is told to, as soon as its page is in", async () => {
  const kept: string[] = [];
  await using server = new ScriptedServer().answer(
    json(thingList("9", [thing("a", "1")], { continue: "t1" })),
    () => {
      kept.push(`page 2 after ${kept.length}`);
      return json(thingList("9", [thing("b", "2")]));
    },
  );
  const { items } = await clientOf(server).resource(THINGS, "ns").list({
    keep: ({ spec: _spec, ...object }) => {
      kept.push(object.metadata.name);
      return object;
    },
  });
  assert.deepEqual(kept, ["a", "page 2 after 1", "b"]);
  assert.ok(items.every((item) => !("spec" in item) && item.kind === "Thing"));
});

Deno.test("list() starts again without a limit when the token expires on page 2", async () => {
  await using server = new ScriptedServer().answer(
    json(thingList("9", [thing("a", "1")], { continue: "t1" })),
    failure(410, "Expired"),
    json(thingList("12", [thing("b", "2"), thing("c", "3")])),
  );
  const list = await clientOf(server).resource(THINGS, "ns").list();
  assert.deepEqual(list.items.map((item) => item.metadata.name), ["b", "c"]);
  assert.equal(list.resourceVersion, "12");
  assert.deepEqual(server.asked.at(-1), PATH);
});

Deno.test("list() leaves a 410 on page 1 to the caller", async () => {
  await using server = new ScriptedServer().answer(failure(410, "Expired"));
  const error = await rejection(clientOf(server).resource(THINGS, "ns").list(), ApiError);
  assert.equal(error.isExpired, true);
});

Deno.test("list() across all namespaces asks for the kind as a whole", async () => {
  await using server = new ScriptedServer().answer(json(thingList("1", [])));
  await clientOf(server).resource(THINGS).list();
  assert.equal(server.requests[0]?.path, "/apis/example.com/v1/things");
});

Deno.test("list() fills in the kind, which lists of built-in kinds leave out", async () => {
  const items = [{ metadata: { name: "p", namespace: "ns", uid: "u", resourceVersion: "1" } }];
  await using server = new ScriptedServer().answer(
    json({ kind: "PodList", apiVersion: "v1", metadata: { resourceVersion: "2" }, items }),
  );
  const [pod] = (await clientOf(server).resource(PODS, "ns").list()).items;
  assert.deepEqual([pod?.apiVersion, pod?.kind], ["v1", "Pod"]);
});

Deno.test("list() accepts a list whose items are null", async () => {
  await using server = new ScriptedServer().answer(
    json({ kind: "PodList", metadata: { resourceVersion: "2" }, items: null }),
  );
  assert.deepEqual((await clientOf(server).resource(PODS, "ns").list()).items, []);
});

const pod = { metadata: { name: "p", namespace: "ns", uid: "u", resourceVersion: "1" } };
const { metadata: { uid: _, ...withoutUid } } = pod;
const NO_LISTS: readonly [answer: unknown, why: string][] = [
  [null, "the answer is not a list of them"],
  [[1], "the answer is not a list of them"],
  [{}, "the answer is not a list of them"],
  // An object of the API that is no list would look like an empty one, and empty the store.
  [{ kind: "Secret", metadata: { resourceVersion: "1" } }, "the answer is not a list of them"],
  [{ kind: "Status", metadata: {}, status: "Success" }, "the answer is not a list of them"],
  [{ kind: "PodList", metadata: {}, items: [] }, "the answer has no resource version"],
  ["a page", "the answer is text: a page"],
  ...[{}, "x", 1].map((items): [unknown, string] => [
    { kind: "PodList", metadata: { resourceVersion: "2" }, items },
    "the answer is not a list of them",
  ]),
  ...[[pod, {}], [pod, null], [1], [{ metadata: withoutUid }]].map((items): [unknown, string] => [
    { kind: "PodList", metadata: { resourceVersion: "2" }, items },
    "an item has no name, UID or resource version",
  ]),
];

for (const [body, why] of NO_LISTS) {
  Deno.test(`list() throws a TransportError for the answer ${JSON.stringify(body)}`, async () => {
    await using server = new ScriptedServer().answer(json(body));
    const error = await rejection(clientOf(server).resource(PODS, "ns").list(), TransportError);
    assert.equal(error.message, `Cannot list pods: ${why}`);
  });
}

Deno.test("list() shows the page of HTML that came in place of a list", async () => {
  const page = "<!DOCTYPE html>\n<html><body>Please log in</body></html>";
  const headers = { "content-type": "text/html" };
  await using server = new ScriptedServer().answer(new Response(page, { headers }));
  const error = await rejection(clientOf(server).resource(PODS, "ns").list(), TransportError);
  assert.match(error.message, /^Cannot list pods: the answer is text: <!DOCTYPE html> <html>/);
});
