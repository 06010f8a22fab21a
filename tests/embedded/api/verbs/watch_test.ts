import assert from "node:assert/strict";

import { eventually } from "../../../support/eventually.ts";
import { CONFIG_MAPS, startApi } from "../_client.ts";

Deno.test("watch without a revision begins with what there is", async () => {
  await using api = await startApi();
  await api.configMap("a");
  await using watch = await api.watch(`${CONFIG_MAPS}?watch=1`);
  await api.configMap("b");
  assert.deepEqual(await watch.names(2), ["ADDED a", "ADDED b"]);
});

Deno.test("watch from a revision sends every change after it, each with the whole object", async () => {
  await using api = await startApi();
  const { metadata } = await api.configMap("a");
  await api.configMap("b");
  await using watch = await api.watch(
    `${CONFIG_MAPS}?watch=true&resourceVersion=${metadata.resourceVersion}`,
  );
  await api.ok("PATCH", `${CONFIG_MAPS}/a`, { data: { x: "y" } });
  await api.ok("DELETE", `${CONFIG_MAPS}/a`);

  assert.deepEqual(await watch.names(1), ["ADDED b"]);
  const modified = await watch.next();
  assert.deepEqual([modified.type, modified.object.kind, modified.object.data], [
    "MODIFIED",
    "ConfigMap",
    { x: "y" },
  ]);
  const deleted = await watch.next();
  assert.deepEqual([deleted.type, deleted.object.data], ["DELETED", { x: "y" }]);
  assert.equal(deleted.object.metadata.resourceVersion, String(api.server.revision));
});

Deno.test("watch sees an object that leaves its selection as DELETED and one that enters it as ADDED", async () => {
  await using api = await startApi();
  await using watch = await api.watch(`${CONFIG_MAPS}?watch=1&labelSelector=app%3Dx`);
  await api.configMap("a", { labels: { app: "y" } });
  await api.ok("PATCH", `${CONFIG_MAPS}/a`, { metadata: { labels: { app: "x" } } });
  await api.ok("PATCH", `${CONFIG_MAPS}/a`, { data: { n: "1" } });
  await api.ok("PATCH", `${CONFIG_MAPS}/a`, {
    metadata: { labels: { app: "z" } },
    data: { n: "2" },
  });
  await api.ok("DELETE", `${CONFIG_MAPS}/a`);
  await api.configMap("b", { labels: { app: "x" } });

  assert.deepEqual(await watch.names(2), ["ADDED a", "MODIFIED a"]);
  const left = await watch.next();
  // As it was when it was last seen, with the revision of the change that took it away.
  assert.deepEqual([left.type, left.object.metadata.labels.app, left.object.data.n], [
    "DELETED",
    "x",
    "1",
  ]);
  assert.equal(left.object.metadata.resourceVersion, String(api.server.revision - 2));
  assert.deepEqual(await watch.names(1), ["ADDED b"]);
});

Deno.test("watch is kept to its namespace, its name and its field selector", async () => {
  await using api = await startApi();
  await api.ok("POST", "/api/v1/namespaces", { metadata: { name: "other" } });
  await using watch = await api.watch(`${CONFIG_MAPS}?watch=1&fieldSelector=metadata.name%3Db`);
  await api.configMap("a");
  await api.ok("POST", "/api/v1/namespaces/other/configmaps", { metadata: { name: "b" } });
  await api.configMap("b");
  const { object } = await watch.next();
  assert.deepEqual([object.metadata.name, object.metadata.namespace], ["b", "default"]);
});

Deno.test("watch tells in the stream that its revision is too old, and ends", async () => {
  await using api = await startApi();
  const { metadata } = await api.configMap("a");
  await api.configMap("b");
  api.server.compact();
  await using watch = await api.watch(
    `${CONFIG_MAPS}?watch=1&resourceVersion=${metadata.resourceVersion}`,
  );
  const { type, object } = await watch.next();
  assert.deepEqual([type, object.code, object.reason], ["ERROR", 410, "Expired"]);
  assert.equal(
    object.message,
    `too old resource version: ${metadata.resourceVersion} (${api.server.revision})`,
  );
  assert.equal(await watch.next(), undefined);
  assert.equal(api.server.watchCount, 0);
});

Deno.test("watch goes back only as far as the history reaches", async () => {
  await using api = await startApi({ historyLimit: 2 });
  const { metadata } = await api.configMap("a");
  for (let i = 0; i < 10; i++) {
    await api.ok("PATCH", `${CONFIG_MAPS}/a`, { data: { i: String(i) } });
  }
  await using watch = await api.watch(
    `${CONFIG_MAPS}?watch=1&resourceVersion=${metadata.resourceVersion}`,
  );
  assert.equal((await watch.next()).object.reason, "Expired");
});

