import assert from "node:assert/strict";

import { NOW, startApi, type TestApi } from "./_client.ts";

const DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
const FOOS = "/apis/ex.io/v1/namespaces/default/foos";
const ANYTHING = {
  openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
};

function definition(
  versions: readonly unknown[] = [{ name: "v1", served: true, storage: true, schema: ANYTHING }],
): unknown {
  return {
    metadata: { name: "foos.ex.io" },
    spec: { group: "ex.io", scope: "Namespaced", names: { kind: "Foo", plural: "foos" }, versions },
  };
}

function foo(name: string, metadata = {}, version = "v1"): unknown {
  return { apiVersion: `ex.io/${version}`, kind: "Foo", metadata: { name, ...metadata } };
}

async function conditions(api: TestApi): Promise<unknown> {
  const { status } = await api.ok("GET", `${DEFINITIONS}/foos.ex.io`);
  return status.conditions.map((
    { type, status, lastTransitionTime }: Record<string, string>,
  ) => [type, status, lastTransitionTime]);
}

Deno.test("a CRD is established, and its objects can be created, as soon as its creation is answered", async () => {
  await using api = await startApi();
  assert.equal((await api.get(FOOS)).text, "404 page not found\n");
  await api.ok("POST", DEFINITIONS, definition());
  assert.deepEqual(await conditions(api), [["NamesAccepted", "True", NOW], [
    "Established",
    "True",
    NOW,
  ]]);
  assert.equal((await api.post(FOOS, foo("a"))).status, 201);
  assert.equal((await api.ok("GET", "/apis/ex.io")).preferredVersion.groupVersion, "ex.io/v1");
});

Deno.test("a CRD that is deleted takes its objects and its paths with it, and ends the watches", async () => {
  await using api = await startApi();
  await api.ok("POST", DEFINITIONS, definition());
  await api.ok("POST", FOOS, foo("a"));
  await using watch = await api.watch(`${FOOS}?watch=1`);
  await using crds = await api.watch(`${DEFINITIONS}?watch=1`);

  const deleted = await api.ok("DELETE", `${DEFINITIONS}/foos.ex.io`);
  assert.deepEqual(deleted.metadata.finalizers, ["customresourcecleanup.apiextensions.k8s.io"]);
  assert.deepEqual(await watch.names(3), ["ADDED a", "DELETED a", "end"]);
  assert.deepEqual(await crds.names(3), [
    "ADDED foos.ex.io",
    "MODIFIED foos.ex.io",
    "DELETED foos.ex.io",
  ]);
  assert.equal((await api.get(FOOS)).status, 404);
  assert.equal((await api.get("/apis/ex.io")).status, 404);

  await api.ok("POST", DEFINITIONS, definition());
  assert.deepEqual((await api.ok("GET", FOOS)).items, []);
});

Deno.test("a CRD that is deleted waits for an object with a finalizer", async () => {
  await using api = await startApi();
  await api.ok("POST", DEFINITIONS, definition());
  await api.ok("POST", FOOS, foo("a", { finalizers: ["x/y"] }));
  await api.ok("POST", FOOS, foo("b"));
  await api.ok("DELETE", `${DEFINITIONS}/foos.ex.io`);

  assert.deepEqual((await conditions(api) as string[][]).at(-1)?.slice(0, 2), [
    "Terminating",
    "True",
  ]);
  const { items } = await api.ok("GET", FOOS);
  assert.deepEqual(
    items.map((
      { metadata }: { metadata: { name: string; deletionTimestamp: string } },
    ) => [metadata.name, metadata.deletionTimestamp]),
    [["a", NOW]],
  );
  await api.ok("PATCH", `${FOOS}/a`, { metadata: { finalizers: null } });
  assert.equal((await api.get(`${DEFINITIONS}/foos.ex.io`)).status, 404);
});

Deno.test("a CRD serves its objects in every version, whichever they were written in", async () => {
  await using api = await startApi();
  const versions = [
    { name: "v1beta1", served: true, storage: false, schema: ANYTHING },
    { name: "v1", served: true, storage: true, schema: ANYTHING },
    { name: "v1alpha1", served: false, storage: false, schema: ANYTHING },
  ];
  await api.ok("POST", DEFINITIONS, definition(versions));
  const beta = "/apis/ex.io/v1beta1/namespaces/default/foos";
  await using watch = await api.watch(`${beta}?watch=1`);
  await api.ok("POST", FOOS, foo("a"));
  await api.ok("POST", beta, foo("b", {}, "v1beta1"));

  const versionsOf = async (path: string): Promise<string[]> =>
    (await api.ok("GET", path)).items.map(({ apiVersion }: { apiVersion: string }) => apiVersion);
  assert.deepEqual(await versionsOf(FOOS), ["ex.io/v1", "ex.io/v1"]);
  assert.deepEqual(await versionsOf(beta), ["ex.io/v1beta1", "ex.io/v1beta1"]);
  assert.equal((await watch.next()).object.apiVersion, "ex.io/v1beta1");
  assert.equal((await api.get("/apis/ex.io/v1alpha1/foos")).status, 404);
  assert.deepEqual(
    (await api.ok("GET", "/apis/ex.io")).versions.map(({ version }: { version: string }) =>
      version
    ),
    ["v1", "v1beta1"],
  );
  assert.equal(
    (await api.post(FOOS, foo("c", {}, "v1beta1"))).body.message,
    "the API version in the data (ex.io/v1beta1) does not match the expected API version (ex.io/v1)",
  );
});

Deno.test("a CRD that is changed is served as it is then, and its watches are to be opened again", async () => {
  await using api = await startApi();
  const crd = await api.ok("POST", DEFINITIONS, definition());
  await using watch = await api.watch(`${FOOS}?watch=1`);
  const [version] = crd.spec.versions;
  await api.ok("PATCH", `${DEFINITIONS}/foos.ex.io`, {
    spec: {
      versions: [{
        ...version,
        additionalPrinterColumns: [{ name: "X", type: "string", jsonPath: ".x" }],
      }],
    },
  });
  assert.equal(await watch.next(), undefined);
  const { body } = await api.get(FOOS, { accept: "application/json;as=Table;v=v1;g=meta.k8s.io" });
  assert.deepEqual(body.columnDefinitions.map(({ name }: { name: string }) => name), ["Name", "X"]);
});

Deno.test("a CRD without a status subresource has its status written with the rest", async () => {
  await using api = await startApi();
  await api.ok("POST", DEFINITIONS, definition());
  const created = await api.ok("POST", FOOS, { ...Object(foo("a")), status: { x: 1 } });
  assert.deepEqual(created.status, { x: 1 });
  assert.equal((await api.get(`${FOOS}/a/scale`)).text, "404 page not found\n");
});

Deno.test("a CRD offers the fields it names for selectors", async () => {
  await using api = await startApi();
  const schema = {
    openAPIV3Schema: {
      type: "object",
      properties: { spec: { type: "object", properties: { color: { type: "string" } } } },
    },
  };
  await api.ok(
    "POST",
    DEFINITIONS,
    definition([{
      name: "v1",
      served: true,
      storage: true,
      schema,
      selectableFields: [{ jsonPath: ".spec.color" }],
    }]),
  );
  await api.ok("POST", FOOS, { ...Object(foo("a")), spec: { color: "red" } });
  await api.ok("POST", FOOS, { ...Object(foo("b")), spec: { color: "blue" } });
  const { items } = await api.ok("GET", `${FOOS}?fieldSelector=spec.color%3Dblue`);
  assert.deepEqual(items.map(({ metadata }: { metadata: { name: string } }) => metadata.name), [
    "b",
  ]);
});
