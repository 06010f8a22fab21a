import assert from "node:assert/strict";

import { ApiServer, ListenError } from "../../../lib/embedded/api/mod.ts";
import { KUBERNETES_VERSION } from "../../../lib/embedded/schema/mod.ts";
import { eventually } from "../../support/eventually.ts";
import { CONFIG_MAPS, startApi } from "./_client.ts";

const TOKENS = new Map([["secret", "admin"]]);

Deno.test("ApiServer.start() says which address is taken", async () => {
  await using api = await startApi();
  const port = Number(new URL(api.server.url).port);
  const second = new ApiServer({ tokens: TOKENS, port });
  await assert.rejects(() => second.start(), (error: Error) => {
    assert.ok(error instanceof ListenError);
    assert.match(
      error.message,
      new RegExp(`^Cannot listen on '127.0.0.1:${port}': Address already in use`),
    );
    assert.ok(error.cause);
    return true;
  });
});

Deno.test("ApiServer.start() says which address this machine does not have", async () => {
  const server = new ApiServer({ tokens: TOKENS, hostname: "192.0.2.1" });
  await assert.rejects(() => server.start(), {
    name: "ListenError",
    message: /^Cannot listen on '192\.0\.2\.1:0': /,
  });
});

Deno.test("ApiServer.url refuses to name what does not listen", () => {
  assert.throws(() => new ApiServer({ tokens: TOKENS }).url, TypeError);
});

Deno.test("ApiServer has the namespaces of every cluster from its first moment", async () => {
  await using api = await startApi();
  const { items } = await api.ok("GET", "/api/v1/namespaces");
  assert.deepEqual(
    items.map((item: { metadata: { name: string } }) => item.metadata.name),
    ["default", "kube-node-lease", "kube-public", "kube-system"],
  );
});

Deno.test("ApiServer says that it has the version of its built-in kinds", async () => {
  await using api = await startApi();
  const { major, minor, gitVersion } = await api.ok("GET", "/version");
  assert.equal(gitVersion, `v${KUBERNETES_VERSION}`);
  assert.ok(KUBERNETES_VERSION.startsWith(`${major}.${minor}.`));
  const { info } = await api.ok("GET", "/openapi/v2");
  assert.equal(info.version, gitVersion);
});

Deno.test("ApiServer.close() ends all watches, answers what waits with 503, and can be called twice", async () => {
  await using api = await startApi();
  api.server.hook(({ path }) => path === "/version", {
    kind: "hold",
    until: new Promise(() => {}),
  });
  await using watch = await api.watch(`${CONFIG_MAPS}?watch=1`);
  const held = api.get("/version");
  await eventually(() => api.server.requests.some(({ path }) => path === "/version"), {
    what: "the request to arrive",
  });
  await api.server.close();
  assert.equal(await watch.next(), undefined);
  assert.equal((await held).status, 503);
  assert.equal(api.server.watchCount, 0);
  await api.server.close();
});

Deno.test("ApiServer opens everything to a token, in a header or in the path, and only what is public to others", async () => {
  await using api = await startApi();
  const status = async (path: string, headers: HeadersInit = {}): Promise<number> => {
    const response = await fetch(api.server.url + path, { headers });
    await response.body?.cancel();
    return response.status;
  };
  assert.equal(await status("/api/v1/namespaces"), 403);
  for (const path of ["/healthz", "/readyz", "/livez", "/version"]) {
    assert.equal(await status(path), 200);
  }
  assert.equal(await status("/api"), 403);
  assert.equal(await status("/version", { authorization: "Bearer wrong" }), 401);
  assert.equal(await status("/api", { authorization: "Basic c2VjcmV0" }), 401);
  assert.equal(await status("/api", { authorization: "Bearer secret" }), 200);

  const response = await fetch(`${api.server.urlWithToken("secret")}/api/v1/namespaces?limit=1`);
  assert.equal((await response.json()).items.length, 1);
  assert.equal(await status("/token/wrong/api"), 401);
  // The record does not give the token away.
  assert.ok(api.server.requests.every(({ path, query }) => !`${path}${query}`.includes("secret")));
});