Deno.test("watch from a revision to come sends nothing before it", async () => {
  await using api = await startApi();
  await using watch = await api.watch(
    `${CONFIG_MAPS}?watch=1&resourceVersion=${api.server.revision + 1}`,
  );
  await api.configMap("a");
  await api.configMap("b");
  assert.deepEqual(await watch.names(1), ["ADDED b"]);
});

Deno.test("watch with sendInitialEvents marks the end of what there was with a bookmark", async () => {
  await using api = await startApi();
  await api.configMap("a");
  const options =
    "watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true";
  await using watch = await api.watch(`${CONFIG_MAPS}?${options}`);
  assert.deepEqual(await watch.names(1), ["ADDED a"]);
  assert.deepEqual(await watch.next(), {
    type: "BOOKMARK",
    object: {
      kind: "ConfigMap",
      apiVersion: "v1",
      metadata: {
        resourceVersion: String(api.server.revision),
        annotations: { "k8s.io/initial-events-end": "true" },
      },
    },
  });
});

Deno.test("watch sends a bookmark every minute and one before its end, with the revision of the whole store", async () => {
  await using api = await startApi();
  await using watch = await api.watch(
    `${CONFIG_MAPS}?watch=1&allowWatchBookmarks=true&timeoutSeconds=100`,
  );
  await api.ok("POST", "/api/v1/namespaces", { metadata: { name: "other" } });
  await api.clock.advance(59_999);
  await api.configMap("a");
  assert.deepEqual(await watch.names(1), ["ADDED a"]);
  await api.clock.advance(1);
  const revision = String(api.server.revision);
  assert.deepEqual(await watch.names(1), [`BOOKMARK ${revision}`]);
  await api.clock.advance(38_000);
  assert.deepEqual(await watch.names(1), [`BOOKMARK ${revision}`]);
  await api.clock.advance(2000);
  assert.equal(await watch.next(), undefined);
});

Deno.test("watch that wants no bookmarks gets none, and lasts half an hour to an hour if it does not say how long", async () => {
  await using api = await startApi();
  await using watch = await api.watch(`${CONFIG_MAPS}?watch=1`);
  await api.clock.advance(30 * 60_000 - 1);
  assert.equal(api.server.watchCount, 1);
  await api.clock.advance(1);
  assert.equal(await watch.next(), undefined);
  assert.equal(api.server.watchCount, 0);
});

Deno.test("watch of a client that goes away is forgotten, with its timer", async () => {
  await using api = await startApi();
  {
    await using _watch = await api.watch(`${CONFIG_MAPS}?watch=1`);
    assert.equal(api.server.watchCount, 1);
  }
  await eventually(() => api.server.watchCount === 0, { what: "the watch to be forgotten" });
  assert.equal(api.clock.sleeping, 0);
});

Deno.test("watch as Tables has the heads of the columns in its first event alone", async () => {
  await using api = await startApi();
  await api.configMap("a", {}, { x: "1" });
  await using watch = await api.watch(`${CONFIG_MAPS}?watch=1`, {
    accept: "application/json;as=Table;v=v1;g=meta.k8s.io,application/json",
  });
  await api.configMap("b");
  const first = await watch.next();
  const second = await watch.next();
  assert.deepEqual(first.object.columnDefinitions.map(({ name }: { name: string }) => name), [
    "Name",
    "Data",
    "Age",
  ]);
  assert.deepEqual(first.object.rows[0].cells, ["a", 1, "0s"]);
  assert.equal(second.object.columnDefinitions, null);
  assert.equal(second.object.rows[0].object.kind, "PartialObjectMetadata");
  assert.equal(second.object.metadata.resourceVersion, String(api.server.revision));
});

for (
  const [query, status, message] of [
    [
      "resourceVersion=abc",
      500,
      'resourceVersion: Invalid value: "abc": strconv.ParseUint: parsing "abc": invalid syntax',
    ],
    [
      "sendInitialEvents=true",
      422,
      'ListOptions.meta.k8s.io "" is invalid: resourceVersionMatch: Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan',
    ],
    [
      "fieldSelector=x%3Dy",
      400,
      '"x" is not a known field selector: only "metadata.name", "metadata.namespace"',
    ],
  ] as const
) {
  Deno.test(`watch refuses '${query}' with ${status}`, async () => {
    await using api = await startApi();
    const reply = await api.get(`${CONFIG_MAPS}?watch=1&${query}`);
    assert.deepEqual([reply.status, reply.body.message], [status, message]);
  });
}
