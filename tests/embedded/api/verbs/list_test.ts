import assert from "node:assert/strict";

import { CONFIG_MAPS, startApi, type TestApi } from "../_client.ts";

function names(body: { items: { metadata: { name: string } }[] }): string[] {
  return body.items.map(({ metadata }) => metadata.name);
}

async function withMaps(api: TestApi, ...all: string[]): Promise<void> {
  for (const name of all) await api.configMap(name);
}

Deno.test("list returns the objects of a namespace, or of all, sorted, with the revision of the list", async () => {
  await using api = await startApi();
  await api.ok("POST", "/api/v1/namespaces", { metadata: { name: "other" } });
  await api.ok("POST", "/api/v1/namespaces/other/configmaps", { metadata: { name: "x" } });
  await withMaps(api, "b", "a");

  const one = await api.ok("GET", CONFIG_MAPS);
  assert.deepEqual(names(one), ["a", "b"]);
  assert.equal(one.kind, "ConfigMapList");
  assert.equal(one.metadata.resourceVersion, String(api.server.revision));
  assert.deepEqual(names(await api.ok("GET", "/api/v1/configmaps")), ["a", "b", "x"]);
  assert.deepEqual(names(await api.ok("GET", "/api/v1/namespaces/nowhere/configmaps")), []);
});

Deno.test("list serves pages that all show the revision of the first, whatever happens in between", async () => {
  await using api = await startApi();
  await withMaps(api, "a", "b", "c", "d");

  const first = await api.ok("GET", `${CONFIG_MAPS}?limit=2`);
  assert.deepEqual(names(first), ["a", "b"]);
  assert.equal(first.metadata.remainingItemCount, 2);
  await api.ok("DELETE", `${CONFIG_MAPS}/c`);
  await withMaps(api, "bb", "e");
  const second = await api.ok("GET", `${CONFIG_MAPS}?limit=2&continue=${first.metadata.continue}`);
  assert.deepEqual(names(second), ["c", "d"]);
  assert.equal(second.metadata.continue, undefined);
  assert.equal(second.metadata.resourceVersion, first.metadata.resourceVersion);
});

Deno.test("list refuses a token whose revision is gone with 410, and a new token with which an inconsistent list goes on", async () => {
  await using api = await startApi();
  await withMaps(api, "a", "b", "c");
  const first = await api.ok("GET", `${CONFIG_MAPS}?limit=1`);
  await withMaps(api, "ab");
  api.server.compact();

  const gone = await api.get(`${CONFIG_MAPS}?limit=1&continue=${first.metadata.continue}`);
  assert.equal(gone.status, 410);
  assert.equal(gone.body.reason, "Expired");
  assert.match(
    gone.body.message,
    /^The provided continue parameter is too old to display a consistent list result\./,
  );
  const next = await api.ok(
    "GET",
    `${CONFIG_MAPS}?limit=2&continue=${gone.body.metadata.continue}`,
  );
  assert.deepEqual(names(next), ["ab", "b"]);
  assert.equal(next.metadata.resourceVersion, String(api.server.revision));
});

Deno.test("list takes no resourceVersion together with a token", async () => {
  await using api = await startApi();
  await withMaps(api, "a", "b");
  const { metadata } = await api.ok("GET", `${CONFIG_MAPS}?limit=1`);
  const { status, body } = await api.get(
    `${CONFIG_MAPS}?continue=${metadata.continue}&resourceVersion=5`,
  );
  assert.deepEqual([status, body.message], [
    400,
    "specifying resource version is not allowed when using continue",
  ]);
});

Deno.test("list shows the past with resourceVersionMatch=Exact, and 410 when that is forgotten", async () => {
  await using api = await startApi();
  const { metadata } = await api.configMap("a");
  await withMaps(api, "b");
  const exact =
    `${CONFIG_MAPS}?resourceVersionMatch=Exact&resourceVersion=${metadata.resourceVersion}`;

  assert.deepEqual(names(await api.ok("GET", exact)), ["a"]);
  api.server.compact();
  const { status, body } = await api.get(exact);
  assert.deepEqual([status, body.message], [
    410,
    "The resourceVersion for the provided list is too old.",
  ]);
});

Deno.test("list with a limit and a revision but no match means that revision exactly; with revision 0 it knows no limit", async () => {
  await using api = await startApi();
  const { metadata } = await api.configMap("a");
  await withMaps(api, "b");
  assert.deepEqual(
    names(
      await api.ok("GET", `${CONFIG_MAPS}?limit=5&resourceVersion=${metadata.resourceVersion}`),
    ),
    ["a"],
  );
  assert.deepEqual(names(await api.ok("GET", `${CONFIG_MAPS}?limit=1&resourceVersion=0`)), [
    "a",
    "b",
  ]);
});

Deno.test("list does not tell how many remain when a selector hides some", async () => {
  await using api = await startApi();
  for (const name of ["a", "b", "c"]) await api.configMap(name, { labels: { app: "x" } });
  const { metadata, items } = await api.ok("GET", `${CONFIG_MAPS}?limit=1&labelSelector=app`);
  assert.equal(items.length, 1);
  assert.ok(metadata.continue);
  assert.equal(metadata.remainingItemCount, undefined);
});

const FORBIDDEN = 'ListOptions.meta.k8s.io "" is invalid: ';

// What a kube-apiserver 1.34 answered.
for (
  const [query, status, message] of [
    [
      "sendInitialEvents=true",
      422,
      `${FORBIDDEN}sendInitialEvents: Forbidden: sendInitialEvents is forbidden for list`,
    ],
    [
      "resourceVersionMatch=Exact",
      422,
      `${FORBIDDEN}resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided`,
    ],
    [
      "resourceVersionMatch=Exact&resourceVersion=0",
      422,
      `${FORBIDDEN}resourceVersionMatch: Forbidden: resourceVersionMatch "exact" is forbidden for resourceVersion "0"`,
    ],
    [
      "resourceVersionMatch=X&resourceVersion=1",
      422,
      `${FORBIDDEN}resourceVersionMatch: Unsupported value: "X": supported values: "Exact", "NotOlderThan", ""`,
    ],
    [
      "resourceVersion=abc",
      400,
      'invalid resource version: resourceVersion: Invalid value: "abc": strconv.ParseUint: parsing "abc": invalid syntax',
    ],
    ["limit=abc", 400, 'strconv.ParseInt: parsing "abc": invalid syntax'],
    [
      "continue=abc",
      400,
      "invalid continue token: continue key is not valid: invalid character 'i' looking for beginning of value",
    ],
  ] as const
) {
  Deno.test(`list refuses '${query}' with ${status}`, async () => {
    await using api = await startApi();
    const reply = await api.get(`${CONFIG_MAPS}?${query}`);
    assert.deepEqual([reply.status, reply.body.message], [status, message]);
  });
}

Deno.test("get and list refuse a revision that there has not been yet with 504", async () => {
  await using api = await startApi();
  await api.configMap("a");
  for (const path of [CONFIG_MAPS, `${CONFIG_MAPS}/a`]) {
    const { status, body, headers } = await api.get(`${path}?resourceVersion=999999`);
    assert.equal(status, 504);
    assert.equal(
      body.message,
      `Timeout: Too large resource version: 999999, current: ${api.server.revision}`,
    );
    assert.equal(body.details.causes[0].reason, "ResourceVersionTooLarge");
    assert.equal(headers.get("retry-after"), "1");
  }
});