Deno.test("ApiServer.requests records who asked for what, and how it was answered", async () => {
  await using api = await startApi();
  api.server.clearRequests();
  await api.configMap("a");
  await api.patch(`${CONFIG_MAPS}/a?dryRun=All`, { data: {} });
  await api.get("/apis/apps/v1/namespaces/default/statefulsets/x/status");
  await api.get("/version");

  const [create, patch, get, version] = api.server.requests;
  assert.deepEqual(create, {
    id: create?.id,
    time: api.clock.now(),
    user: "admin",
    userAgent: "test",
    method: "POST",
    path: CONFIG_MAPS,
    query: "",
    contentType: "application/json",
    verb: "create",
    group: "",
    version: "v1",
    resource: "configmaps",
    subresource: "",
    namespace: "default",
    name: "",
    write: true,
    code: 201,
  });
  assert.deepEqual([patch?.verb, patch?.name, patch?.write, patch?.contentType], [
    "patch",
    "a",
    false,
    "application/merge-patch+json",
  ]);
  assert.deepEqual([get?.group, get?.resource, get?.subresource, get?.code], [
    "apps",
    "statefulsets",
    "status",
    404,
  ]);
  assert.deepEqual([version?.verb, version?.resource, version?.code], ["get", "", 200]);
});

Deno.test("ApiServer.requests holds a bounded number of requests", async () => {
  await using api = await startApi({ recordLimit: 3 });
  for (let i = 0; i < 20; i++) await api.get("/version");
  const ids = api.server.requests.map(({ id }) => id);
  assert.ok(ids.length >= 3 && ids.length <= 6, `${ids.length}`);
  assert.equal(ids.at(-1), 20);
});

Deno.test("ApiServer.hook() answers, fails and delays chosen requests, as often as it is told to", async () => {
  await using api = await startApi();
  const isVersion = ({ path }: { path: string }): boolean => path === "/version";

  {
    using hook = api.server.hook(isVersion, {
      kind: "answer",
      code: 299,
      body: { a: 1 },
      headers: { "x-test": "y" },
    });
    const reply = await api.get("/version");
    assert.deepEqual([reply.status, reply.body, reply.headers.get("x-test")], [299, { a: 1 }, "y"]);
    assert.equal(hook.taken, 1);
  }
  assert.equal((await api.get("/version")).status, 200);

  api.server.hook(isVersion, {
    kind: "fail",
    code: 429,
    reason: "TooManyRequests",
    message: "slow down",
    retryAfterSeconds: 7,
  }, { times: 1 });
  const refused = await api.get("/version");
  assert.deepEqual([refused.status, refused.body.reason, refused.body.message], [
    429,
    "TooManyRequests",
    "slow down",
  ]);
  assert.equal(refused.headers.get("retry-after"), "7");
  assert.equal((await api.get("/version")).status, 200);

  api.server.hook(isVersion, { kind: "delay", ms: 5000 }, { times: 1 });
  const delayed = api.get("/version");
  await eventually(() => api.clock.sleeping > 0, { what: "the request to be delayed" });
  await api.clock.advance(5000);
  assert.equal((await delayed).status, 200);

  const gate = Promise.withResolvers<void>();
  api.server.hook(isVersion, { kind: "hold", until: gate.promise }, { times: 1 });
  const held = api.get("/version");
  gate.resolve();
  assert.equal((await held).status, 200);
});

Deno.test("ApiServer.hook() cuts a request before it is carried out, or its answer after", async () => {
  await using api = await startApi();
  const isCreate = ({ verb }: { verb: string }): boolean => verb === "create";

  api.server.hook(isCreate, { kind: "cut" }, { times: 1 });
  await assert.rejects(() => api.configMap("a"), TypeError);
  assert.equal((await api.get(`${CONFIG_MAPS}/a`)).status, 404);
  assert.equal(api.server.requests.find(isCreate)?.code, 0);

  api.server.hook(isCreate, { kind: "cutAnswer" }, { times: 1 });
  await assert.rejects(() => api.configMap("a"), TypeError);
  assert.equal((await api.get(`${CONFIG_MAPS}/a`)).status, 200);
});

Deno.test("ApiServer.hook() cuts a watch after so many events, and cutWatches() at any time", async () => {
  await using api = await startApi();
  api.server.hook(({ verb }) => verb === "watch", { kind: "cutWatch", afterEvents: 1 }, {
    times: 1,
  });
  {
    await using watch = await api.watch(`${CONFIG_MAPS}?watch=1`);
    await api.configMap("a");
    await assert.rejects(async () => {
      while (await watch.next());
    }, TypeError);
  }
  {
    await using watch = await api.watch(`${CONFIG_MAPS}?watch=1`);
    assert.deepEqual(await watch.names(1), ["ADDED a"]);
    assert.equal(api.server.cutWatches(({ resource }) => resource === "pods"), 0);
    assert.equal(api.server.cutWatches(), 1);
    await assert.rejects(() => watch.next(), TypeError);
  }
  assert.equal(api.server.watchCount, 0);
});

Deno.test("ApiServer indents JSON for people who ask by hand", async () => {
  await using api = await startApi();
  assert.match((await api.get("/version", { "user-agent": "curl/8" })).text, /^\{\n {2}"major"/);
  assert.match((await api.get("/version?pretty=true")).text, /^\{\n/);
  assert.doesNotMatch(
    (await api.get("/version?pretty=false", { "user-agent": "curl/8" })).text,
    /^\{\n/,
  );
});

Deno.test("ApiServer refuses what it does not serve as the real server does", async () => {
  await using api = await startApi();
  const reply = async (method: string, path: string, headers = {}): Promise<unknown[]> => {
    const { status, body, text } = await api.send(method, path, undefined, headers);
    return [status, body?.message ?? text];
  };
  const nothing = [404, "404 page not found\n"];
  const unknown = [404, "the server could not find the requested resource"];
  const notAllowed = [405, "the server does not allow this method on the requested resource"];
  assert.deepEqual(await reply("GET", "/nothing"), nothing);
  assert.deepEqual(await reply("GET", "/apis/nothing.example"), nothing);
  assert.deepEqual(await reply("GET", "/apis/apps/v9"), unknown);
  assert.deepEqual(await reply("GET", "/healthz/nothing"), nothing);
  assert.deepEqual(await reply("GET", "/api/v1/foos"), unknown);
  assert.deepEqual(await reply("GET", "/api/v1/configmaps/a"), unknown);
  assert.deepEqual(await reply("GET", "/api/v1/namespaces/default/pods/a/foo"), unknown);
  assert.deepEqual(await reply("POST", "/api/v1/configmaps"), notAllowed);
  assert.deepEqual(await reply("DELETE", "/api/v1/namespaces"), notAllowed);
  assert.equal((await reply("HEAD", CONFIG_MAPS))[0], 405);
  assert.deepEqual(await reply("PUT", CONFIG_MAPS), notAllowed);
  assert.deepEqual(await reply("POST", `${CONFIG_MAPS}/a`), notAllowed);
  assert.deepEqual(await reply("POST", "/api/v1/namespaces/default/pods/a/log"), notAllowed);
  assert.equal((await reply("GET", CONFIG_MAPS, { accept: "text/csv" }))[0], 406);
});

Deno.test("ApiServer.start() after close() listens at the same address, with everything still there", async () => {
  await using api = await startApi();
  const { url } = api.server;
  const { metadata } = await api.configMap("a");
  await using watch = await api.watch(`${CONFIG_MAPS}?watch=1`);
  await api.server.close();
  await api.server.start();
  assert.equal(api.server.url, url);
  assert.equal((await api.get(`${CONFIG_MAPS}/a`)).body.metadata.uid, metadata.uid);
  assert.deepEqual(await watch.names(2), ["ADDED a", "end"]);
});

Deno.test("ApiServer takes a token in the path with anything in it, and refuses a path that cannot be read", async () => {
  await using api = await startApi({ tokens: new Map([["a/b%", "admin"]]) });
  const response = await fetch(`${api.server.urlWithToken("a/b%")}/version`);
  assert.equal(response.status, 200);
  await response.body?.cancel();
  const broken = await fetch(`${api.server.url}/token/%E0%A4%A/version`);
  assert.equal(broken.status, 401);
  await broken.body?.cancel();
});

Deno.test("ApiServer.requests does not count questions as writes", async () => {
  await using api = await startApi();
  await api.post("/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", {
    spec: { resourceAttributes: { verb: "get", resource: "pods" } },
  });
  assert.equal(api.server.requests.at(-1)?.write, false);
});
